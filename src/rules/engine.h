/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Run rules. The engine calls the predicate "bool rule_<name>()" for each subject of a rule. The
 * predicate returns whether the rule matches, and sets the values in the finding's sentences. The
 * engine itself inserts the fields of the entry.
 */
#ifndef RULES_ENGINE_H
#define RULES_ENGINE_H

#include "rules/fact.h"
#include "rules/facts_for_rules.h"
#include "rules/read_facts.h"
#include "rules/report.h"
#include "rules/rule_bindings.h"

/* Maximum number of findings of a rule. One more finding states the number of omitted findings. */
#define MAX_FINDINGS_OF_RULE 100

/*
 * struct subject - an object that the rules of a walk check
 * @position: position of @entry in c->map->entries
 * @entry:    an entry, or the upper entry of a pair, or NULL
 * @other:    the lower entry of a pair, or NULL
 * @thing:    a subject that is not an entry, such as a fault, or NULL
 */
struct subject {
	size_t position;
	const struct map_entry *entry;
	const struct map_entry *other;
	const void *thing;
};

#define MATCH_MAX_VALUES 24

/* struct match_value - a value in a sentence: @text, or @number if @text is NULL */
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
 * struct match - a subject, and the finding that the predicate describes
 * @certainty:   certainty of the finding; -1 to use the certainty of the variant
 * @outcome: outcome of the finding; -1 to use the outcome of the variant
 * @is_needed:   firmware calls may need one of the entries
 * @n_code:      number of added entries of runtime code
 * @entry:       the entry that provides fields such as {type}
 * @other:       the entry that provides fields such as {other.type}
 */
struct match {
	struct rule_run *run;
	const struct rule_binding *rule;
	enum rule_variant_id as;
	int certainty;
	int outcome;
	bool is_needed;
	size_t n_code;
	size_t position;
	const struct map_entry *entry;
	const struct map_entry *other;
	const void *thing;
	struct list entries;
	struct match_value values[MATCH_MAX_VALUES];
	size_t n_values;
	struct evidence *evidence;
	size_t n_evidence;
	size_t evidence_capacity;
};

void set_hex(struct match *match, enum rule_value name, uint64_t value);
void set_number(struct match *match, enum rule_value name, uint64_t value);
/* Set a value to a text, which must be valid until the end of the run. */
void set_text(struct match *match, enum rule_value name, const char *text);
/* Return a text of the capture, quoted unless it is a single word. */
const char *mark_data(struct match *match, const char *text);
/* Set a value to a path of the capture that is relative to its root. */
void set_path(struct match *match, enum rule_value name, const char *path);
void set_format(struct match *match, enum rule_value name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

void append_text(struct match *match, enum rule_value name, const char *word);

/* Set {range}, {range-start}, {range-end} and {label}. */
void set_range(struct match *match, const struct memory_range *range);

/* Use the rule's keys with the suffix of @as, such as Finding-empty and Outcome-empty. */
void use_variant(struct match *match, enum rule_variant_id as);
void set_certainty(struct match *match, enum certainty certainty);
/* Set the certainty unless the predicate has set a lower one. */
void lower_certainty(struct match *match, enum certainty certainty);
void set_outcome(struct match *match, enum outcome outcome);

/* Match if a fact is yes. {why} is the reason of the fact. */
bool match_fact(struct match *match, struct fact test);
/*
 * Do the same, but if @test is unknown and @hint is yes, match with the variant @hinted and the
 * reason of @hint.
 */
bool match_hinted(struct match *match, struct fact test, struct fact hint,
		  enum rule_variant_id hinted);

/*
 * Add an entry to the finding. If the predicate adds none, the engine adds the entries of the
 * subject. If the subject has no entry, the first added entry provides fields such as {type}.
 */
void add_finding_entry(struct match *match, const struct map_entry *entry);
/* Add an entry by its index. The entry may be unreadable. */
void add_finding_index(struct match *match, uint32_t index);
/* Set the entry that provides fields such as {other.type}, without adding it to the finding. */
void set_other_entry(struct match *match, const struct map_entry *other);

void add_evidence(struct match *match, const char *source, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void add_label_evidence(struct match *match, const struct memory_range *range);

/* Record the finding. Clear @match, including its subject, so that another finding can follow. */
void finish_finding(struct match *match);

/*
 * tools/rules.py generates the following tables from src/rules/. The tables refer to each other
 * by position, because pointers would have to be relocated at each start.
 *
 * struct rule_part - a part of a sentence: a text followed by a value
 * @text:     position in rule_words
 * @one:      text to print instead of the value if the value is 1; or RULE_NO_WORDS
 * @many:     text to print instead of any other value; or RULE_NO_WORDS
 * @name:     enum rule_value; VALUE_NOTHING in the last part
 * @of_other: the value is a field of the other entry
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

extern const char rule_words[];
extern const struct rule_part rule_parts[];

struct rule_fact {
	uint16_t source;
	uint16_t value;
};
extern const struct rule_fact rule_facts[];

/*
 * CONCERNS_... - the questions and loaders to which a variant applies. A set without a question
 * concerns both questions, and a set without a loader concerns both loaders.
 */
#define CONCERNS_KEXEC 0x1U
#define CONCERNS_KDUMP 0x2U
#define CONCERNS_KEXEC_LOAD 0x4U
#define CONCERNS_KEXEC_FILE_LOAD 0x8U

/*
 * struct rule_variant - a variant of a rule
 * @together: all subjects that match this variant are reported in one finding
 * @certainty: certainty of the finding, or -1 if the finding has no outcome
 * @is_untested: the cause was seen, but its effect is unknown, because no test counted it
 * @fallback: enum fallback
 * @concerns: set of CONCERNS_...; 0 for all loads
 * @unneeded: the outcome if firmware calls need none of the entries; -1 to use @outcome
 * @shown:    enum shown
 * @facts:    position of the first of @n_facts in rule_facts
 * @finding, @why, @condition, @advice, @command, @first, @second: sentences, or RULE_NO_SENTENCE
 *
 * A fact, or a sentence other than @finding, is omitted if one of its values was not set.
 */
struct rule_variant {
	uint8_t as;
	bool together;
	bool is_untested;
	int8_t certainty;
	uint8_t concerns;
	int8_t outcome;
	int8_t unneeded;
	uint8_t shown;
	uint8_t n_facts;
	uint8_t fallback;
	uint16_t facts;
	uint16_t finding;
	uint16_t why;
	uint16_t condition;
	uint16_t advice;
	uint16_t command;
	uint16_t first;
	uint16_t second;
};
extern const struct rule_variant rule_variants[];

/*
 * enum asked - when a rule is run
 * @ASKED_ONCE:  once for a capture
 * @ASKED_FIRST: for each load, to find out whether the loader may load the kernel
 * @ASKED_LOADS: for each load that is not refused
 */
enum asked {
	ASKED_ONCE,
	ASKED_FIRST,
	ASKED_LOADS,
};

/* LOADS_... - the loads for which a rule is checked; all conditions of a set apply */
#define LOADS_KEXEC 0x1U
#define LOADS_KDUMP 0x2U
#define LOADS_KEXEC_LOAD 0x4U
#define LOADS_KEXEC_FILE_LOAD 0x8U
#define LOADS_TO_COME 0x10U
#define LOADS_COMPUTED 0x20U
#define LOADS_FROM_LOG 0x40U

/*
 * struct rule_binding - the subject and the variants of a rule
 * @loads:    set of LOADS_...; 0 for all loads
 * @variants: position of the first variant, VARIANT_USUAL, in rule_variants
 */
struct rule_binding {
	uint8_t rule_subject;
	uint8_t n_variants;
	uint8_t asked;
	uint8_t loads;
	uint16_t variants;
};

extern const struct rule_binding rule_bindings[EFIMAP_RULE_COUNT];
static inline enum rule_id rule_id_of(const struct rule_binding *rule)
{
	return (enum rule_id)(rule - rule_bindings);
}
typedef bool rule_predicate_fn(const struct facts_for_rules *c, struct match *match);
/* Predicates, indexed by enum rule_id. For the rules of src/compare, they are NULL. */
extern rule_predicate_fn *const rule_predicates[EFIMAP_RULE_COUNT];

/*
 * struct omitted_findings - a summary of a rule's findings beyond MAX_FINDINGS_OF_RULE
 * @matched:     number of findings that were recorded, not omitted
 * @findings:    number of omitted findings
 * @outcome: outcome of the worst omitted finding; @certainty is its certainty
 * @concerns:    CONCERNS_... of all omitted findings
 */
struct omitted_findings {
	size_t matched;
	size_t findings;
	enum outcome outcome;
	enum certainty certainty;
	uint8_t concerns;
	struct list entries;
};

/*
 * struct rule_run - the rules of a plan for one capture, and the state while they are run
 * @facts:    computed once for all runs; @facts.load is the load of the current run, or NULL
 * @report:   receives the findings of the current run
 * @asked:    the rules that the current walk runs
 * @gathered: matches of variants with @together; each match collects the entries of one finding
 */
struct rule_run {
	struct facts_for_rules facts;
	const struct rule_plan *plan;
	struct report *report;
	struct omitted_findings omitted[EFIMAP_RULE_COUNT];
	const struct rule_binding *asked[EFIMAP_RULE_COUNT];
	size_t n_asked;
	struct match *gathered;
	size_t n_gathered;
	size_t gathered_capacity;
};

/* Return whether the data of a rule is available. */
bool rule_may_match(const struct facts_for_rules *c, enum rule_id rule);
/*
 * Return whether a rule can be run. A rule about received data requires that kexec booted the
 * running kernel, and a rule about the kernel log requires a log.
 */
bool can_try_rule(struct rule_run *run, enum rule_id rule);
/*
 * Note the reason why a rule is not checked. The report keeps the first reason of a rule whose
 * severity is EFIMAP_ERROR.
 */
void note_skipped_rule(struct rule_run *run, enum rule_id rule, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

void visit_subject(struct rule_run *run, const struct subject *on);

void walk_entries(struct rule_run *run);
void walk_virtual_pairs(struct rule_run *run);
void walk_map_faults(struct rule_run *run);
void walk_pointers(struct rule_run *run);
void walk_shared_pages(struct rule_run *run);
void walk_targets(struct rule_run *run);

#define FAMILY_BIT(family) (UINT32_C(1) << (family))

/*
 * struct rule_plan - the rules that a command runs
 * @as_listed: keep the order of the entries in the capture, because @data refers to positions
 * @families: set of FAMILY_BIT()
 * @wants:    returns whether to run a rule; NULL to run all rules
 * @predicates: indexed by enum rule_id
 * @walk_differences: visits the differences of two captures; NULL if no rule of @families checks
 *            differences
 * @data:     data for c->data, or NULL
 */
struct rule_plan {
	bool as_listed;
	uint32_t families;
	bool (*wants)(struct rule_run *run, enum rule_id rule);
	rule_predicate_fn *const *predicates;
	void (*walk_differences)(struct rule_run *run);
	const void *data;
};

/*
 * Prepare to run the rules of a plan, and compute the facts that they use. @run borrows from @map,
 * @options and @plan. Free it with close_rules().
 */
void open_rules(const struct efimap *map, const struct verify_options *options,
		const struct rule_plan *plan, struct rule_run *run);
/*
 * Run the rules with a value of @asked. @load is NULL for ASKED_ONCE. The result does not depend on
 * earlier runs. A predicate must set all values that the sentence of its finding contains.
 */
void run_rules(struct rule_run *run, const struct load_case *load, enum asked asked,
	       struct report *report);
void close_rules(struct rule_run *run);

/* Run the ASKED_ONCE rules of a plan, and seal the report. */
void run_rule_plan(const struct efimap *map, const struct verify_options *options,
		   const struct rule_plan *plan, struct report *report);

/* Return whether a finding applies to a load. @concerns is the CONCERNS_... set of the finding. */
bool is_load_concerned(const struct load_case *load, uint8_t concerns);

/*
 * Advice that continues @before: to reboot instead of using kexec. systemctl reboot may start a
 * loaded kernel: systemctl(1).
 */
#define REBOOT_INSTEAD(map, before)                                                                \
	(!value_is_set(kexec_of(map), EFIMAP_VALUE_LOADED) ? before                                \
		 "reboot normally (not with kexec)"                                                \
	 : why_kept(map) ? before REBOOT_WITH_LOADED                                               \
			 : before                                                                  \
		 "unload the kernel that is loaded (kexec -u), and reboot normally")

/* How to reboot through the firmware if the loaded kernel cannot be unloaded: systemctl(1) */
#define REBOOT_WITH_LOADED                                                                         \
	"reboot without the loaded kernel (SYSTEMCTL_SKIP_AUTO_KEXEC=1 systemctl reboot)"

#endif
