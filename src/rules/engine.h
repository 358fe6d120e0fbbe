/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a rule of src/rules/ becomes a finding. The engine walks over what rules look at, asks
 * the predicate of each, grades, words, limits and records; nothing else words a finding.
 *
 * A predicate is a function "bool rule_<name>()" in the file of its family. It says
 * whether the rule holds of a subject, and gives names to the values that its sentence
 * has and that no entry tells by itself. It has no other effect.
 */
#ifndef RULES_ENGINE_H
#define RULES_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/capture_facts.h"
#include "rules/report.h"
#include "rules/rule_bindings.h"

/* A rule has so many findings; what is left becomes one more finding that names the rest. */
#define MAX_FINDINGS_OF_RULE 100

/*
 * struct subject - what the rules of a walk are asked about
 * @position: of @entry in c->map->entries
 * @entry:    the entry, of a pair the upper one; NULL where it is no entry
 * @other:    of a pair the lower one, or NULL
 * @thing:    what other walks go over: a range of memmap, a fault, …; or NULL
 */
struct subject {
	size_t position;
	const struct efimap_entry *entry;
	const struct efimap_entry *other;
	const void *thing;
};

/* No sentence has more values of its own. */
#define MATCH_MAX_VALUES 18

/*
 * struct match_value - one value of a sentence
 * @text:   or NULL for a number
 * @is_hex: a number with 0x before it
 */
struct match_value {
	enum rule_value name;
	uint64_t number;
	const char *text;
	bool is_hex;
};

/* struct list - indices of entries on which a finding lies */
struct list {
	uint32_t *indices;
	size_t count;
	size_t capacity;
};

/*
 * struct match - what a predicate is asked about, and what it names
 * @position, @entry, @other, @thing: of the subject; @entry and @other are whom {type} and
 *                  {other.type} are of, too. All else is private
 * @certainty, @consequence: of this finding, -1 where the rule's variant has them
 * @is_skip:        @as is of a sentence on why the rule cannot be tried
 * @is_needed:      a firmware call needs one of the entries
 * @entries:        on which it lies
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

/* set_hex(), set_number(), set_text(), set_format() - the value that is called so */
void set_hex(struct match *match, enum rule_value name, uint64_t value);
void set_number(struct match *match, enum rule_value name, uint64_t value);
/* @text lives as long as the capture */
void set_text(struct match *match, enum rule_value name, const char *text);
void set_format(struct match *match, enum rule_value name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* append_text() - one more of the words of a list, as set_text() has one */
void append_text(struct match *match, enum rule_value name, const char *word);

/* set_range() - a range of memmap: {range}, {range-start}, {range-end}, {label} */
void set_range(struct match *match, const struct efimap_range *range);

/* use_variant() - by the keys of the rule that end in this: Finding-low, Severity-low, … */
void use_variant(struct match *match, enum rule_variant_id as);
/* set_certainty(), set_consequence() - others than the rule's, where a value decides */
void set_certainty(struct match *match, enum efimap_certainty certainty);
void set_consequence(struct match *match, enum efimap_outcome consequence);

/*
 * add_finding_entry() - it lies on this entry
 *
 * Only where the subject does not say so already. The first is the one of whom {type} and
 * the like are.
 */
void add_finding_entry(struct match *match, const struct efimap_entry *entry);
/* add_finding_index() - the same for an entry that could not be read */
void add_finding_index(struct match *match, uint32_t index);
/* set_other_entry() - whom {other.type} and the like are of; it does not lie there */
void set_other_entry(struct match *match, const struct efimap_entry *other);

/* add_evidence() - one more fact, where there can be any number; the rule's come first */
void add_evidence(struct match *match, const char *source, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* add_label_evidence() - as a fact: what a range of memmap is called */
void add_label_evidence(struct match *match, const struct efimap_range *range);

/* finish_finding() - this was one finding; what follows belongs to the next of the same rule */
void finish_finding(struct match *match);

/*
 * The rule cannot be tried, and why. They return false, for "return
 * skip_for_incomplete_log(match);".
 *
 * skip_rule() - by the key "Skipped-because", or "Skipped-because-low"
 * skip_for_incomplete_log() - what is missed may be in a line that the kernel log lost
 * skip_for_unknown_release() - the release is not known, and before @change it would be
 * right
 */
bool skip_rule(struct match *match, enum rule_variant_id as);
bool skip_for_incomplete_log(struct match *match);
bool skip_for_unknown_release(struct match *match, enum efimap_change change);

/*
 * What tools/rules.py makes of src/rules/.
 *
 * All of it is numbers, which are places in one of the tables: thousands of pointers would
 * be relocated at each start.
 *
 * struct rule_part - a piece of a sentence: text, then a value; the last has VALUE_NOTHING
 * @name:     enum rule_value
 * @of_other: the value of @other
 * @one, @many: what stands for the value, by whether it is 1; or no words
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

/* All that rules can say, each piece once, with its zero byte; and the sentences of it */
extern const char rule_words[];
extern const struct rule_part rule_parts[];

/* struct rule_fact - two sentences */
struct rule_fact {
	uint16_t source;
	uint16_t value;
};
extern const struct rule_fact rule_facts[];

/*
 * CONCERNS_... - the loads that a variant is about: of these questions, by these loaders. Without
 * a question it is about both, and without a loader about either.
 */
#define CONCERNS_KEXEC 0x1U
#define CONCERNS_KDUMP 0x2U
#define CONCERNS_KEXEC_LOAD 0x4U
#define CONCERNS_KEXEC_FILE_LOAD 0x8U

/*
 * struct rule_variant - one way in which a rule speaks
 * @together: all subjects of which it holds so are one finding
 * @certainty: of the finding, or -1 where it has no consequence
 * @concerns: set of CONCERNS_...: the loads that it is about; 0 for all
 * @unneeded: the consequence where no firmware call needs any of the entries, or -1
 * @finding, @answer, @first, @second, @skip: sentences, or RULE_NO_SENTENCE
 * @facts:    one whose values were not named is left out, and so are @first and @second
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
 * enum asked - how often a rule is asked
 * @ASKED_ONCE:  once for the map
 * @ASKED_LOADS: once for each load that is not refused
 * @ASKED_REFUSED_LOADS: once for each load that is
 */
enum asked {
	ASKED_ONCE,
	ASKED_LOADS,
	ASKED_REFUSED_LOADS,
};

/*
 * struct rule_binding - what a rule looks at, and how it speaks
 * @asked: enum asked
 * @variants: the first is VARIANT_USUAL
 */
struct rule_binding {
	uint8_t rule_subject;
	uint8_t n_variants;
	uint8_t asked;
	uint16_t variants;
};

/* By enum efimap_rule_id */
extern const struct rule_binding rule_bindings[EFIMAP_RULE_COUNT];
static inline enum efimap_rule_id rule_id_of(const struct rule_binding *rule)
{
	return (enum efimap_rule_id)(rule - rule_bindings);
}
typedef bool rule_predicate_fn(const struct capture_facts *c, struct match *match);
/* rule_predicates - what decides, by enum efimap_rule_id; NULL of the rules of src/compare */
extern rule_predicate_fn *const rule_predicates[EFIMAP_RULE_COUNT];

/* struct omitted_findings - what a rule found beyond MAX_FINDINGS_OF_RULE, and the worst of it */
struct omitted_findings {
	size_t matched;
	size_t findings;
	enum efimap_outcome consequence;
	enum efimap_certainty certainty;
	uint32_t loads;
	struct list entries;
};

/*
 * struct rule_run - the state of one run; all but @facts and @error is private to engine.c
 * @error:    the first one; it sticks, and what follows has no effect
 * @skipped:  of these rules it is noted why they cannot be tried
 * @loads:    the loads of this run, @n_loads of them
 * @first_of_loads: where findings on loads begin in the report
 * @asked:    the rules of this walk
 * @gathered: what those found that make one finding of all subjects
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

/* fail_run() - the first error sticks; 0 is none */
static inline void fail_run(struct rule_run *run, int error)
{
	if (!run->error)
		run->error = error;
}

/* rule_may_match() - will this rule report what it finds? Notes no skip. */
bool rule_may_match(const struct capture_facts *c, enum efimap_rule_id rule);
/*
 * can_try_rule() - may this rule be tried?
 *
 * False when it is disabled, when there is nothing that it looks at, when it needs an option
 * that was not given, or when a source that it needs was not read: that skip is then noted, once.
 */
bool can_try_rule(struct rule_run *run, enum efimap_rule_id rule);
/* note_skipped_rule() - note, once, that a rule cannot be tried */
void note_skipped_rule(struct rule_run *run, enum efimap_rule_id rule, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* visit_subject() - ask the rules of this walk about one subject */
void visit_subject(struct rule_run *run, const struct subject *on);

/* Walks over what rules look at: they call visit_subject() for each. */
void walk_entries(struct rule_run *run);
void walk_virtual_pairs(struct rule_run *run);
/* walk_map_faults() - what of the map could not be read (map_files.c) */
void walk_map_faults(struct rule_run *run);
/* walk_pointers() - addresses that the firmware gave the kernel (firmware_pointers.c) */
void walk_pointers(struct rule_run *run);
/* walk_shared_pages() - entries that share one, the upper first (overlap.c) */
void walk_shared_pages(struct rule_run *run);
/* walk_targets() - where a segment of kexec may land (kexec_load.c) */
void walk_targets(struct rule_run *run);
/* walk_binary_problems() - what is odd in a file that was decoded (received_setup_data.c) */
void walk_binary_problems(struct rule_run *run);

/* FAMILY_BIT() - a family as a member of a set of them */
#define FAMILY_BIT(family) (UINT32_C(1) << (family))

/*
 * struct rule_plan - what is run
 * @as_listed: on the entries in the order in which they were given; what @data says of
 *             entries is by position
 * @families:  set of FAMILY_BIT()
 * @wants:     may a rule be tried? It notes the skip: can_try_rule(), or as that
 * @predicates: by enum efimap_rule_id, of the rules of @families
 * @walk_differences: the walk over differences; NULL where no rule of @families looks at them
 * @layout:    @fill_layout fills it before any walk, also where no rule is asked; or NULL
 * @data:      what they need besides the capture, for c->data; or NULL
 * @loads:     for rules that are asked for each load, @n_loads of them; borrowed
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

/* run_rule_plan() - run the plan over a capture and seal the report */
int run_rule_plan(const struct efimap *map, const struct efimap_verify_options *options,
		  const struct rule_plan *plan, struct efimap_report *report);

#endif
