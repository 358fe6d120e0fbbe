/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the catalogue of rules
 *
 * A rule is known by its name, "virt-overlap", which never changes and is never given to
 * another one. How many there are, and in which order, is no part of the interface.
 */
#ifndef EFIMAP_RULE_H
#define EFIMAP_RULE_H

#include <stddef.h>

#include <efimap/api.h>

EFIMAP_API_BEGIN

/**
 * enum efimap_severity - how bad it is
 * @EFIMAP_NOTE:    worth knowing, or explained by something
 * @EFIMAP_WARNING: the next kernel may lose something
 * @EFIMAP_ERROR:   it will
 */
enum efimap_severity {
	EFIMAP_NOTE,
	EFIMAP_WARNING,
	EFIMAP_ERROR,
};

/** efimap_severity_name() - "note", "warning", "error" */
const char *efimap_severity_name(enum efimap_severity severity);

/**
 * efimap_rule_at() - the rules, one after the other
 * @index: counted from 0
 *
 * Return: a name, or NULL after the last.
 */
const char *efimap_rule_at(size_t index);

/**
 * efimap_rule_text() - what the catalogue says of a rule
 * @rule: its name
 * @key:  "severity", usually; "consequence", likewise; "command", which tries it;
 *        "tests", what it speaks of; "why" that matters; "breaks", what does in the next
 *        kernel; "exceptions", when it is silent on purpose; "fix", what to do; "source",
 *        the section of UEFI, or the kernel's file and symbol; "experiment", what a real
 *        second kernel did
 *
 * Return: the text, in English and without markup. NULL for a rule or a key that there is
 * not.
 */
const char *efimap_rule_text(const char *rule, const char *key);

EFIMAP_API_END

#endif
