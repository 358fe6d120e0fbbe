/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Turn the rules of src/rules/ into findings. The engine walks over the subjects of the rules and
 * calls the predicate of each rule. It grades the findings, formats their sentences, limits their
 * number, and records them.
 *
 * A predicate is a function "bool rule_<name>()" in the file of its family. It returns whether the
 * rule matches a subject, and sets the values of the finding's sentences that are not fields of the
 * entry. A predicate has no other effect.
 */
#ifndef RULES_ENGINE_H
#define RULES_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/capture_facts.h"
#include "rules/report.h"
#include "rules/rule_bindings.h"

/* Maximum number of findings for each rule. An additional finding summarises the rest. */
#define MAX_FINDINGS_OF_RULE 100

/*
 * struct subject - what the rules of a walk check
 * @position: position of @entry in c->map->entries
 * @entry:    an entry, or the upper entry of a pair; NULL if the subject is not an entry
 * @other:    the lower entry of a pair, or NULL
 * @thing:    the subject of other walks, such as a memmap range or a fault, or NULL
 */
struct subject {
	size_t position;
	const struct efimap_entry *entry;
	const struct efimap_entry *other;
	const void *thing;
};

/* Maximum number of values in a sentence. */
#define MATCH_MAX_VALUES 24

/*
 * struct match_value - a value in a sentence
 * @number: the value if @text is NULL
 * @text:   the value as text, or NULL for a number
 * @is_hex: the number is printed in hexadecimal with 0x
 */
struct match_value {
	enum rule_value name;
	uint64_t number;
	const char *text;
	bool is_hex;
};

/* struct list - indices of the entries of a finding */
struct list {
	uint32_t *indices;
	size_t count;
	size_t capacity;
};

/*
 * struct match - the subject of a predicate, and its result
 * @position, @entry, @other, @thing: the subject; {type} is a field of @entry, and {other.type} a
 *                  field of @other. All other members are private.
 * @certainty, @consequence: certainty and consequence of this finding; -1 for those of the variant
 * @is_skip:        @as is the variant with the reason why the rule is skipped
 * @is_needed:      a firmware call needs one of the entries
 * @entries:        entries of the finding
 */
struct match {
	struct rule_run *run;
	const struct rule_binding *rule;
	enum rule_variant_id as;
	int certainty;
	int consequence;
	bool is_skip;
	bool is_needed;
	size_t position;
	const struct efimap_entry *entry;
	const struct efimap_entry *other;
	const void *thing;
	struct list entries;
	struct match_value values[MATCH_MAX_VALUES];
	size_t n_values;
	struct efimap_evidence *evidence;
	size_t n_evidence;
	size_t evidence_capacity;
};

/* set_hex(), set_number(), set_text(), set_format() - set a value in the sentence */
void set_hex(struct match *match, enum rule_value name, uint64_t value);
void set_number(struct match *match, enum rule_value name, uint64_t value);
/* @text is borrowed, and must be valid as long as the capture. */
void set_text(struct match *match, enum rule_value name, const char *text);
void set_format(struct match *match, enum rule_value name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* append_text() - append a word to a comma-separated list, or start the list */
void append_text(struct match *match, enum rule_value name, const char *word);

/* set_range() - set the values of a memmap range: {range}, {range-start}, {range-end}, {label} */
void set_range(struct match *match, const struct efimap_range *range);

/* use_variant() - use the keys of the rule with this suffix: Finding-low, Consequence-low, … */
void use_variant(struct match *match, enum rule_variant_id as);
/* set_certainty(), set_consequence() - override the values of the rule's variant */
void set_certainty(struct match *match, enum efimap_certainty certainty);
void set_consequence(struct match *match, enum efimap_outcome consequence);

/*
 * add_finding_entry() - add an entry to the finding
 *
 * Call it only if the subject is not an entry. Fields such as {type} are those of the first entry.
 */
void add_finding_entry(struct match *match, const struct efimap_entry *entry);
/* add_finding_index() - add an entry by its index, such as an entry that could not be read */
void add_finding_index(struct match *match, uint32_t index);
/* set_other_entry() - set the entry for {other.type} etc., without adding it to the finding */
void set_other_entry(struct match *match, const struct efimap_entry *other);

/* add_evidence() - add a fact after those of the rule text; for rules with any number of facts */
void add_evidence(struct match *match, const char *source, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* add_label_evidence() - add the label of a memmap range as evidence */
void add_label_evidence(struct match *match, const struct efimap_range *range);

/* finish_finding() - record the finding, so that the predicate can report another one */
void finish_finding(struct match *match);

/*
 * The following functions note that the rule is skipped and why. They return false, so that a
 * predicate can end with "return skip_for_incomplete_log(match);".
 *
 * skip_rule() - use the text of "Skipped-because" or "Skipped-because-low"
 * skip_for_incomplete_log() - a missing line of the kernel log may contain the missing data
 * skip_for_unknown_release() - note this only if the release is unknown: the capture is normal
 *                              before @change
 */
bool skip_rule(struct match *match, enum rule_variant_id as);
bool skip_for_incomplete_log(struct match *match);
bool skip_for_unknown_release(struct match *match, enum efimap_change change);

/*
 * The following tables are generated by tools/rules.py from src/rules/.
 *
 * They refer to each other by position instead of by pointer, because thousands of pointers would
 * be relocated at each start.
 *
 * struct rule_part - a part of a sentence: a text followed by a value
 * @name:     enum rule_value; VALUE_NOTHING in the last part
 * @of_other: the value is a field of the other entry
 * @one, @many: text to print instead of the value if the value is 1, or not 1; or RULE_NO_WORDS
 */
struct rule_part {
	uint16_t text;
	uint16_t one;
	uint16_t many;
	uint8_t name;
	bool of_other;
};

#define RULE_NO_WORDS UINT16_MAX
#define RULE_NO_SENTENCE 0

/* Texts of all rules, zero-terminated and without duplicates, and the parts of their sentences. */
extern const char rule_words[];
extern const struct rule_part rule_parts[];

/* struct rule_fact - evidence: the sentences for its source and its value */
struct rule_fact {
	uint16_t source;
	uint16_t value;
};
extern const struct rule_fact rule_facts[];

/*
 * CONCERNS_... - the questions and loaders that a variant concerns. A set without a question
 * concerns both questions, and a set without a loader concerns both loaders.
 */
#define CONCERNS_KEXEC 0x1U
#define CONCERNS_KDUMP 0x2U
#define CONCERNS_KEXEC_LOAD 0x4U
#define CONCERNS_KEXEC_FILE_LOAD 0x8U

/*
 * struct rule_variant - a variant of a rule
 * @together: all subjects that match this variant are reported in one finding
 * @certainty: certainty of the finding, or -1 if the finding has no consequence
 * @concerns: set of CONCERNS_...; 0 for all loads
 * @unneeded: the consequence if no firmware call needs any of the entries, or -1
 * @finding, @answer, @first, @second, @skip: sentences, or RULE_NO_SENTENCE
 * @facts:    evidence. A fact, @first or @second is omitted if one of its values was not set.
 */
struct rule_variant {
	uint8_t as;
	bool together;
	int8_t certainty;
	uint8_t concerns;
	int8_t consequence;
	int8_t unneeded;
	uint8_t n_facts;
	uint16_t facts;
	uint16_t finding;
	uint16_t answer;
	uint16_t first;
	uint16_t second;
	uint16_t skip;
};
extern const struct rule_variant rule_variants[];

/*
 * enum asked - how often a rule is run
 * @ASKED_ONCE:  once for the map
 * @ASKED_LOADS: once for each load that is not refused
 * @ASKED_REFUSED_LOADS: once for each load that is refused
 */
enum asked {
	ASKED_ONCE,
	ASKED_LOADS,
	ASKED_REFUSED_LOADS,
};

/*
 * struct rule_binding - the subject and the variants of a rule
 * @asked: enum asked
 * @variants: position of the first variant in rule_variants, which is VARIANT_USUAL
 */
struct rule_binding {
	uint8_t rule_subject;
	uint8_t n_variants;
	uint8_t asked;
	uint16_t variants;
};

/* rule_bindings - subjects and variants of all rules, indexed by enum efimap_rule_id */
extern const struct rule_binding rule_bindings[EFIMAP_RULE_COUNT];
static inline enum efimap_rule_id rule_id_of(const struct rule_binding *rule)
{
	return (enum efimap_rule_id)(rule - rule_bindings);
}
typedef bool rule_predicate_fn(const struct capture_facts *c, struct match *match);
/*
 * rule_predicates - predicates, indexed by enum efimap_rule_id; NULL for the rules of src/compare
 */
extern rule_predicate_fn *const rule_predicates[EFIMAP_RULE_COUNT];

/*
 * struct omitted_findings - a summary of a rule's findings beyond MAX_FINDINGS_OF_RULE
 * @consequence, @certainty: those of the worst finding
 */
struct omitted_findings {
	size_t matched;
	size_t findings;
	enum efimap_outcome consequence;
	enum efimap_certainty certainty;
	uint32_t loads;
	struct list entries;
};

/*
 * struct rule_run - the state of a run; all members but @facts and @error are private to engine.c
 * @error:    the first error, after which nothing else is recorded
 * @skipped:  whether a skip is noted for a rule
 * @loads:    the loads of this run
 * @n_loads:  number of @loads
 * @first_of_loads: position in the report of the first finding for a load
 * @asked:    the rules of the current walk
 * @gathered: matches that collect a single finding from all subjects
 */
struct rule_run {
	struct capture_facts facts;
	int error;
	const struct rule_plan *plan;
	struct efimap_report *report;
	bool skipped[EFIMAP_RULE_COUNT];
	struct omitted_findings omitted[EFIMAP_RULE_COUNT];
	const struct efimap_load_case *loads;
	size_t n_loads;
	size_t first_of_loads;
	const struct rule_binding *asked[EFIMAP_RULE_COUNT];
	size_t n_asked;
	struct match *gathered;
	size_t n_gathered;
	size_t gathered_capacity;
};

/* fail_run() - set the error of the run if none is set yet; 0 is not an error */
static inline void fail_run(struct rule_run *run, int error)
{
	if (!run->error)
		run->error = error;
}

/*
 * rule_may_match() - return whether this rule is enabled and its required data is available
 *
 * Unlike can_try_rule(), this function does not note a skip.
 */
bool rule_may_match(const struct capture_facts *c, enum efimap_rule_id rule);
/*
 * can_try_rule() - return whether this rule can be run
 *
 * The result is false if the rule is disabled, has no subject, or needs an option or a source that
 * is missing. If a source is missing, a skip is noted once.
 */
bool can_try_rule(struct rule_run *run, enum efimap_rule_id rule);
/* note_skipped_rule() - note that a rule is skipped and why; later calls for a rule are ignored */
void note_skipped_rule(struct rule_run *run, enum efimap_rule_id rule, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* visit_subject() - run the rules of the current walk on a subject */
void visit_subject(struct rule_run *run, const struct subject *on);

/* The following functions call visit_subject() for each subject of their walk. */
void walk_entries(struct rule_run *run);
void walk_virtual_pairs(struct rule_run *run);
/* walk_map_faults() - walk over the faults of the runtime map (map_files.c) */
void walk_map_faults(struct rule_run *run);
/* walk_pointers() - walk over the firmware's pointers (firmware_pointers.c) */
void walk_pointers(struct rule_run *run);
/*
 * walk_shared_pages() - walk over pairs of entries that share a page; match->entry is the upper
 * entry (overlap.c)
 */
void walk_shared_pages(struct rule_run *run);
/* walk_targets() - walk over memory that a kexec segment may overwrite (kexec_load.c) */
void walk_targets(struct rule_run *run);
/* walk_binary_problems() - walk over the problems of a decoded file (received_setup_data.c) */
void walk_binary_problems(struct rule_run *run);

/* FAMILY_BIT() - the bit of a family in a set */
#define FAMILY_BIT(family) (UINT32_C(1) << (family))

/*
 * struct rule_plan - the rules that a command runs
 * @as_listed: keep the order of the entries in the capture, because @data refers to positions
 * @families:  set of FAMILY_BIT()
 * @wants:     returns whether a rule can be run, and notes a skip, such as can_try_rule()
 * @predicates: predicates of the rules of @families, indexed by enum efimap_rule_id
 * @walk_differences: the walk over differences; NULL if no rule of @families needs it
 * @layout:    filled by @fill_layout before any walk, even if no rule is run; or NULL
 * @data:      data for c->data that is not in the capture, or NULL
 * @loads:     @n_loads loads, for the rules that are run for each load; borrowed
 */
struct rule_plan {
	bool as_listed;
	uint32_t families;
	bool (*wants)(struct rule_run *run, enum efimap_rule_id rule);
	rule_predicate_fn *const *predicates;
	void (*walk_differences)(struct rule_run *run);
	struct efimap_layout *layout;
	int (*fill_layout)(const struct capture_facts *c, struct efimap_layout *layout);
	const void *data;
	const struct efimap_load_case *loads;
	size_t n_loads;
};

/* run_rule_plan() - run the rules of a plan on a capture, and seal the report */
int run_rule_plan(const struct efimap *map, const struct efimap_verify_options *options,
		  const struct rule_plan *plan, struct efimap_report *report);

#endif
