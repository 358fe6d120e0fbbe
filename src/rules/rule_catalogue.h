/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the rule catalogue
 *
 * Every rule as data: what it tests, what it needs, what breaks, what to do. It is made of
 * src/rules/, and so are enum efimap_rule_id, whose numbers no user ever sees, the man page's list
 * and the sentences of the findings. Predicates are in src/rules.
 */
#ifndef RULES_RULE_CATALOGUE_H
#define RULES_RULE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <efimap/rule.h>

#include "capture/capture.h"
#include "rules/rule_ids.h"

/**
 * enum efimap_outcome - what becomes of the next kernel, best first: as the consequence of a
 *                       finding, and as the worst of a report
 * @EFIMAP_OUTCOME_NOT_CONFIGURED: of the question about kdump alone: no memory is reserved
 * @EFIMAP_OUTCOME_ENTRY_DROPPED:  it removes the entry as a firmware bug
 * @EFIMAP_OUTCOME_MEMORY_AT_RISK: memory that firmware or kernel rely on is overwritten
 * @EFIMAP_OUTCOME_CANNOT_LOAD:    the running kernel refuses to load it
 * @EFIMAP_OUTCOME_UNKNOWN:        of no finding, but of a report: what would tell was not seen
 * @EFIMAP_OUTCOME_NO_RUNTIME:     "runtime-services-fail": the first call faults or
 *                                 runtime services are disabled
 * @EFIMAP_OUTCOME_NO_EFI:         "boots-without-efi": it has no runtime-map, and no kernel
 *                                 after it receives EFI
 */
enum efimap_outcome {
	EFIMAP_OUTCOME_NOT_CONFIGURED,
	EFIMAP_OUTCOME_NONE,
	EFIMAP_OUTCOME_ENTRY_DROPPED,
	EFIMAP_OUTCOME_MEMORY_AT_RISK,
	EFIMAP_OUTCOME_CANNOT_LOAD,
	EFIMAP_OUTCOME_UNKNOWN,
	EFIMAP_OUTCOME_NO_RUNTIME,
	EFIMAP_OUTCOME_NO_EFI,
	EFIMAP_OUTCOME_NO_BOOT,
};

/** EFIMAP_OUTCOME_COUNT - the number of outcomes */
#define EFIMAP_OUTCOME_COUNT (EFIMAP_OUTCOME_NO_BOOT + 1)

/**
 * enum efimap_certainty - how sure a consequence is
 * @EFIMAP_WILL: the map or the placement itself shows it
 * @EFIMAP_MAY:  something that decides it was not seen
 */
enum efimap_certainty {
	EFIMAP_WILL,
	EFIMAP_MAY,
};

const char *efimap_certainty_name(unsigned int certainty);

/**
 * efimap_severity_of() - return the severity of a finding
 *
 * A finding without a consequence is a note, one that will happen an error, and one that may
 * happen a warning. A kernel that the running kernel refuses to load is a warning.
 */
enum efimap_severity efimap_severity_of(enum efimap_outcome consequence,
					enum efimap_certainty certainty);

/** EFIMAP_NEEDS() - a source as a bit for &struct efimap_rule.needs */
#define EFIMAP_NEEDS(source) (UINT32_C(1) << (source))
/** EFIMAP_NEEDS_VIRT - virtual addresses that were read, not predicted from a log */
#define EFIMAP_NEEDS_VIRT (UINT32_C(1) << 31)
/** EFIMAP_NEEDS_FILES - the files of the runtime map, or their numbers in sysfs */
#define EFIMAP_NEEDS_FILES (UINT32_C(1) << 30)
/** EFIMAP_NEEDS_MARKS - the boot services entries that the kernel marked to reserve them */
#define EFIMAP_NEEDS_MARKS (UINT32_C(1) << 29)
/** EFIMAP_NEEDS_IMAGE - the image of the next kernel, from an option */
#define EFIMAP_NEEDS_IMAGE (UINT32_C(1) << 28)
/** EFIMAP_NEEDS_SEGMENTS - the segments that a loader placed, from an option */
#define EFIMAP_NEEDS_SEGMENTS (UINT32_C(1) << 27)
/** EFIMAP_NEEDS_OPTIONS - data that comes from options, never from a capture */
#define EFIMAP_NEEDS_OPTIONS (EFIMAP_NEEDS_IMAGE | EFIMAP_NEEDS_SEGMENTS)
/** EFIMAP_NEEDS_SOURCES - those bits of &struct efimap_rule.needs that are sources */
#define EFIMAP_NEEDS_SOURCES (EFIMAP_NEEDS_SEGMENTS - 1)

/**
 * enum rule_text - what "efimapctl explain" says of a rule
 * @RULE_TESTS:       what it speaks of, not what it wishes for: one or two sentences
 * @RULE_EXCEPTIONS:  when it stays silent on purpose, or "none"
 * @RULE_ROWS:        names of the rows of docs/fault-matrix.md that it rests on, separated by
 *                    ", "; "" where there are none (tests/lint/matrix.py)
 * @RULE_EXPERIMENT:  what a real second kernel did there, or "None" and why
 *
 * None of the others is empty.
 */
enum rule_text {
	RULE_TESTS,
	RULE_WHY,
	RULE_BREAKS,
	RULE_EXCEPTIONS,
	RULE_FIX,
	RULE_SOURCE,
	RULE_ROWS,
	RULE_EXPERIMENT,
};

#define EFIMAP_RULE_NAME_MAX 32

/**
 * struct efimap_rule - one rule
 * @name:        its id for users, "virt-overlap", stable for ever
 * @spares_runtime: whatever it finds at risk, calls of the firmware do not need
 * @needs:       what the rule is not tried without: sources (EFIMAP_NEEDS), what a kernel's
 *               log does not show (EFIMAP_NEEDS_VIRT, …), and options (EFIMAP_NEEDS_IMAGE, …);
 *               for rules of compare, in either capture
 * @texts:       by enum rule_text: efimap_rule_explains()
 *
 * Without a pointer: each would be relocated whenever the tool starts.
 */
struct efimap_rule {
	enum efimap_rule_id id;
	enum efimap_severity severity;
	enum efimap_outcome consequence;
	bool spares_runtime;
	uint32_t needs;
	char name[EFIMAP_RULE_NAME_MAX];
	uint8_t family;
	uint32_t texts[RULE_EXPERIMENT + 1];
};

extern const struct efimap_rule efimap_rules[EFIMAP_RULE_COUNT];
/** efimap_rule_texts - the texts of all rules, each zero-terminated */
extern const char efimap_rule_texts[];

/**
 * struct efimap_rule_family - a family of rules, which are adjacent
 * @command: the command that runs them: "verify", "compare", "received", "dump"
 */
struct efimap_rule_family {
	const char *name;
	const char *title;
	const char *command;
};

extern const struct efimap_rule_family efimap_rule_families[];

/**
 * efimap_rule_explains() - Return a text of the catalogue
 *
 * Each line is a paragraph, a list item that begins with "- " or "1. ", or a command that begins
 * with "$ ". The text does not end with a newline.
 */
static inline const char *efimap_rule_explains(const struct efimap_rule *rule,
					       enum rule_text text)
{
	return efimap_rule_texts + rule->texts[text];
}

static inline const struct efimap_rule *efimap_rule_get(enum efimap_rule_id id)
{
	return &efimap_rules[id];
}

/** EFIMAP_MESSAGE_PREFIX_MAX - the maximum size of a prefix, with its terminating zero */
#define EFIMAP_MESSAGE_PREFIX_MAX 80

/**
 * struct efimap_message_prefix - the prefix of a kernel message, and its rule
 * @words: the prefix; an array, because a pointer would be relocated
 */
struct efimap_message_prefix {
	char words[EFIMAP_MESSAGE_PREFIX_MAX];
	enum efimap_rule_id rule;
};

/** efimap_message_prefix - all prefixes, sorted by bytes; none is a prefix of another */
extern const struct efimap_message_prefix efimap_message_prefix[];
extern const size_t efimap_n_message_prefixes;

/**
 * efimap_find_message_rule() - find the rule of a kernel message
 * @text: the message, without the prefix of dmesg; not zero-terminated
 *
 * Return: EFIMAP_RULE_COUNT if there is none.
 */
enum efimap_rule_id efimap_find_message_rule(const char *text, size_t len);

const struct efimap_rule *efimap_rule_find(const char *name);
const char *efimap_rule_family_name(enum efimap_rule_id id);
const char *efimap_rule_command(enum efimap_rule_id id);
/**
 * efimap_rule_lacks() - what of EFIMAP_NEEDS_VIRT, _FILES and _MARKS a map does not have
 *
 * Return: words such as "virtual addresses, which no kernel log shows", or NULL when
 * nothing is missing.
 */
const char *efimap_rule_lacks(const struct efimap *map, uint32_t needs);
const char *efimap_outcome_name(unsigned int consequence);
/**
 * efimap_outcome_words() - return the name of an outcome after "next kernel:", where "none" is
 * "not affected"
 */
const char *efimap_outcome_words(enum efimap_outcome consequence);

#endif
