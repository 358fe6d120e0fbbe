/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Run the rules that apply to a capture. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"
#include "rules/outcome.h"
#include "rules/received_setup_data.h"
#include "rules/unread_sources.h"
#include "rules/check_capture.h"

static int miss_uncollected(const struct efimap_no_map *no_map, struct efimap_report *report)
{
	/* A verdict for denied or unreadable data takes precedence over INCOMPLETE. */
	if (!no_map->why || no_map->kind == EFIMAP_MAP_ABSENT ||
	    report->missed != EFIMAP_VERDICT_PASS)
		return 0;
	return efimap_report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "%s",
					 no_map->why);
}

static int note_untried(struct efimap_report *report)
{
	const struct efimap_skip *skip = report->skipped;
	const char *why =
		"no rule could be checked: the capture contains no data that rules need";

	if (report->n_tried || report->n_findings || report->missed || *report->unseen)
		return 0;
	if (report->n_skipped)
		why = efimap_arena_printf(&report->arena,
					  "no rule could be checked; for example, %s was "
					  "skipped: %s",
					  skip->rule->name, skip->why);
	if (!why)
		return -ENOMEM;
	report->unseen = why;
	return 0;
}

static uint32_t families_of(const struct efimap *map, const struct efimap_no_map *no_map)
{
	const uint32_t of_entries =
		FAMILY_BIT(FAMILY_PHYS) | FAMILY_BIT(FAMILY_VIRT) |
		FAMILY_BIT(FAMILY_LAYOUT) | FAMILY_BIT(FAMILY_ATTR) | FAMILY_BIT(FAMILY_OVERLAP);

	if (no_map->kind == EFIMAP_MAP_FOREIGN)
		return FAMILY_BIT(FAMILY_KERNEL_MESSAGES);
	return of_entries | FAMILY_BIT(FAMILY_MEMMAP) | FAMILY_BIT(FAMILY_IOMEM) |
	       FAMILY_BIT(FAMILY_KEXEC) | FAMILY_BIT(FAMILY_SETUP_DATA) |
	       FAMILY_BIT(FAMILY_MAP_FILES) | FAMILY_BIT(FAMILY_BOOT) |
	       FAMILY_BIT(FAMILY_KERNEL_MESSAGES);
}

int check_capture(const struct efimap *map, const struct efimap_verify_options *options,
		  const struct efimap_load_case *loads, size_t n_loads,
		  struct efimap_report *report)
{
	const struct efimap_no_map no_map = efimap_find_no_map(map);
	const struct efimap_setup setup = setup_of(map);
	const struct rule_plan plan = {
		.families = families_of(map, &no_map),
		.wants = can_try_rule,
		.predicates = rule_predicates,
		.data = &setup,
		.loads = loads,
		.n_loads = n_loads,
	};
	int ret = report_unread(map, options, report);

	if (ret == 0)
		ret = report_unread_map(map, report);
	if (ret == 0)
		ret = miss_uncollected(&no_map, report);
	if (ret == 0)
		ret = run_rule_plan(map, options, &plan, report);
	return ret == 0 ? note_untried(report) : ret;
}
