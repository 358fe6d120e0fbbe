/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the rule catalogue
 *
 * tools/rules.py generates the catalogue, enum rule_id and the sentences of findings from
 * the .rules files in src/rules. The C files in src/rules contain the predicates.
 */
#ifndef RULES_RULE_CATALOGUE_H
#define RULES_RULE_CATALOGUE_H

#include "capture/capture.h"
#include "rules/rule_ids.h"

/**
 * enum severity - severity of a finding, in ascending order, which follows from its outcome
 * @EFIMAP_NOTE:    the finding has no outcome for the next kernel, or an unknown outcome
 * @EFIMAP_WARNING: the outcome is "entry-dropped" or "memory-at-risk"
 * @EFIMAP_ERROR:   the outcome is "runtime-services-fail" or worse
 */
enum severity {
	EFIMAP_NOTE,
	EFIMAP_WARNING,
	EFIMAP_ERROR,
};

/** severity_name() - return "note", "warning" or "error" for an &enum severity */
const char *severity_name(unsigned int severity);

/**
 * enum outcome - the effect on the next kernel, from best to worst
 * @EFIMAP_OUTCOME_ENTRY_DROPPED:  the kernel treats an entry as a firmware bug and drops it
 * @EFIMAP_OUTCOME_MEMORY_AT_RISK: memory that the firmware or a kernel uses may be overwritten
 * @EFIMAP_OUTCOME_UNKNOWN:        data that affects the outcome was not read
 * @EFIMAP_OUTCOME_NO_RUNTIME:     the first firmware call faults, or runtime services are disabled
 * @EFIMAP_OUTCOME_NO_EFI:         the next kernel has no runtime map, and later kernels do not
 *                                 receive EFI data either
 * @EFIMAP_OUTCOME_CANNOT_LOAD:    kexec-tools or the running kernel refuses to load the next kernel
 *
 * An outcome is the outcome of a finding, or the result of a report (src/rules/outcome.h).
 */
enum outcome {
	EFIMAP_OUTCOME_NONE,
	EFIMAP_OUTCOME_ENTRY_DROPPED,
	EFIMAP_OUTCOME_MEMORY_AT_RISK,
	EFIMAP_OUTCOME_UNKNOWN,
	EFIMAP_OUTCOME_NO_RUNTIME,
	EFIMAP_OUTCOME_NO_EFI,
	EFIMAP_OUTCOME_CANNOT_LOAD,
	EFIMAP_OUTCOME_NO_BOOT,
};

#define EFIMAP_OUTCOME_COUNT (EFIMAP_OUTCOME_NO_BOOT + 1)
#define OUTCOME_BIT(outcome) (UINT32_C(1) << (outcome))

/** worst_outcome() - return the worst outcome in a set of OUTCOME_BIT(), or %EFIMAP_OUTCOME_NONE */
static inline enum outcome worst_outcome(uint32_t outcomes)
{
	return outcomes ? (enum outcome)(31 - __builtin_clz(outcomes)) : EFIMAP_OUTCOME_NONE;
}

/**
 * enum certainty - the certainty of a outcome
 * @EFIMAP_CERTAIN:   the cause was seen, and its effect was seen in a boot or follows from the
 *                    source of Linux
 * @EFIMAP_CHANCE:    the cause was seen, and boots with it went both ways
 * @EFIMAP_CONDITION: no file shows whether a fact holds, and without it, the kernel has this effect
 * @EFIMAP_UNKNOWN:   data was not read, or the effect of the cause was not tested; the outcome
 *                    is the worst possible one
 */
enum certainty {
	EFIMAP_CERTAIN,
	EFIMAP_CHANCE,
	EFIMAP_CONDITION,
	EFIMAP_UNKNOWN,
};

const char *certainty_name(unsigned int certainty);

/**
 * severity_of() - return the severity of a finding
 *
 * A finding with the outcome EFIMAP_OUTCOME_NO_RUNTIME or a worse one is an error. A finding
 * with EFIMAP_OUTCOME_ENTRY_DROPPED or EFIMAP_OUTCOME_MEMORY_AT_RISK is a warning. Other findings
 * are notes, and so are all conditions and unknown effects.
 */
enum severity severity_of(enum outcome outcome, enum certainty certainty);

/**
 * enum shown - where text output shows a finding that is a note
 * @EFIMAP_SHOWN_VERBOSE: in the list of findings, only with -v
 * @EFIMAP_SHOWN_ALWAYS:  in the list of findings
 * @EFIMAP_SHOWN_ANSWER:  below the answer, because the finding is about data that a kernel lost;
 *                        with -v, also in the list of findings
 */
enum shown {
	EFIMAP_SHOWN_VERBOSE,
	EFIMAP_SHOWN_ALWAYS,
	EFIMAP_SHOWN_ANSWER,
};

#define EFIMAP_NEEDS(source) (UINT32_C(1) << (source))
/** EFIMAP_NEEDS_VIRT - virtual addresses that were read, not predicted from a log */
#define EFIMAP_NEEDS_VIRT (UINT32_C(1) << 31)
/** EFIMAP_NEEDS_FILES - the files of the runtime map */
#define EFIMAP_NEEDS_FILES (UINT32_C(1) << 30)
/** EFIMAP_NEEDS_RESERVED_REGIONS - boot services entries in which Linux set EFI_MEMORY_RUNTIME */
#define EFIMAP_NEEDS_RESERVED_REGIONS (UINT32_C(1) << 29)
/** EFIMAP_NEEDS_IMAGE - an image of the next kernel, from --kernel or the capture */
#define EFIMAP_NEEDS_IMAGE (UINT32_C(1) << 28)
/** EFIMAP_NEEDS_SOURCES - the bits of &struct rule.needs that are sources */
#define EFIMAP_NEEDS_SOURCES (EFIMAP_NEEDS_IMAGE - 1)

/**
 * enum rule_text - the texts of a rule that "efimapctl explain" prints
 * @RULE_TESTS:       the condition that the rule reports, in one or two sentences
 * @RULE_EXCEPTIONS:  cases in which the rule intentionally reports nothing, or "none"
 * @RULE_ROWS:        rows of docs/fault-matrix.md on which the rule is based, separated by ", ";
 *                    "" if there are none (tests/lint/matrix.py: check_rule)
 * @RULE_EXPERIMENT:  the behaviour of a real second kernel when the rule matched, or ""
 */
enum rule_text {
	RULE_TESTS,
	RULE_BACKGROUND,
	RULE_BREAKS,
	RULE_EXCEPTIONS,
	RULE_FIX,
	RULE_SOURCE,
	RULE_ROWS,
	RULE_EXPERIMENT,
};

#define EFIMAP_RULE_NAME_MAX 32

/**
 * struct rule - one rule
 * @name:     the name for users, such as "virt-overlap", which never changes
 * @spares_runtime: firmware calls do not need the memory that this rule reports as at risk
 * @needs:    bits of the data without which the rule is not run (EFIMAP_NEEDS(), EFIMAP_NEEDS_*).
 *            The rules of "efimapctl compare" need the data in both captures.
 * @texts:    positions in rule_texts, indexed by enum rule_text
 *
 * The struct has no pointers, because each one would need a relocation at program start.
 */
struct rule {
	enum rule_id id;
	enum severity severity;
	enum outcome outcome;
	bool spares_runtime;
	uint32_t needs;
	char name[EFIMAP_RULE_NAME_MAX];
	uint8_t family;
	uint32_t texts[RULE_EXPERIMENT + 1];
};

extern const struct rule rule_table[EFIMAP_RULE_COUNT];
extern const char rule_texts[];

/**
 * struct rule_group - a family of rules, which are adjacent in the catalogue
 * @command: the command that runs the rules: "verify", "compare" or "received"
 */
struct rule_group {
	const char *name;
	const char *title;
	const char *command;
};

extern const struct rule_group rule_groups[];

/**
 * rule_explains() - return a text of the catalogue
 *
 * Each line is a paragraph, a list item that begins with "- " or "1. ", or a command that begins
 * with "$ ". The text does not end with a newline.
 */
static inline const char *rule_explains(const struct rule *rule, enum rule_text text)
{
	return rule_texts + rule->texts[text];
}

static inline const struct rule *rule_get(enum rule_id id)
{
	return &rule_table[id];
}

#define EFIMAP_MESSAGE_PREFIX_MAX 80

struct message_prefix {
	char words[EFIMAP_MESSAGE_PREFIX_MAX];
	enum rule_id rule;
};

/**
 * message_prefix - prefixes of the kernel messages that rules report
 *
 * The prefixes are sorted by bytes, and no prefix begins with another prefix.
 */
extern const struct message_prefix message_prefix[];
extern const size_t n_message_prefixes;

/**
 * find_message_rule() - return the rule that reports a message, or EFIMAP_RULE_COUNT
 * @text: @len bytes of a kernel message, without the prefix that dmesg prints
 */
enum rule_id find_message_rule(const char *text, size_t len);

/* Return the rule with a name, ignoring case, or NULL. */
const struct rule *rule_find(const char *name);
/**
 * rule_lacks() - name data that a rule needs and a map lacks
 *
 * Only EFIMAP_NEEDS_VIRT, EFIMAP_NEEDS_FILES and EFIMAP_NEEDS_RESERVED_REGIONS are checked, in this
 * order.
 *
 * Return: NULL, or a phrase such as "virtual addresses".
 */
const char *rule_lacks(const struct efimap *map, uint32_t needs);
const char *outcome_name(unsigned int outcome);

#endif
