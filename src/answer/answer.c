/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predict the outcome of one load: collect its findings, and compute the range of its effects. */
#include <string.h>

#include "answer/answer.h"
#include "base/text_scan.h"
#include "capture/needed_files.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"
#include "rules/unread_files.h"

/*
 * Set the memory that a load may use, and the placement of its segments. A load whose segments were
 * read from a log is not changed.
 */
static void place_load(const struct machine *machine, struct load_case *load)
{
	const struct load_memory *memory;

	if (load->is_from_log)
		return;
	memory = &machine->memory[load->loader];
	load->has_crash = load->question == EFIMAP_QUESTION_KDUMP &&
			  (memory->crash_reason == EFIMAP_PLACED || memory->crash.last > 0);
	load->crash = memory->crash;
	if (load->plan.reserved.last > 0) {
		load->has_crash = true;
		load->crash = load->plan.reserved;
	}
	load->ram = memory->ram;
	load->n_ram = memory->n_ram;
	if (load->plan.image)
		place_segments(machine->map, memory, &load->plan, &load->placement);
	else
		load->placement = (struct placement){
			.reason = memory->reason != EFIMAP_PLACED ? memory->reason
								  : EFIMAP_UNPLACED_NO_SIZE,
		};
}

/*
 * Find out whether the loader may load the kernel of a placed load. Set @load->is_refused, and drop
 * the segments of a refused unified kernel image. @own receives the findings.
 */
static void admit_load(struct machine *machine, struct load_case *load, struct report *own)
{
	const struct finding *refusal;

	run_rules(&machine->rules.run, load, ASKED_FIRST, own);
	refusal = find_refusal(own);
	load->is_refused = refusal != NULL;
	if (refusal && refusal->rule->id == EFIMAP_RULE_LOAD_UNIFIED)
		load->placement.count = 0;
}

bool falls_back_from(const struct machine *machine, const struct load_case *load,
		     const struct report *own)
{
	const struct finding *refusal = find_refusal(own);

	/*
	 * A refused load may use up the last permitted load, because the kernel counts each
	 * permitted call, even if the call fails later (kexec_load_permitted).
	 */
	return refusal && load->falls_back && refusal->fallback &&
	       (refusal->fallback == EFIMAP_FALLBACK_UNCOUNTED ||
		machine_load_limit(machine, load->question) != 1);
}

bool answer_has_finding(const struct answer *answer, const struct finding *finding)
{
	return !answer->load.is_refused && is_load_concerned(&answer->load, finding->concerns);
}

bool finding_depends_on_segments(const struct finding *finding)
{
	switch (finding->rule->family) {
	case FAMILY_IOMEM:
	case FAMILY_KEXEC:
	case FAMILY_MEMMAP:
		return finding->certainty != EFIMAP_CERTAIN;
	default:
		return false;
	}
}

/*
 * Return whether the own findings of an answer may not apply, because they may be about files other
 * than those of the loaded crash kernel: the kernel could not be loaded, or the record of the load
 * is older than the last boot.
 */
static bool is_doubted(const struct machine *machine, const struct answer *answer)
{
	return answer->load.is_loaded &&
	       (answer->load.is_refused || machine->state->record.is_old == EFIMAP_KNOWN_YES);
}

/* Return the certainty of an own finding if other files may have been loaded. */
static enum certainty doubt(const struct answer *answer, const struct finding *finding)
{
	return !answer->load.is_loaded || finding->certainty == EFIMAP_CONDITION
		       ? finding->certainty
		       : EFIMAP_UNKNOWN;
}

/* Return whether @a is a better headline than @b, of reasons with unknown effects. */
static bool is_better_headline(const struct reason *a, const struct reason *b)
{
	/* A reason that no further data can change stands before one that asks for data. */
	const bool a_is_final = a->finding->advice || a->finding->is_untested;
	const bool b_is_final = b->finding->advice || b->finding->is_untested;
	/* If the parameters are unknown, the amount of memory that they request is unknown, too. */
	const bool a_is_setting = a->finding->rule->id == EFIMAP_RULE_CRASH_SETTINGS;
	const bool b_is_setting = b->finding->rule->id == EFIMAP_RULE_CRASH_SETTINGS;

	if ((a->finding->consequence >= EFIMAP_OUTCOME_NO_RUNTIME) !=
	    (b->finding->consequence >= EFIMAP_OUTCOME_NO_RUNTIME))
		return a->finding->consequence > b->finding->consequence;
	if (a_is_setting != b_is_setting)
		return a_is_setting;
	if (a_is_final != b_is_final)
		return a_is_final;
	return false;
}

/*
 * Return whether a reason replaces the headline @than of reasons that are certain or a matter of
 * chance. Of reasons with equal effect and certainty, the one that comes first in a sorted report
 * is the headline. An incomplete initrd precedes them, because other loads, and a reboot through
 * the firmware, fail with this initrd as well.
 */
static bool is_worse(const struct reason *reason, const struct reason *than)
{
	const bool is_cut = reason->finding->rule->id == EFIMAP_RULE_INITRD_CUT;

	if (reason->finding->consequence != than->finding->consequence)
		return reason->finding->consequence > than->finding->consequence;
	if (reason->certainty != than->certainty)
		return reason->certainty < than->certainty;
	if (is_cut != (than->finding->rule->id == EFIMAP_RULE_INITRD_CUT))
		return is_cut;
	return finding_compare(reason->finding, than->finding) < 0;
}

static void take_reason(struct answer *answer, const struct finding *finding,
			enum certainty certainty)
{
	struct reason *reason = &answer->reasons[answer->n_reasons];
	const enum outcome effect = finding->consequence;

	if (effect == EFIMAP_OUTCOME_NONE || finding->not_checked)
		return;
	/* A crash kernel that was loaded before a firmware call faulted has received EFI data. */
	if (answer->load.is_loaded && certainty == EFIMAP_CERTAIN &&
	    finding->rule->id == EFIMAP_RULE_RUNTIME_SERVICES_DISABLED)
		certainty = EFIMAP_CHANCE;
	*reason = (struct reason){ finding, certainty };
	answer->n_reasons++;
	if (certainty == EFIMAP_UNKNOWN &&
	    (!answer->unknown || is_better_headline(reason, answer->unknown)))
		answer->unknown = reason;
	if (certainty <= EFIMAP_CHANCE && (!answer->known || is_worse(reason, answer->known)))
		answer->known = reason;
	effects_add(&answer->range, effect, certainty);
	if (certainty == EFIMAP_UNKNOWN && effect == EFIMAP_OUTCOME_NO_BOOT)
		answer->is_hazard_seen |= finding->is_hazard_seen;
}

void add_not_checked(struct not_checked *items, size_t *count, const struct not_checked *item)
{
	for (size_t i = 0; i < *count; i++) {
		if (strcmp(items[i].check, item->check) != 0 &&
		    strcmp(items[i].text, item->text) != 0)
			continue;
		items[i].unseen = unite_effects(items[i].unseen, item->unseen);
		items[i].is_excluded &= item->is_excluded;
		items[i].is_reason &= item->is_reason;
		return;
	}
	items[(*count)++] = *item;
}

/*
 * Return the phrase after "Not checked:" for a finding with an unknown effect. Most such findings
 * begin with "it is unknown whether".
 */
static const char *word_unknown(struct answer *answer, const struct finding *finding)
{
	static const char unknown[] = "it is unknown ";
	const size_t len = strlen(unknown);

	return strncmp(finding->message, unknown, len) == 0
		       ? finding->message + len
		       : arena_printf(&answer->own->arena, "whether this happens: %s",
				      finding->message);
}

/* Return the source because of which a rule was skipped, or EFIMAP_SRC_COUNT. */
static enum source source_of_skip(const struct skip *skip)
{
	unsigned int source = 0;

	while (source < EFIMAP_SRC_COUNT &&
	       (!skip->source || strcmp(path_of_source(source), skip->source) != 0))
		source++;
	return (enum source)source;
}

/* Return whether the kernel certainly lacks a runtime map, so that no loader passes one. */
static bool is_without_map(const struct efimap *map)
{
	const struct no_map no_map = find_no_map(map);

	return no_map.kind == EFIMAP_MAP_ABSENT && !no_map.may_be_uncollected;
}

/*
 * List the rules of both reports that were skipped for one reason, unless they are in the list. Of
 * more than three rules, the first two are named.
 */
static void list_skipped(const struct efimap *map, const struct report *const reports[2],
			 const struct skip *first, struct answer *answer)
{
	const enum source source = source_of_skip(first);
	const enum needed_file_id file = file_of_source(source);
	struct not_checked item = { .check = first->name ?: first->rule->name,
				    .name = first->name ?: rule_short_name(first->rule),
				    .source = first->source };
	const char *names[3] = { NULL };
	size_t count = 0;

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < reports[i]->n_skipped; k++) {
			const struct skip *skip = &reports[i]->skipped[k];

			if (!outcomes_of_rule(skip->rule->id, &answer->load) ||
			    strcmp(skip->why, first->why) != 0)
				continue;
			if (count == 0 && skip != first)
				return;
			if (count < 3)
				names[count] = skip->rule->name;
			count++;
			item.unseen.outcomes |= outcomes_of_rule(skip->rule->id, &answer->load);
			rule_set_add(&item.unseen.rules, skip->rule->id);
		}
	if (count == 1)
		item.text = arena_printf(&answer->own->arena, "the rule %s, because %s", names[0],
					 first->why);
	else if (count == 2)
		item.text = arena_printf(&answer->own->arena, "the rules %s and %s, because %s",
					 names[0], names[1], first->why);
	else if (count == 3)
		item.text = arena_printf(&answer->own->arena, "the rules %s, %s and %s, because %s",
					 names[0], names[1], names[2], first->why);
	else
		item.text = arena_printf(&answer->own->arena,
					 "%zu rules (%s, %s and others), because %s", count,
					 names[0], names[1], first->why);
	item.is_excluded = source == EFIMAP_SRC_RUNTIME_MAP && is_without_map(map);
	if (file < EFIMAP_N_NEEDED_FILES) {
		item.check = needed_files[file].id;
		item.unseen = unite_effects(item.unseen, unseen_of_file(file, &answer->load));
	} else if (source == EFIMAP_SRC_RUNTIME_MAP) {
		item.unseen = unite_effects(item.unseen, unseen_of_source(source, &answer->load));
	}
	add_not_checked(answer->not_checked, &answer->n_not_checked, &item);
}

/*
 * List a source of which only a part was read. A finding names the part, and the rules that need
 * the source ignored it.
 */
static void list_incomplete(const struct machine *machine, enum source source,
			    struct answer *answer)
{
	const struct efimap *map = machine->map;
	const enum needed_file_id file = file_of_source(source);
	const bool lacks_entries = source == EFIMAP_SRC_RUNTIME_MAP
					   ? machine->why_unknown || map->n_entries == 0
				   : source == EFIMAP_SRC_MEMMAP ? map->n_memmap == 0
								 : false;
	struct not_checked item = { .unseen = unseen_of_source(source, &answer->load),
				    .is_reason = true };

	if (!item.unseen.outcomes || map->states[source] == EFIMAP_STATE_ABSENT ||
	    (!lacks_entries && has_all_of(map, source)))
		return;
	/* The rule source-unread reports the files of the table, unless only facts need them. */
	if (file < EFIMAP_N_NEEDED_FILES && !(needed_files[file].asked & EFIMAP_ASKED_FACTS))
		return;
	item.source = path_of_source(source);
	item.check = last_part(item.source);
	item.text = arena_printf(&answer->own->arena, "the parts of %s that could not be read",
				 item.source);
	add_not_checked(answer->not_checked, &answer->n_not_checked, &item);
}

/*
 * List what could not be looked at: the findings about data that nothing suggests to matter, and
 * the skipped rules that have an effect, even if it is never certain.
 */
static void list_not_checked(const struct machine *machine, struct answer *answer)
{
	const struct report *reports[] = { answer->own, machine->report };
	const size_t most = answer->own->n_findings + answer->own->n_skipped +
			    machine->report->n_skipped + EFIMAP_SRC_COUNT;

	answer->not_checked = arena_alloc(&answer->own->arena, most * sizeof(*answer->not_checked));
	for (size_t i = 0; i < answer->own->n_findings; i++) {
		const struct finding *finding = &answer->own->findings[i];
		struct not_checked item;

		/* An unknown effect that is at most a warning does not change the answer. */
		const bool is_harmless = finding->certainty == EFIMAP_UNKNOWN &&
					 finding->consequence != EFIMAP_OUTCOME_NONE &&
					 !outcome_is_bad(finding->consequence);

		/* A file that cannot be read may have effects other than the worst. */
		const bool is_unread = finding->file < EFIMAP_N_NEEDED_FILES;

		if (!finding->not_checked && !is_harmless && !is_unread)
			continue;
		item = (struct not_checked){
			.check = finding->check ? finding->check : finding->rule->name,
			.name = finding->not_checked ? finding->not_checked
						     : rule_short_name(finding->rule),
			.source = finding->source,
			.text = finding->not_checked || is_unread ? finding->message
								  : word_unknown(answer, finding),
			.unseen = finding->unseen,
			.is_excluded = finding->is_excluded,
			.is_reason = is_unread && !finding->not_checked,
		};
		if (is_harmless && !finding->not_checked && !is_unread)
			item.unseen.outcomes = OUTCOME_BIT(finding->consequence);
		add_not_checked(answer->not_checked, &answer->n_not_checked, &item);
	}
	for (size_t i = 0; i < 2 && !answer->load.is_refused; i++)
		for (size_t k = 0; k < reports[i]->n_skipped; k++) {
			const struct skip *skip = &reports[i]->skipped[k];

			if (outcomes_of_rule(skip->rule->id, &answer->load))
				list_skipped(machine->map, reports, skip, answer);
		}
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		list_incomplete(machine, (enum source)source, answer);
}

/* Add the findings with an effect to the answer, and compute its range. */
static void take_findings(const struct machine *machine, struct answer *answer, bool is_doubtful)
{
	const struct report *shared = machine->report, *own = answer->own;

	answer->range = (struct effects){ .known = EFIMAP_OUTCOME_NONE };
	answer->known = answer->unknown = NULL;
	answer->is_hazard_seen = false;
	answer->n_reasons = 0;
	answer->reasons = arena_alloc(&answer->own->arena, (shared->n_findings + own->n_findings) *
								   sizeof(*answer->reasons));
	for (size_t i = 0; i < own->n_findings; i++)
		take_reason(answer, &own->findings[i],
			    is_doubtful ? doubt(answer, &own->findings[i])
					: own->findings[i].certainty);
	for (size_t i = 0; i < shared->n_findings; i++)
		if (answer_has_finding(answer, &shared->findings[i]))
			take_reason(answer, &shared->findings[i], shared->findings[i].certainty);
}

struct answer answer_load(struct machine *machine, const struct load_case *load, bool is_silent)
{
	struct rule_run *run = &machine->rules.run;
	struct answer answer = { .load = *load, .own = report_new() };

	run->is_silent = is_silent;
	place_load(machine, &answer.load);
	admit_load(machine, &answer.load, answer.own);
	if (!answer.load.is_refused) {
		run_rules(run, &answer.load, ASKED_LOADS, answer.own);
	}
	take_findings(machine, &answer, false);
	/* Findings about files that were perhaps not loaded matter only if they are bad. */
	if (answer.range.known > EFIMAP_OUTCOME_NONE && is_doubted(machine, &answer))
		take_findings(machine, &answer, true);
	if (!is_silent)
		list_not_checked(machine, &answer);
	run->is_silent = false;
	return answer;
}

void answer_free(struct answer *answer)
{
	report_free(answer->own);
	answer->own = NULL;
}
