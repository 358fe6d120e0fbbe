/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Run the rules that do not depend on a load. */
#include "infer/why_no_map.h"
#include "rules/map_summary.h"
#include "rules/unread_verdict.h"
#include "rules/check_capture.h"

#define MAP_FAMILIES                                                                               \
	(FAMILY_BIT(FAMILY_PHYS) | FAMILY_BIT(FAMILY_VIRT) | FAMILY_BIT(FAMILY_LAYOUT) |           \
	 FAMILY_BIT(FAMILY_ATTR) | FAMILY_BIT(FAMILY_OVERLAP) | FAMILY_BIT(FAMILY_MEMMAP) |        \
	 FAMILY_BIT(FAMILY_IOMEM) | FAMILY_BIT(FAMILY_MAP_FILES))
#define X86_FAMILIES                                                                               \
	(MAP_FAMILIES | FAMILY_BIT(FAMILY_KEXEC) | FAMILY_BIT(FAMILY_SETUP_DATA) |                 \
	 FAMILY_BIT(FAMILY_BOOT) | FAMILY_BIT(FAMILY_PERMISSION) | FAMILY_BIT(FAMILY_MEMORY) |     \
	 FAMILY_BIT(FAMILY_NEXT_KERNEL) | FAMILY_BIT(FAMILY_CRASH_KERNEL) |                        \
	 FAMILY_BIT(FAMILY_UNREAD))

bool finding_is_about_map(const struct finding *finding)
{
	return FAMILY_BIT(finding->rule->family) & MAP_FAMILIES &&
	       rule_bindings[finding->rule->id].asked == ASKED_ONCE;
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
	report_unread(map, report);
	report_unread_map(map, report);
	/* A verdict for denied or unreadable data takes precedence over INCOMPLETE. */
	if (no_map.why && no_map.kind != EFIMAP_MAP_ABSENT && report->missed == EFIMAP_VERDICT_PASS)
		report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "%s", no_map.why);
	run_rules(&ret_rules->run, NULL, ASKED_ONCE, report);
}
