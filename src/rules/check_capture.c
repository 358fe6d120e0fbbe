/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Run the rules that do not depend on a load, and summarise the map in one sentence, which states
 * the numbers of entries that overlap or are not identity-mapped, and whether memmap and iomem
 * agree with the map.
 */
#include <string.h>

#include "base/sort.h"
#include "infer/load_limits.h"
#include "infer/why_no_map.h"
#include "rules/check_capture.h"
#include "rules/unread_verdict.h"

/* Maximum number of entries that the sentence names */
#define MAX_NAMED 8

/*
 * struct predicates - the result for memmap or iomem, as the predicate of a sentence
 * @one:  singular, such as "agrees"
 * @both: plural, for a sentence with the subject "memmap and iomem", such as "agree"
 */
struct predicates {
	const char *one;
	const char *both;
};

static bool is_log(const struct efimap *map)
{
	return find_first_origin(map) == EFIMAP_ORIGIN_LOG;
}

static bool memmap_disagrees(const struct facts_for_rules *c, size_t position, struct span span,
			     bool is_complete)
{
	const struct map_entry *entry = &c->map->entries[position];

	if (memmap_rule_of_type(entry) != EFIMAP_RULE_COUNT &&
	    spans_has(&c->spans, SPANS_RAM, span))
		return true;
	/* Kernels use no memory of SPANS_OTHER, which runtime-wrong-label reports as a note. */
	return entry_is_runtime_services(entry) &&
	       (spans_has(&c->spans, SPANS_DRIVER_MEMORY, span) ||
		(entry->phys % EFIMAP_PAGE_SIZE == 0 && c->memmap.gap[position] != 0 &&
		 is_complete));
}

/*
 * Boot services entries may be in System RAM, because Linux reserves them in memblock. Linux 6.2
 * and later remove large MMIO regions from iomem, so only missing code and data are reported.
 */
static bool iomem_disagrees(const struct facts_for_rules *c, size_t position, struct span span,
			    bool is_complete)
{
	const struct map_entry *entry = &c->map->entries[position];

	return (spans_forbids_ram(entry) && spans_has(&c->spans, SPANS_USED, span)) ||
	       (firmware_calls_need_entry(entry) && spans_has(&c->spans, SPANS_KERNEL, span)) ||
	       ((!entry_has_type(entry, RAM_TYPES) || entry_is_runtime(entry)) &&
		spans_has(&c->spans, SPANS_CRASH, span)) ||
	       (entry_is_runtime_services(entry) && is_complete &&
		!spans_has(&c->spans, SPANS_LINES, span));
}

/* Compare the entries with memmap or iomem. Only a complete list can lack an entry. */
static struct predicates
check_list(const struct facts_for_rules *c, enum source source, bool is_complete,
	   bool (*disagrees)(const struct facts_for_rules *c, size_t position, struct span span,
			     bool is_complete),
	   struct arena *arena)
{
	const bool is_offline = capture_is_offline(c->map);
	struct predicates found = { .one = "agrees", .both = "agree" };
	size_t count = 0, n_named = 0;
	uint32_t named[MAX_NAMED];
	struct span span;
	const char *entries;

	switch (c->map->states[source]) {
	case EFIMAP_STATE_PRESENT:
		if (is_complete)
			break;
		if (c->crash_kernel)
			found = (struct predicates){
				.one = "lists only memory of the crash kernel",
				.both = "list only memory of the crash kernel"
			};
		else if (is_log(c->map))
			found = (struct predicates){ .one = "may be incomplete",
						     .both = "may be incomplete" };
		else
			found = (struct predicates){ .one = "is incomplete",
						     .both = "are incomplete" };
		break;
	case EFIMAP_STATE_ABSENT:
		return (struct predicates){
			.one = is_log(c->map) ? "could not be read"
			       : is_offline   ? "was not collected"
					      : "does not exist",
			.both = is_offline ? "were not collected" : "do not exist",
		};
	case EFIMAP_STATE_DENIED:
		return (struct predicates){ .one = "is readable only by root",
					    .both = "are readable only by root" };
	case EFIMAP_STATE_MASKED:
		return (struct predicates){ .one = "shows no addresses",
					    .both = "show no addresses" };
	default:
		return (struct predicates){ .one = "cannot be read", .both = "cannot be read" };
	}

	for (size_t i = 0; i < c->map->n_entries; i++) {
		if (!pages_of(&c->map->entries[i], &span) || !disagrees(c, i, span, is_complete))
			continue;
		if (n_named < MAX_NAMED)
			named[n_named++] = c->map->entries[i].index;
		count++;
	}
	if (count == 0)
		return found;
	sort_items(named, n_named, sizeof(*named), order_at_32);
	entries = !is_log(c->map) ? "runtime-map/" : count == 1 ? "entry " : "entries ";
	for (size_t i = 0; i < n_named; i++)
		entries = arena_printf(arena, "%s%s%u", entries, i ? "," : "", named[i]);
	if (count > n_named)
		entries = arena_printf(arena, "%s and %zu more", entries, count - n_named);
	return (struct predicates){
		.one = arena_printf(arena, "differs in %s", entries),
		.both = arena_printf(arena, "differ in %s", entries),
	};
}

void summarise_no_map(const struct efimap *map, struct report *report)
{
	static const char *const reasons[] = {
		[EFIMAP_MAP_DENIED] = "the runtime map is readable only by root.",
		[EFIMAP_MAP_UNREADABLE] = "the runtime map cannot be read.",
		[EFIMAP_MAP_THERE] = "the runtime map is empty.",
	};
	const struct no_map found = find_no_map(map);
	const char *reason = reasons[found.kind];

	if (capture_hides_firmware(map))
		reason = "a container hides the runtime map.";
	else if (found.kind == EFIMAP_MAP_THERE && map->n_names)
		reason = "no entry of the runtime map can be read.";
	/* That there is no map, or that it was not collected, is what the answers say. */
	if (map->n_entries > 0 || !reason || found.may_be_uncollected || is_log(map))
		return;
	report->map_word = "unknown";
	report->map_summary = reason;
}

/*
 * Count the entries whose physical or virtual range overlaps the range of another entry. If a
 * kexec'd kernel split a boot services entry, both parts have the same virtual address, so the
 * virtual range of the second part is ignored.
 */
static size_t count_overlaps(const struct facts_for_rules *c)
{
	auto_free bool *marks = array_new(c->map->n_entries, sizeof(*marks));
	size_t n_overlap = 0;

	/* Compare first the physical ranges, then the virtual ranges, each in ascending order. */
	for (int is_virt = 0; is_virt < 2; is_virt++) {
		const size_t count = is_virt ? c->n_by_virt : c->map->n_entries;
		struct span span, highest;
		size_t at_highest = SIZE_MAX;

		for (size_t k = 0; k < count; k++) {
			const size_t i = is_virt ? c->by_virt[k].index : k;
			const struct map_entry *entry = &c->map->entries[i];

			if (is_virt ? c->flags[i] & ENTRY_FLAG_CUT_OFF ||
					      entry_virt(entry, &span) < 0
				    : !pages_of(entry, &span))
				continue;
			if (at_highest != SIZE_MAX && span.first <= highest.last)
				marks[i] = marks[at_highest] = true;
			if (at_highest == SIZE_MAX || span.last > highest.last) {
				at_highest = i;
				highest = span;
			}
		}
	}
	for (size_t i = 0; i < c->map->n_entries; i++)
		n_overlap += marks[i];
	return n_overlap;
}

/* Set report->map_summary. The entries of c->map must be sorted by address. */
static void summarise_map(const struct facts_for_rules *c, struct report *report)
{
	const struct efimap *map = c->map;
	struct arena *arena = &report->arena;
	struct predicates memmap, iomem;
	size_t n_invalid = 0, n_other = 0, n_overlap;
	const char *head;
	bool is_memmap_complete = memmap_is_complete(c);
	const bool is_iomem_complete = !c->crash_kernel && !iomem_lacks_lines(map);
	struct span span;

	summarise_no_map(map, report);
	if (map->n_entries == 0)
		return;
	for (size_t i = 0; i < map->n_memmap; i++)
		is_memmap_complete &= !map->memmap[i].bad;
	memmap = check_list(c, EFIMAP_SRC_MEMMAP, is_memmap_complete, memmap_disagrees, arena);
	iomem = check_list(c, EFIMAP_SRC_IOMEM, is_iomem_complete, iomem_disagrees, arena);
	for (size_t i = 0; i < map->n_entries; i++) {
		n_invalid += !pages_of(&map->entries[i], &span);
		n_other += map->entries[i].virt_from == EFIMAP_VIRT_READ &&
			   !entry_is_identity_by_page(&map->entries[i]);
	}
	n_overlap = count_overlaps(c);
	report->map_word =
		!is_map_complete(map) || map->n_names > map->n_entries ? "incomplete" : "ok";
	/* Compose the sentence: entries, overlaps, mapping, and then memmap and iomem. */
	if (map->n_names > map->n_entries)
		head = arena_printf(arena, "%zu of %zu entries could be read", map->n_entries,
				    map->n_names);
	else
		head = arena_printf(arena, "%zu %s%s", map->n_entries,
				    map->n_entries == 1 ? "entry" : "entries",
				    is_map_complete(map) ? "" : " (the map is incomplete)");
	if (n_invalid)
		head = arena_printf(arena, "%s, %zu invalid", head, n_invalid);
	head = n_overlap ? arena_printf(arena, "%s, %zu overlap", head, n_overlap)
			 : arena_printf(arena, "%s, no overlap", head);
	/* Outside of mixed mode, no entry is identity-mapped. */
	if (!is_log(map) && c->lacks & EFIMAP_NEEDS_VIRT)
		head = arena_printf(arena, "%s; the log shows no virtual addresses", head);
	else if (!is_log(map) && (c->identity ? n_other > 0 : n_other < map->n_entries))
		head = arena_printf(arena, "%s, %zu of %zu not identity-mapped", head, n_other,
				    map->n_entries);
	if (is_log(map))
		head = arena_printf(arena, "%s; e820 %s. A log contains no iomem.", head,
				    memmap.one);
	else if (strcmp(memmap.one, iomem.one) == 0)
		head = arena_printf(arena, "%s; memmap and iomem %s.", head, memmap.both);
	else
		head = arena_printf(arena, "%s; memmap %s; iomem %s.", head, memmap.one, iomem.one);
	report->map_summary = head;
}

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
