/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Run the rules that do not depend on a load, and find out why no rule could be run. */
#include "infer/why_no_map.h"
#include "rules/map_summary.h"
#include "rules/unread_verdict.h"
#include "rules/check_capture.h"

#define X86_FAMILIES                                                                               \
	(FAMILY_BIT(FAMILY_PHYS) | FAMILY_BIT(FAMILY_VIRT) | FAMILY_BIT(FAMILY_LAYOUT) |           \
	 FAMILY_BIT(FAMILY_ATTR) | FAMILY_BIT(FAMILY_OVERLAP) | FAMILY_BIT(FAMILY_MEMMAP) |        \
	 FAMILY_BIT(FAMILY_IOMEM) | FAMILY_BIT(FAMILY_KEXEC) | FAMILY_BIT(FAMILY_SETUP_DATA) |     \
	 FAMILY_BIT(FAMILY_MAP_FILES) | FAMILY_BIT(FAMILY_BOOT) | FAMILY_BIT(FAMILY_PERMISSION) |  \
	 FAMILY_BIT(FAMILY_MEMORY) | FAMILY_BIT(FAMILY_NEXT_KERNEL) |                              \
	 FAMILY_BIT(FAMILY_CRASH_KERNEL) | FAMILY_BIT(FAMILY_SOURCES))

static void skip_for_options(const struct capture_rules *rules, struct report *report)
{
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		const struct rule *rule = rule_get(id);

		if (!(rules->plan.families & FAMILY_BIT(rule->family)) ||
		    rules->run.facts.options->disabled[id])
			continue;
		if (rule->needs & EFIMAP_NEEDS_IMAGE)
			report_skip(report, id, NULL, "no kernel image (--kernel)");
		else if (rule->needs & EFIMAP_NEEDS_SEGMENTS)
			report_skip(report, id, NULL, "no segments from a kexec log (--kexec-log)");
	}
}

bool is_about_load(const struct rule *rule)
{
	switch (rule->family) {
	case FAMILY_PERMISSION:
	case FAMILY_MEMORY:
	case FAMILY_NEXT_KERNEL:
	case FAMILY_CRASH_KERNEL:
	case FAMILY_SOURCES:
		return true;
	default:
		return false;
	}
}

static bool has_tried(const struct report *report)
{
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++)
		if (report->tried[id] && !is_about_load(rule_get(id)))
			return true;
	for (size_t i = 0; i < report->n_findings; i++)
		if (!is_about_load(report->findings[i].rule))
			return true;
	return false;
}

static const struct skip *find_first_skip(const struct report *report, const struct skip *first)
{
	for (size_t i = 0; i < report->n_skipped; i++)
		if (!first || report->skipped[i].rule->id < first->rule->id)
			first = &report->skipped[i];
	return first;
}

const char *find_untried(const struct capture_rules *rules, struct report *shared,
			 const struct report *own)
{
	const struct skip *skip;

	if (has_tried(shared) || (own && has_tried(own)) || shared->missed || *shared->unseen)
		return NULL;
	if (shared->n_skipped == 0)
		skip_for_options(rules, shared);
	skip = find_first_skip(shared, NULL);
	if (own)
		skip = find_first_skip(own, skip);
	if (!skip)
		return "none of the rules that --only and --skip select could be checked";
	return arena_printf(&shared->arena, "no rule could be checked, for example %s: %s",
			    skip->rule->name, skip->why);
}

void check_capture(const struct efimap *map, const struct verify_options *options,
		   struct report *report, struct capture_rules *ret_rules)
{
	const struct no_map no_map = find_no_map(map);

	*ret_rules = (struct capture_rules){ .setup = setup_of(map) };
	ret_rules->plan = (struct rule_plan){
		.families = FAMILY_BIT(FAMILY_KERNEL_MESSAGES) |
			    (no_map.kind == EFIMAP_MAP_FOREIGN ? 0 : X86_FAMILIES),
		.wants = can_try_rule,
		.predicates = rule_predicates,
		.data = &ret_rules->setup,
	};
	open_rules(map, options, &ret_rules->plan, &ret_rules->run);
	summarise_map(&ret_rules->run.facts, report);
	report_unread(map, options, report);
	report_unread_map(map, report);
	/* A verdict for denied or unreadable data takes precedence over INCOMPLETE. */
	if (no_map.why && no_map.kind != EFIMAP_MAP_ABSENT && report->missed == EFIMAP_VERDICT_PASS)
		report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "%s", no_map.why);
	run_rules(&ret_rules->run, NULL, ASKED_ONCE, report);
}
