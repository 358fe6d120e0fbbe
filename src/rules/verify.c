/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging one capture: whether it can be judged at all, then every family of rules in the
 * order of the catalogue. Knows no rule.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"
#include "rules/outcome.h"
#include "rules/received_setup_data.h"
#include "rules/unread_sources.h"
#include "rules/verify.h"

static const struct efimap_verify_options default_options = EFIMAP_VERIFY_OPTIONS_INIT;

/* A log has more than its map: memory, tables, how the kernel was started, kernel messages. */
static bool is_anything_to_check(const struct efimap *map, const struct efimap_no_map *no_map)
{
	if (map->binary)
		return true;
	if (no_map->kind != EFIMAP_MAP_FOREIGN &&
	    map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT)
		return true;
	return efimap_first_origin(map) == EFIMAP_ORIGIN_LOG && map->n_complaints > 0;
}

static int miss_uncollected(const struct efimap_no_map *no_map, struct efimap_report *report)
{
	/* What may not be read, or could not be, hides more. */
	if (!no_map->why || no_map->kind == EFIMAP_MAP_ABSENT ||
	    report->missed != EFIMAP_VERDICT_PASS)
		return 0;
	return efimap_report_miss(report, EFIMAP_VERDICT_INCOMPLETE, "%s", no_map->why);
}

/* A report on which no rule was tried must not pass. */
static int note_untried(struct efimap_report *report)
{
	const struct efimap_skip *skip = report->skipped;
	const char *why = "no rule could be tried: the capture holds nothing that they look at";

	if (report->n_tried || report->n_findings || report->missed || *report->unseen)
		return 0;
	if (report->n_skipped)
		why = efimap_arena_printf(&report->arena, "no rule could be tried: %s: %s",
					  skip->rule->name, skip->why);
	if (!why)
		return -ENOMEM;
	report->unseen = why;
	return 0;
}

static uint32_t families_of(const struct efimap *map, const struct efimap_no_map *no_map)
{
	const uint32_t of_entries =
		CHECK_FAMILY(FAMILY_PHYS) | CHECK_FAMILY(FAMILY_VIRT) |
		CHECK_FAMILY(FAMILY_LAYOUT) | CHECK_FAMILY(FAMILY_ATTR) |
		CHECK_FAMILY(FAMILY_RARE_ATTRIBUTES) | CHECK_FAMILY(FAMILY_OVERLAP);

	if (no_map->kind == EFIMAP_MAP_FOREIGN)
		return CHECK_FAMILY(FAMILY_KERNEL_MESSAGES);
	if (map->binary)
		return CHECK_FAMILY(FAMILY_BINARY) | CHECK_FAMILY(FAMILY_SETUP_DATA) |
		       (map->n_entries && !is_firmware_memmap(map) ? of_entries : 0);
	return of_entries | CHECK_FAMILY(FAMILY_MEMMAP) | CHECK_FAMILY(FAMILY_IOMEM) |
	       CHECK_FAMILY(FAMILY_KEXEC) | CHECK_FAMILY(FAMILY_SETUP_DATA) |
	       CHECK_FAMILY(FAMILY_MAP_FILES) | CHECK_FAMILY(FAMILY_BOOT) |
	       CHECK_FAMILY(FAMILY_KERNEL_MESSAGES);
}

static int run_rules(const struct efimap *map, const struct efimap_no_map *no_map,
		     const struct efimap_verify_options *options,
		     struct efimap_report *report)
{
	const struct efimap_setup setup = setup_of(map);
	const struct check_plan plan = {
		.families = families_of(map, no_map),
		.wants = check_wants,
		.predicates = rule_predicates,
		.data = &setup,
	};
	int ret = check_unseen(map, options, report);

	if (ret == 0)
		ret = check_unseen_map(map, report);
	if (ret == 0 && !map->binary)
		ret = miss_uncollected(no_map, report);
	if (is_firmware_memmap(map))
		report->unseen = "this is the firmware's own map, which no kernel has made a "
				 "runtime map of: only its form was checked";
	if (ret == 0)
		ret = check_run(map, options, &plan, report);
	return ret == 0 ? note_untried(report) : ret;
}

static int check_or_refuse(const struct efimap *map, const struct efimap_no_map *no_map,
			   const struct efimap_verify_options *options,
			   struct efimap_report *report)
{
	if (!is_anything_to_check(map, no_map))
		return efimap_report_refuse(report,
					    no_map->kind == EFIMAP_MAP_WITHOUT_EFI ||
							    no_map->kind == EFIMAP_MAP_FOREIGN ?
						    EFIMAP_VERDICT_NOT_APPLICABLE :
						    EFIMAP_VERDICT_INCOMPLETE,
					    "%s", no_map->why);
	if (no_map->kind == EFIMAP_MAP_DENIED)
		return check_map_denied(map, report);
	if (no_map->kind == EFIMAP_MAP_UNREADABLE)
		return efimap_report_refuse(report, EFIMAP_VERDICT_UNREADABLE, "%s: %s",
					    no_map->fault->where, no_map->fault->text);
	return run_rules(map, no_map, options, report);
}

int efimap_verify(const struct efimap *map, const struct efimap_verify_options *options,
		  struct efimap_report **ret_report)
{
	efimap_auto_report struct efimap_report *report = NULL;
	const struct efimap_no_map no_map = efimap_find_no_map(map);
	int ret = efimap_report_new(&report);

	if (ret == 0)
		ret = check_or_refuse(map, &no_map, options ? options : &default_options, report);
	if (ret < 0)
		return ret;
	if (no_map.kind == EFIMAP_MAP_WITHOUT_EFI)
		ret = efimap_report_set_answer(report, EFIMAP_OUTCOME_NO_EFI,
					       "Next kernel: boots without EFI: %s", no_map.why);
	else
		ret = efimap_report_conclude(report, EFIMAP_SUBJECT_NEXT,
					     map->binary ? "nothing in this file prevents EFI "
							   "runtime services" :
							   "boots, with EFI runtime services");
	if (ret == 0)
		*ret_report = efimap_steal(report);
	return ret;
}
