/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Visit the subjects of rules, and call the predicates. Grade each finding, format its sentences
 * with the values that the predicate sets, and record at most MAX_FINDINGS_OF_RULE of each rule.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "infer/booted_by.h"
#include "infer/distribution.h"
#include "infer/load_limits.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"
#include "rules/unread_verdict.h"

/*
 * A malformed file of the runtime map or of memmap does not prevent rules from using the other
 * files of that source.
 */
bool rule_may_match(const struct facts_for_rules *c, enum rule_id rule)
{
	const uint32_t needs = rule_get(rule)->needs;
	const struct efimap *map = c->map;

	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++) {
		const bool is_partly_usable =
			map->states[source] == EFIMAP_STATE_MALFORMED &&
			(source == EFIMAP_SRC_MEMMAP ||
			 (source == EFIMAP_SRC_RUNTIME_MAP && map->n_names > 0));

		if (needs & EFIMAP_NEEDS(source) && !capture_has(map, source) && !is_partly_usable)
			return false;
	}
	return !(c->lacks & needs);
}

void note_skipped_rule(struct rule_run *run, enum rule_id rule, const char *fmt, ...)
{
	va_list args;

	if (run->report->why_skipped || rule_get(rule)->severity != EFIMAP_ERROR)
		return;
	va_start(args, fmt);
	run->report->why_skipped = arena_vprintf(&run->report->arena, fmt, args);
	va_end(args);
}

bool can_try_rule(struct rule_run *run, enum rule_id rule)
{
	const enum rule_subject on = rule_bindings[rule].rule_subject;

	if ((on == SUBJECT_RECEIVED_DATA && run->facts.booted_by != EFIMAP_BOOTED_BY_KEXEC) ||
	    (on == SUBJECT_LOG && !capture_has(run->facts.map, EFIMAP_SRC_KERNEL_LOG)))
		return false;
	return rule_may_match(&run->facts, rule);
}

static void match_begin(struct match *match, struct rule_run *run, const struct rule_binding *rule,
			const struct subject *on)
{
	*match = (struct match){
		.run = run,
		.rule = rule,
		.as = VARIANT_USUAL,
		.certainty = -1,
		.outcome = -1,
		.position = on->position,
		.entry = on->entry,
		.other = on->other,
		.thing = on->thing,
	};
}

static void match_free(struct match *match)
{
	free(match->entries.indices);
	free(match->evidence);
}

static void list_add(struct list *list, uint32_t index)
{
	array_append(&list->indices, &list->count, &list->capacity, &index, sizeof(index));
}

static bool find_named(const struct match_value *values, size_t count, enum rule_value name,
		       struct match_value *ret_value)
{
	for (size_t i = 0; i < count; i++) {
		if (values[i].name != name)
			continue;
		*ret_value = values[i];
		return true;
	}
	return false;
}

static void name_value(struct match *match, struct match_value value)
{
	for (size_t i = 0; i < match->n_values; i++) {
		if (match->values[i].name == value.name) {
			match->values[i] = value;
			return;
		}
	}
	assert(match->n_values < MATCH_MAX_VALUES);
	match->values[match->n_values++] = value;
}

void set_hex(struct match *match, enum rule_value name, uint64_t value)
{
	name_value(match, (struct match_value){ .name = name, .number = value, .is_hex = true });
}

void set_number(struct match *match, enum rule_value name, uint64_t value)
{
	name_value(match, (struct match_value){ .name = name, .number = value });
}

void set_text(struct match *match, enum rule_value name, const char *text)
{
	name_value(match, (struct match_value){ .name = name, .text = text });
}

const char *mark_data(struct match *match, const char *text)
{
	return text_mark(&match->run->report->arena, text);
}

void set_path(struct match *match, enum rule_value name, const char *path)
{
	set_format(match, name, "%s%s", source_path_prefix(match->run->facts.map, EFIMAP_SRC_KEXEC),
		   mark_data(match, path));
}

void set_format(struct match *match, enum rule_value name, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = arena_vprintf(&match->run->report->arena, fmt, args);
	va_end(args);
	set_text(match, name, text);
}

void append_text(struct match *match, enum rule_value name, const char *word)
{
	struct match_value before;

	if (find_named(match->values, match->n_values, name, &before))
		set_format(match, name, "%s, %s", before.text, word);
	else
		set_text(match, name, word);
}

void set_range(struct match *match, const struct memory_range *range)
{
	set_number(match, VALUE_RANGE, range->index);
	set_hex(match, VALUE_RANGE_START, range->start);
	set_hex(match, VALUE_RANGE_END, range->end);
	set_text(match, VALUE_LABEL, range->label);
}

void use_variant(struct match *match, enum rule_variant_id as)
{
	match->as = as;
}

void set_certainty(struct match *match, enum certainty certainty)
{
	match->certainty = (int)certainty;
}

void lower_certainty(struct match *match, enum certainty certainty)
{
	if (match->certainty < (int)certainty)
		match->certainty = (int)certainty;
}

void set_outcome(struct match *match, enum outcome outcome)
{
	match->outcome = (int)outcome;
}

void add_finding_entry(struct match *match, const struct map_entry *entry)
{
	if (!match->entry)
		match->entry = entry;
	match->is_needed |= firmware_calls_need_entry(entry);
	match->n_code += entry->type == EFIMAP_TYPE_RUNTIME_CODE;
	add_finding_index(match, entry->index);
}

void add_finding_index(struct match *match, uint32_t index)
{
	struct list *list = &match->entries;

	if (!list->count || list->indices[list->count - 1] != index)
		list_add(list, index);
}

void set_other_entry(struct match *match, const struct map_entry *other)
{
	match->other = other;
}

void add_evidence(struct match *match, const char *source, const char *fmt, ...)
{
	struct arena *arena = &match->run->report->arena;
	struct evidence fact;
	va_list args;

	/* A finding beyond the limit is not listed, so it needs no evidence. */
	if (match->run->omitted[rule_id_of(match->rule)].matched >= MAX_FINDINGS_OF_RULE)
		return;
	va_start(args, fmt);
	fact.source = arena_strndup(arena, source, strlen(source));
	fact.value = arena_vprintf(arena, fmt, args);
	va_end(args);
	array_append(&match->evidence, &match->n_evidence, &match->evidence_capacity, &fact,
		     sizeof(fact));
}

void add_label_evidence(struct match *match, const struct memory_range *range)
{
	char source[sizeof("memmap/4294967295/type")];

	snprintf(source, sizeof(source), "memmap/%" PRIu32 "/type", range->index);
	add_evidence(match, source, "%s", range->label);
}

static bool find_field(const struct map_entry *entry, enum rule_value field,
		       char name[EFIMAP_TYPE_NAME_SIZE], struct match_value *ret_value)
{
	struct span span = { 0, 0 };
	const bool has_pages = pages_of(entry, &span);
	const struct match_value fields[] = {
		{ .name = VALUE_TYPE, .text = memory_type_name(entry->type, name) },
		{ .name = VALUE_TYPE_NUMBER, .number = entry->type },
		{ .name = VALUE_INDEX, .number = entry->index },
		{ .name = VALUE_TYPE_HEX, .number = entry->type, .is_hex = true },
		{ .name = VALUE_PHYS, .number = entry->phys, .is_hex = true },
		{ .name = VALUE_VIRT, .number = entry->virt, .is_hex = true },
		{ .name = VALUE_PAGES, .number = entry->pages, .is_hex = true },
		{ .name = VALUE_ATTRIBUTE, .number = entry->attribute, .is_hex = true },
		{ .name = VALUE_START, .number = span.first, .is_hex = true },
		{ .name = VALUE_END, .number = span.last, .is_hex = true },
	};

	return (has_pages || (field != VALUE_START && field != VALUE_END)) &&
	       find_named(fields, sizeof(fields) / sizeof(fields[0]), field, ret_value);
}

/*
 * Format a sentence in the arena of the report. Values that the predicate set take precedence over
 * fields of the entry. Return NULL if there is no sentence, or if a value is not set.
 */
static const char *format_sentence(struct match *match, uint16_t sentence)
{
	const size_t count = match->entries.count;
	auto_out struct out out = EFIMAP_OUT_MEM;
	const struct rule_part *part;

	if (sentence == RULE_NO_SENTENCE)
		return NULL;
	for (part = &rule_parts[sentence]; part->name != VALUE_NOTHING; part++) {
		const struct map_entry *entry = part->of_other ? match->other : match->entry;
		struct match_value value = { .number = count };
		char name[EFIMAP_TYPE_NAME_SIZE];

		out_puts(&out, rule_words + part->text);
		if (part->name == VALUE_REBOOT) {
			out_puts(&out, REBOOT_INSTEAD(match->run->facts.map, ""));
			continue;
		}
		if (part->name == VALUE_PARAMETERS) {
			out_puts(&out, find_parameter_files(match->run->facts.map,
							    &match->run->report->arena));
			continue;
		}
		if (part->name == VALUE_MORE) {
			if (count > 1)
				out_printf(&out, " and %zu more", count - 1);
			continue;
		}
		if ((part->of_other ||
		     !find_named(match->values, match->n_values, part->name, &value)) &&
		    part->name != VALUE_COUNT &&
		    !(entry && find_field(entry, part->name, name, &value)))
			return NULL;
		if (part->many != RULE_NO_WORDS)
			out_puts(&out, rule_words + (value.number == 1 ? part->one : part->many));
		else if (value.text)
			out_puts(&out, value.text);
		else if (value.is_hex)
			out_printf(&out, "0x%" PRIx64, value.number);
		else
			out_printf(&out, "%" PRIu64, value.number);
	}
	out_puts(&out, rule_words + part->text);
	return arena_strndup(&match->run->report->arena, out.data ? out.data : "", out.used);
}

bool is_load_concerned(const struct load_case *load, uint8_t concerns)
{
	static const uint8_t questions[] = {
		[EFIMAP_QUESTION_KEXEC] = CONCERNS_KEXEC, [EFIMAP_QUESTION_KDUMP] = CONCERNS_KDUMP
	};
	static const uint8_t loaders[] = {
		[EFIMAP_LOADER_KEXEC_TOOLS] = CONCERNS_KEXEC_LOAD,
		[EFIMAP_LOADER_KERNEL] = CONCERNS_KEXEC_FILE_LOAD,
		[EFIMAP_LOADER_ANY] = CONCERNS_KEXEC_LOAD | CONCERNS_KEXEC_FILE_LOAD,
	};
	const uint8_t question = concerns & (CONCERNS_KEXEC | CONCERNS_KDUMP);
	const uint8_t loader = concerns & (CONCERNS_KEXEC_LOAD | CONCERNS_KEXEC_FILE_LOAD);

	return (!question || question & questions[load->question]) &&
	       (!loader || loader & loaders[load->loader]);
}

static const struct rule_variant *variant_of(const struct match *match)
{
	const struct rule_variant *variants = &rule_variants[match->rule->variants];

	_Static_assert(VARIANT_COUNT <= UINT8_MAX, "a uint8_t can hold every variant");
	for (size_t i = 1; i < match->rule->n_variants; i++)
		if (variants[i].as == match->as)
			return &variants[i];
	return variants;
}

bool match_fact(struct match *match, struct fact test)
{
	if (test.because)
		set_text(match, VALUE_WHY, test.because);
	return fact_is_yes(test);
}

bool match_hinted(struct match *match, struct fact test, struct fact hint,
		  enum rule_variant_id hinted)
{
	if (!fact_is_unknown(test))
		return match_fact(match, test);
	if (fact_is_yes(hint))
		use_variant(match, hinted);
	return match_fact(match, hint);
}

/* docs/fault-matrix.md lists these 10 tests, in which the faults were outside runtime code. */
#define SPARED "Not every firmware uses this region: runtime services failed in 6 of 10 such tests"

/* Return whether firmware calls that do not use the entries of the finding lower its certainty. */
static bool grade(const struct match *match, const struct rule_variant *variant,
		  struct finding *finding)
{
	const struct facts_for_rules *c = &match->run->facts;
	enum outcome outcome = (enum outcome)variant->outcome;
	bool is_lowered;

	if (variant->unneeded >= 0 && !match->is_needed)
		outcome = (enum outcome)variant->unneeded;
	if (match->outcome >= 0)
		outcome = (enum outcome)match->outcome;
	finding->certainty = EFIMAP_CERTAIN;
	if (match->certainty >= 0)
		finding->certainty = (enum certainty)match->certainty;
	else if (variant->certainty >= 0)
		finding->certainty = (enum certainty)variant->certainty;
	/*
	 * Every firmware call executes runtime code, so a fault in all entries of runtime code
	 * makes all calls fail. If only a part of the code or only data is faulty, calls that use
	 * other entries succeed, so the effect is not certain. An entry that was not read may be
	 * runtime code.
	 */
	is_lowered = finding->certainty == EFIMAP_CERTAIN && !c->kernel_32bit &&
		     outcome == EFIMAP_OUTCOME_NO_RUNTIME && finding->n_entries > 0 &&
		     (match->n_code < c->n_runtime_code || !c->complete);
	if (is_lowered)
		finding->certainty = EFIMAP_CHANCE;
	/* No loader passes the map of a 32-bit kernel, so faults in the map have no effect. */
	if (c->kernel_32bit &&
	    (outcome == EFIMAP_OUTCOME_NO_RUNTIME || outcome == EFIMAP_OUTCOME_ENTRY_DROPPED))
		outcome = EFIMAP_OUTCOME_NONE;
	if (outcome == EFIMAP_OUTCOME_NONE)
		finding->certainty = EFIMAP_CERTAIN;
	finding->outcome = outcome;
	finding->concerns = variant->concerns;
	return is_lowered;
}

/*
 * Of the findings beyond the limit, keep only the number, the entries, the loads that they concern,
 * and the worst outcome with its certainty.
 */
static void omit(struct omitted_findings *omitted, const struct finding *finding)
{
	omitted->findings++;
	if (finding->outcome > omitted->outcome ||
	    (finding->outcome == omitted->outcome && finding->certainty < omitted->certainty)) {
		omitted->outcome = finding->outcome;
		omitted->certainty = finding->certainty;
	}
	omitted->concerns = finding->concerns ? omitted->concerns | finding->concerns : 0;
	for (size_t i = 0; i < finding->n_entries; i++)
		list_add(&omitted->entries, finding->entries[i]);
}

/* Set the evidence of a finding: the facts of the variant, and those that the predicate added. */
static void set_evidence(struct match *match, const struct rule_variant *variant,
			 struct finding *finding)
{
	const struct rule_fact *facts = &rule_facts[variant->facts];
	struct evidence *evidence =
		arena_alloc(&match->run->report->arena,
			    (variant->n_facts + match->n_evidence) * sizeof(*evidence));

	finding->evidence = evidence;
	for (size_t i = 0; i < variant->n_facts; i++) {
		struct evidence *fact = &evidence[finding->n_evidence];

		fact->source = format_sentence(match, facts[i].source);
		fact->value = format_sentence(match, facts[i].value);
		finding->n_evidence += fact->source && fact->value;
	}
	for (size_t i = 0; i < match->n_evidence; i++)
		evidence[finding->n_evidence++] = match->evidence[i];
}

/*
 * Record a finding, unless the rule is run for a load that the finding does not concern. If a value
 * of the message was not set, the predicate or the text of the rule has a bug.
 */
static void record(struct rule_run *run, struct match *match)
{
	const struct rule_variant *variant = variant_of(match);
	struct omitted_findings *omitted = &run->omitted[rule_id_of(match->rule)];
	struct finding finding = {
		.rule = rule_get(rule_id_of(match->rule)),
		.variant = (uint8_t)match->as,
		.entries = match->entries.indices,
		.n_entries = match->entries.count,
	};
	const bool is_lowered = grade(match, variant, &finding);

	if (run->facts.load && !is_load_concerned(run->facts.load, finding.concerns))
		return;
	finding.severity = severity_of(finding.outcome, finding.certainty);
	finding.is_untested = variant->is_untested && finding.certainty == EFIMAP_UNKNOWN;
	finding.fallback = (enum fallback)variant->fallback;
	finding.shown = (enum shown)variant->shown;
	sort_items(match->entries.indices, match->entries.count, sizeof(*match->entries.indices),
		   order_at_32);
	if (omitted->matched == MAX_FINDINGS_OF_RULE) {
		omit(omitted, &finding);
		return;
	}
	finding.message = format_sentence(match, variant->finding);
	assert(finding.message);
	set_evidence(match, variant, &finding);
	if (finding.outcome != EFIMAP_OUTCOME_NONE)
		finding.why = format_sentence(match, variant->why);
	if (is_lowered && finding.why)
		finding.why = arena_printf(&run->report->arena, "%s. " SPARED, finding.why);
	finding.condition = format_sentence(match, variant->condition);
	finding.advice = format_sentence(match, variant->advice);
	finding.command = format_sentence(match, variant->command);
	finding.first = format_sentence(match, variant->first);
	finding.second = format_sentence(match, variant->second);
	omitted->matched++;
	report_add(run->report, &finding);
}

void finish_finding(struct match *match)
{
	record(match->run, match);
	match_free(match);
	match_begin(match, match->run, match->rule, &(const struct subject){ 0 });
}

static void gather(struct rule_run *run, struct match *match)
{
	struct match *all;
	size_t at = 0;

	while (at < run->n_gathered &&
	       (run->gathered[at].rule != match->rule || run->gathered[at].as != match->as))
		at++;
	if (at == run->n_gathered) {
		array_append(&run->gathered, &run->n_gathered, &run->gathered_capacity, match,
			     sizeof(*match));
		/* The copy in run->gathered now owns the entries and the evidence. */
		match->entries = (struct list){ 0 };
		match->evidence = NULL;
		return;
	}
	all = &run->gathered[at];
	all->is_needed |= match->is_needed;
	all->n_code += match->n_code;
	for (size_t i = 0; i < match->entries.count; i++)
		add_finding_index(all, match->entries.indices[i]);
}

void visit_subject(struct rule_run *run, const struct subject *on)
{
	for (size_t i = 0; i < run->n_asked; i++) {
		const struct rule_binding *rule = run->asked[i];
		auto_cleanup(match_free) struct match match;

		match_begin(&match, run, rule, on);
		if (!run->plan->predicates[rule_id_of(rule)](&run->facts, &match))
			continue;
		if (on->entry && match.entries.count == 0) {
			add_finding_entry(&match, on->entry);
			if (on->other)
				add_finding_entry(&match, on->other);
		}
		if (variant_of(&match)->together)
			gather(run, &match);
		else
			record(run, &match);
	}
}

static void walk_capture(struct rule_run *run)
{
	visit_subject(run, &(const struct subject){ 0 });
}

static void walk_flagged(struct rule_run *run, uint8_t flags)
{
	for (size_t i = 0; i < run->facts.map->n_entries; i++)
		if ((run->facts.flags[i] & flags) == flags)
			visit_subject(run,
				      &(const struct subject){ i, &run->facts.map->entries[i] });
}

void walk_entries(struct rule_run *run)
{
	walk_flagged(run, 0);
}

static void walk_sound_entries(struct rule_run *run)
{
	walk_flagged(run, ENTRY_FLAG_PHYS_SOUND);
}

static void walk_differences(struct rule_run *run)
{
	run->plan->walk_differences(run);
}

static void (*const walks[SUBJECT_COUNT])(struct rule_run *run) = {
	[SUBJECT_CAPTURE] = walk_capture,
	[SUBJECT_DIFFERENCE] = walk_differences,
	[SUBJECT_ENTRY] = walk_entries,
	[SUBJECT_RECEIVED_DATA] = walk_capture,
	[SUBJECT_LOG] = walk_capture,
	[SUBJECT_MAP_FAULT] = walk_map_faults,
	[SUBJECT_POINTER] = walk_pointers,
	[SUBJECT_SHARED_PAGE] = walk_shared_pages,
	[SUBJECT_SOUND_ENTRY] = walk_sound_entries,
	[SUBJECT_TARGET] = walk_targets,
	[SUBJECT_VIRTUAL_PAIR] = walk_virtual_pairs,
};

/* Return whether a load meets all conditions in a set of LOADS_... */
static bool is_load_meant(const struct load_case *load, uint8_t loads)
{
	const uint8_t met =
		(uint8_t)((load->question == EFIMAP_QUESTION_KEXEC ? LOADS_KEXEC : LOADS_KDUMP) |
			  (load->loader == EFIMAP_LOADER_KEXEC_TOOLS ? LOADS_KEXEC_LOAD : 0) |
			  (load->loader == EFIMAP_LOADER_KERNEL ? LOADS_KEXEC_FILE_LOAD : 0) |
			  (load->is_loaded ? 0 : LOADS_TO_COME) |
			  (load->is_from_log ? LOADS_FROM_LOG : LOADS_COMPUTED));

	return (loads & met) == loads;
}

void run_rules(struct rule_run *run, const struct load_case *load, enum asked asked,
	       struct report *report)
{
	run->facts.lacks |= EFIMAP_NEEDS_IMAGE;
	if (load && load_has_image(load))
		run->facts.lacks &= ~EFIMAP_NEEDS_IMAGE;
	run->report = report;
	run->facts.load = load;
	/* For each kind of subject, select the rules, then run them on all subjects. */
	for (unsigned int on = 0; on < SUBJECT_COUNT; on++) {
		run->n_asked = 0;
		for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
			if (rule_bindings[id].rule_subject != on ||
			    rule_bindings[id].asked != asked ||
			    !(run->plan->families & FAMILY_BIT(rule_table[id].family)) ||
			    (load &&
			     rule_table[id].needs & run->facts.lacks & EFIMAP_NEEDS_IMAGE) ||
			    (run->plan->wants && !run->plan->wants(run, id)))
				continue;
			if (!load || is_load_meant(load, rule_bindings[id].loads))
				run->asked[run->n_asked++] = &rule_bindings[id];
		}
		if (run->n_asked > 0)
			walks[on](run);
		for (size_t i = 0; i < run->n_gathered; i++) {
			record(run, &run->gathered[i]);
			match_free(&run->gathered[i]);
		}
		run->n_gathered = 0;
	}
	/* Report the omitted findings of a rule in one finding. */
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		const struct omitted_findings *omitted = &run->omitted[id];
		struct finding finding = {
			.rule = rule_get(id),
			.certainty = omitted->certainty,
			.outcome = omitted->outcome,
			.concerns = omitted->concerns,
			.entries = omitted->entries.indices,
			.n_entries = omitted->entries.count,
		};

		if (omitted->findings) {
			finding.message = arena_printf(
				&report->arena,
				"%zu more finding%s of this rule not listed (limit: %d)",
				omitted->findings, omitted->findings == 1 ? "" : "s",
				MAX_FINDINGS_OF_RULE);
			report_add(report, &finding);
		}
		free(omitted->entries.indices);
	}
	memset(run->omitted, 0, sizeof(run->omitted));
	run->facts.load = NULL;
}

void open_rules(const struct efimap *map, const struct verify_options *options,
		const struct rule_plan *plan, struct rule_run *run)
{
	*run = (struct rule_run){ .plan = plan };
	find_facts(&run->facts, map, options, !plan->as_listed);
	run->facts.data = plan->data;
}

void close_rules(struct rule_run *run)
{
	free(run->gathered);
	free_facts(&run->facts);
}

void run_rule_plan(const struct efimap *map, const struct verify_options *options,
		   const struct rule_plan *plan, struct report *report)
{
	struct rule_run run;

	open_rules(map, options, plan, &run);
	run_rules(&run, NULL, ASKED_ONCE, report);
	close_rules(&run);
	report_seal(report);
}
