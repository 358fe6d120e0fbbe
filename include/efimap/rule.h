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
 * @EFIMAP_NOTE:    the finding has no consequence for the next kernel
 * @EFIMAP_WARNING: the consequence is possible but not certain, or is "cannot-load"
 * @EFIMAP_ERROR:   the consequence is certain, and is not "cannot-load"
 */
enum efimap_severity {
	EFIMAP_NOTE,
	EFIMAP_WARNING,
	EFIMAP_ERROR,
};

/** efimap_severity_name() - return "note", "warning" or "error" */
const char *efimap_severity_name(enum efimap_severity severity);

/**
 * efimap_rule_at() - return the name of a rule by its position
 * @index: position of the rule, counted from 0
 *
 * Return: the name, or NULL if @index is beyond the last rule.
 */
const char *efimap_rule_at(size_t index);

/**
 * efimap_rule_text() - return a text of the catalogue about a rule
 * @rule: name of the rule
 * @key:  "severity" for the usual severity; "consequence" for the usual consequence; "command"
 *        for the command that applies the rule; "tests" for the condition that is tested; "why"
 *        for the reason why the condition matters; "breaks" for the effect on the next kernel;
 *        "exceptions" for cases that are deliberately not reported; "fix" for the remedy; "source"
 *        for the section of UEFI, or the file and symbol in Linux or kexec-tools; "experiment" for
 *        the behaviour of a real second kernel
 *
 * Return: the text in English without markup, or NULL if the rule or the key is unknown.
 */
const char *efimap_rule_text(const char *rule, const char *key);

EFIMAP_API_END

#endif
