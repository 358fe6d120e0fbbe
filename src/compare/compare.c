/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Check whether two captures can be compared, find their relation, and run the drift rules. */
#include <stdlib.h>

#include "capture/boot_params.h"
#include "compare/compare.h"
#include "compare/compared_captures.h"
#include "compare/match_entries.h"
#include "compare/relation.h"
#include "infer/booted_by.h"
#include "rules/outcome.h"
#include "rules/received_setup_data.h"
#include "rules/unread_verdict.h"

/* Return whether a rule reports that captures are unrelated. No other rule checks such captures. */
static bool is_for_unrelated(struct rule_run *run, enum rule_id rule)
{
	return rule == EFIMAP_RULE_DRIFT_NOT_KEXEC || rule == EFIMAP_RULE_DRIFT_OTHER_MACHINE ||
	       rule == EFIMAP_RULE_DRIFT_TABLE;
}

/*
 * Return whether a rule runs. If FIRST or SECOND lacks data that the rule needs, note the first
 * missing data.
 */
static bool wants_to_compare(struct rule_run *run, enum rule_id rule)
{
	static const char *const names[] = { "FIRST", "SECOND" };
	const struct compared_captures *compared = compared_of(&run->facts);
	const struct efimap *maps[] = { compared->first, compared->second };
	const bool is_of_difference = rule_bindings[rule].rule_subject == SUBJECT_DIFFERENCE;
	const uint32_t needs = rule_get(rule)->needs;

	if ((is_of_difference && !compared_are_comparable(compared)) ||
	    (rule_bindings[rule].rule_subject == SUBJECT_ENTRY && compared->first->n_entries == 0))
		return false;
	/* The following rules check for missing sources themselves, or need no source. */
	if (rule == EFIMAP_RULE_DRIFT_NO_MAP || rule == EFIMAP_RULE_DRIFT_NOT_KEXEC ||
	    rule == EFIMAP_RULE_DRIFT_OTHER_MACHINE || rule == EFIMAP_RULE_DRIFT_SETUP_DATA ||
	    (is_of_difference && rule != EFIMAP_RULE_DRIFT_VIRT))
		return true;
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		for (size_t i = 0; i < 2; i++)
			if (needs & EFIMAP_NEEDS(source) && !capture_has(maps[i], source)) {
				note_skipped_rule(run, rule, "%s: %s was not read", names[i],
						  path_of_source(source));
				return false;
			}
	for (size_t i = 0; i < 2; i++)
		if (rule_lacks(maps[i], needs)) {
			note_skipped_rule(run, rule, "%s lacks %s", names[i],
					  rule_lacks(maps[i], needs));
			return false;
		}
	return true;
}

static void walk_differences(struct rule_run *run)
{
	const struct compared_captures *compared = compared_of(&run->facts);

	for (size_t i = 0; i < compared->n_differences; i++)
		visit_subject(run, &(const struct subject){ .entry = compared->differences[i].entry,
							    .thing = &compared->differences[i] });
}

static bool is_anything_compared(const struct compared_captures *compared)
{
	static const enum source sources[] = {
		EFIMAP_SRC_FW_VENDOR,
		EFIMAP_SRC_CONFIG_TABLE,
		EFIMAP_SRC_SYSTAB,
		EFIMAP_SRC_MEMMAP,
	};
	const struct efimap *first = compared->first;
	struct efi_payload payload;

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (compared_have(compared, sources[i]))
			return true;
	/* drift-setup-data needs only the SETUP_EFI payload of SECOND and one address in FIRST. */
	if (compared_are_kexec_pair(compared) &&
	    (capture_has(first, EFIMAP_SRC_FW_VENDOR) || capture_has(first, EFIMAP_SRC_SYSTAB) ||
	     capture_has(first, EFIMAP_SRC_CONFIG_TABLE)) &&
	    efi_payload_find(compared->second, &payload))
		return true;
	return first->n_entries > 0 || compared_are_comparable(compared) ||
	       (compared_have(compared, EFIMAP_SRC_EFI) && compared_have_system_table(compared));
}

/* Report that a map, or its file @where, cannot be compared. */
static void refuse(struct report *report, const struct efimap *map, enum verdict verdict,
		   const char *where, const char *why)
{
	report_note_unread(report, verdict, "%s: %s%s%s", map->name, where ? where : "",
			   where ? ": " : "", why);
	report->refused = true;
}

/*
 * Refuse a map that could not be read or is incomplete, because compare would report the entries
 * that were not read as lost or extra.
 */
static void refuse_map(struct report *report, const struct efimap *map)
{
	static const char denied[] = "readable only by root";

	if (capture_hides_firmware(map)) {
		refuse(report, map, EFIMAP_VERDICT_DENIED, NULL, EFIMAP_FIRMWARE_HIDDEN);
		return;
	}
	if (is_map_denied(map)) {
		refuse(report, map, EFIMAP_VERDICT_DENIED, path_of_source(EFIMAP_SRC_RUNTIME_MAP),
		       denied);
		return;
	}
	/* The kernel numbers the entries from 0, so an entry in a gap was not copied. */
	if (map->n_names > 0 && map->names[map->n_names - 1] >= map->n_names) {
		refuse(report, map, EFIMAP_VERDICT_INCOMPLETE,
		       path_of_source(EFIMAP_SRC_RUNTIME_MAP),
		       "an entry is missing, because the numbers have a gap");
		return;
	}
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct capture_fault *fault = &map->faults[i];
		const bool is_denied = fault->state == EFIMAP_STATE_DENIED;
		const bool of_log = fault->source == EFIMAP_SRC_KERNEL_LOG &&
				    map->map_from != EFIMAP_MAP_FROM_FILES;

		if ((fault->source != EFIMAP_SRC_EFI && fault->source != EFIMAP_SRC_RUNTIME_MAP &&
		     !of_log) ||
		    fault_is_of_tables(fault) || fault->state == EFIMAP_STATE_NAME ||
		    fault->state == EFIMAP_STATE_LINES_IGNORED)
			continue;
		refuse(report, map, is_denied ? EFIMAP_VERDICT_DENIED : EFIMAP_VERDICT_UNREADABLE,
		       fault->where, is_denied ? denied : fault->text);
		return;
	}
}

/* Note that a capture does not show its map, or that the list of EFI tables in a log is damaged. */
static void note_incomplete(struct report *report, const struct efimap *map)
{
	const struct capture_fault *fault = find_table_fault(map);
	const char *why = why_map_unknown(map);

	if (!why && fault && map->map_from != EFIMAP_MAP_FROM_FILES) {
		if (fault->line) {
			report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "%s:%u: %s",
					   map->name, fault->line, fault->text);
			return;
		}
		why = fault->text;
	}
	if (why)
		report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "%s: %s", map->name, why);
}

static void run_compare_rules(struct compared_captures *compared)
{
	const struct verify_options options = { 0 };
	const struct efimap *maps[] = { compared->first, compared->second };
	const bool are_unrelated = compared_are_unrelated(compared);
	const struct rule_plan plan = {
		.as_listed = true,
		.families = FAMILY_BIT(FAMILY_DRIFT) | FAMILY_BIT(FAMILY_ENVIRONMENT_DRIFT),
		.wants = are_unrelated ? is_for_unrelated : wants_to_compare,
		.predicates = compare_predicates,
		.walk_differences = walk_differences,
		.data = compared,
	};
	struct report *report = compared->result->report;
	struct setup setup = setup_of(compared->second);

	if (!are_unrelated) {
		compare_maps(compared);
		compare_environment(compared);
	}
	report_unread_pair(compared->first, compared->second, report);
	for (size_t i = 0; !are_unrelated && i < 2; i++)
		if (report->missed == EFIMAP_VERDICT_PASS)
			note_incomplete(report, maps[i]);
	run_rule_plan(compared->first, &options, &plan, report);
	/*
	 * If kexec started SECOND, check its setup_data with the rules of verify. The number of
	 * runtime map entries is not checked, because compare_maps() compares each entry.
	 */
	setup.has_count = false;
	if (compared_are_kexec_pair(compared) &&
	    find_booted_by(compared->second) == EFIMAP_BOOTED_BY_KEXEC)
		check_setup_data(compared->second, &setup, report);
	if (!are_unrelated && !is_anything_compared(compared)) {
		report->n_findings = 0;
		report->refused = true;
		if (report->missed == EFIMAP_VERDICT_PASS)
			report_note_unread(
				report, EFIMAP_VERDICT_NOT_APPLICABLE,
				"no runtime map, firmware pointer or memmap is in both FIRST and "
				"SECOND, so nothing can be compared");
	}
	report_seal(report);
	report->fails |= report->counts[EFIMAP_WARNING] > 0;
}

static const struct finding *find_of_rule(const struct report *report, enum rule_id rule)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].rule->id == rule)
			return &report->findings[i];
	return NULL;
}

static bool is_plain_log(const struct efimap *map)
{
	return find_first_origin(map) == EFIMAP_ORIGIN_LOG &&
	       map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT;
}

/* Return why it is unknown whether a kexec'd SECOND with a map could use EFI, or "". */
static const char *why_use_unknown(const struct compared_captures *compared)
{
	const struct received *received = compared->result->received;

	if (!received || received->verdict != EFIMAP_VERDICT_CANNOT_TELL ||
	    compared->second->n_entries == 0 ||
	    find_booted_by(compared->second) != EFIMAP_BOOTED_BY_KEXEC)
		return "";
	return received->died_of ?: report_why_unknown(received->report);
}

/* Return the verdict. If several verdicts apply, the most fundamental problem takes precedence. */
static enum verdict verdict_of(const struct compared_captures *compared)
{
	const struct comparison *result = compared->result;
	const enum verdict verdict = report_verdict(result->report);
	const struct finding *no_map = find_of_rule(result->report, EFIMAP_RULE_DRIFT_NO_MAP);

	if (verdict == EFIMAP_VERDICT_DENIED || verdict == EFIMAP_VERDICT_UNREADABLE)
		return verdict;
	if (verdict == EFIMAP_VERDICT_NOT_APPLICABLE || result->report->refused ||
	    compared_are_unrelated(compared))
		return EFIMAP_VERDICT_NOT_COMPARABLE;
	if (no_map && no_map->outcome != EFIMAP_OUTCOME_NONE)
		return compared_are_unusable(compared) ? EFIMAP_VERDICT_DRIFT
						       : EFIMAP_VERDICT_NOT_RECEIVED;
	if (verdict == EFIMAP_VERDICT_FAIL || compared_are_unusable(compared))
		return EFIMAP_VERDICT_DRIFT;
	if (verdict == EFIMAP_VERDICT_INCOMPLETE || no_map || is_plain_log(compared->first) ||
	    is_plain_log(compared->second) || *why_use_unknown(compared))
		return EFIMAP_VERDICT_NOT_COMPARABLE;
	/* Entries that unexpectedly changed, or were lost or added, are differences. */
	for (size_t i = 0; i < result->n_matches; i++)
		if (result->matches[i].mark > EFIMAP_MARK_EXPECTED)
			return EFIMAP_VERDICT_DIFFERS;
	return EFIMAP_VERDICT_SAME;
}

static void conclude(const struct compared_captures *compared)
{
	struct comparison *result = compared->result;
	struct report *report = result->report;
	const struct finding *no_map = find_of_rule(report, EFIMAP_RULE_DRIFT_NO_MAP);
	const bool is_self = result->relation == EFIMAP_RELATION_SELF;
	const bool is_assumed = is_self && !have_boot_ids(compared->first, compared->second);
	const char *fine =
		"the second kernel booted with EFI runtime services, using the runtime map "
		"of the first kernel";

	result->verdict = verdict_of(compared);
	if (no_map && no_map->outcome == EFIMAP_OUTCOME_NONE)
		report->unseen = no_map->message;
	if (compared_are_unrelated(compared) && report->n_findings) {
		report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN, "%s",
				  report->findings[0].message);
		return;
	}
	if (is_assumed)
		fine = "the second kernel was probably not started: FIRST and SECOND seem to be "
		       "from the same boot, because nothing distinguishes them";
	else if (is_self)
		fine = "the second kernel was not started: FIRST and SECOND are from the same boot";
	report_set_outcome(report, EFIMAP_SUBJECT_SECOND, fine);
	if (compared_are_unusable(compared) && !runs_without_efi(compared->second) &&
	    report->outcome <= result->received->report->outcome)
		report_set_answer(report, result->received->report->outcome,
				  "the second kernel received EFI data, but has no EFI runtime "
				  "services: %s",
				  no_map ? finding_why(no_map) : result->received->reason);
	else if (report->outcome == EFIMAP_OUTCOME_NONE && *why_use_unknown(compared))
		report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN,
				  "it is unknown whether the second kernel could use EFI runtime "
				  "services: %s",
				  why_use_unknown(compared));
	if (result->verdict == EFIMAP_VERDICT_DRIFT && report->outcome == EFIMAP_OUTCOME_UNKNOWN)
		report_set_answer(
			report, EFIMAP_OUTCOME_UNKNOWN,
			"the captures differ: %s. It is unknown whether the second kernel "
			"could use EFI: %s",
			report->findings[0].message, report_why_unknown(report));
	else if (is_assumed && report->outcome == EFIMAP_OUTCOME_NONE)
		report->certainty = EFIMAP_CONDITION;
}

static void compared_free(struct compared_captures *compared)
{
	matching_free(&compared->matching);
	spans_free(&compared->spans);
	free(compared->differences);
}

struct comparison *compare_captures(const struct efimap *first, const struct efimap *second)
{
	struct comparison *result = array_new(1, sizeof(*result));
	__attribute__((cleanup(compared_free))) struct compared_captures compared = {
		.first = first,
		.second = second,
		.result = result,
		.matching = matching_make(first, second),
	};

	result->report = report_new();
	result->relation = find_relation(&compared.matching, &compared.why_other_machine);
	result->loaded_by =
		compared_are_kexec_pair(&compared) ? find_loaded_by(second) : EFIMAP_LOADED_BY_NONE;
	/* Use the verdict of "efimapctl received" on SECOND, so that both commands agree. */
	if (compared_are_kexec_pair(&compared))
		result->received = judge_received(second);
	refuse_map(result->report, first);
	if (!result->report->refused)
		refuse_map(result->report, second);
	if (!result->report->refused && !compared_are_unrelated(&compared) &&
	    runs_without_efi(first))
		refuse(result->report, first, EFIMAP_VERDICT_NOT_APPLICABLE, NULL,
		       "this kernel ran without EFI, so it had no EFI data to pass");
	if (!result->report->refused)
		run_compare_rules(&compared);
	conclude(&compared);
	return result;
}
