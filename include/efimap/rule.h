/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the rule catalogue
 *
 * A rule is identified by its name, such as "virt-overlap". The name never changes and is never
 * reused for another rule. The number and the order of the rules are not part of the ABI.
 */
#ifndef EFIMAP_RULE_H
#define EFIMAP_RULE_H

#include <stddef.h>

#include <efimap/api.h>

EFIMAP_API_BEGIN

/**
 * enum efimap_severity - severity of a finding
 * @EFIMAP_NOTE:    the finding affects nothing, or something explains it
 * @EFIMAP_WARNING: the finding may affect the next kernel, or prevents loading it
 * @EFIMAP_ERROR:   the finding will affect the next kernel
 */
enum efimap_severity {
	EFIMAP_NOTE,
	EFIMAP_WARNING,
	EFIMAP_ERROR,
};

/** efimap_severity_name() - return "note", "warning" or "error" */
const char *efimap_severity_name(enum efimap_severity severity);

/**
 * efimap_rule_at() - return the name of one of the rules
 * @index: position of the rule, counted from 0
 *
 * Return: the name, or NULL if @index is beyond the last rule.
 */
const char *efimap_rule_at(size_t index);

/**
 * efimap_rule_text() - return a text of the catalogue about a rule
 * @rule: name of the rule
 * @key:  "severity" for the usual severity; "consequence" for the usual consequence; "command"
 *        for the command that applies the rule; "tests" for what it tests; "why" for why that
 *        matters; "breaks" for what breaks in the next kernel; "exceptions" for cases that are
 *        not reported on purpose; "fix" for what to do; "source" for the section of UEFI, or
 *        the file and symbol of the kernel; "experiment" for what a real second kernel did
 *
 * Return: the text in English without markup, or NULL if the rule or the key is unknown.
 */
const char *efimap_rule_text(const char *rule, const char *key);

EFIMAP_API_END

#endif
