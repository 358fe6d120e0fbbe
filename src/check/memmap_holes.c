/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runtime code and data that no range of /sys/firmware/memmap lists. Whether what lists
 * it is RAM is for memmap.c.
 */
#include "check/list.h"
#include "check/memmap.h"
#include "check/pages.h"

static void speak_of_hole(struct check *c, const struct efimap_entry *entry,
			  struct efimap_span span, uint64_t gap)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RUNTIME_UNCOVERED;
	char name[EFIMAP_TYPE_NAME_SIZE];

	if (!check_find_entry(c, rule, check_usual(rule), entry,
			      "0x%" PRIx64 " bytes of " PAGES_FMT
			      " lie in no memmap range, so the next kernel may put "
			      "a device there",
			      gap, PAGES_ARG(entry, span, name)))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
	check_evidence(c, "sys/firmware/memmap", "0x%" PRIx64 " bytes not covered", gap);
}

/*
 * Capture real-003: a boot loader that builds the e820 table itself and passes RAM only.
 * That is one fact about the loader, and the machine has been running with it.
 */
static void speak_of_loader(struct check *c, const struct list *holes)
{
	if (c->map->n_memmap == 0) {
		check_find_on(c, EFIMAP_RULE_RUNTIME_UNCOVERED,
			      check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NONE),
			      holes->indices, holes->count,
			      "sys/firmware/memmap is there but has no range, so it "
			      "says nothing of the %zu runtime code and data entries",
			      holes->count);
		check_evidence(c, "sys/firmware/memmap", "no range");
		return;
	}
	check_find_on(
		c, EFIMAP_RULE_RUNTIME_UNCOVERED,
		check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NONE), holes->indices,
		holes->count,
		"the boot loader left the firmware's regions out of memmap: none of the "
		"%zu runtime code and data entries lies in any of its %zu ranges",
		holes->count, c->map->n_memmap);
	check_evidence(c, "sys/firmware/memmap", "%zu ranges", c->map->n_memmap);
}

/* Ranges that touch or overlap become one, so that covered means inside one of them. */
static void join(struct reach *ranges)
{
	size_t kept = 0;

	for (size_t i = 1; i < ranges->count; i++) {
		struct efimap_span *last = &ranges->ranges[kept].span;
		const struct efimap_span span = ranges->ranges[i].span;

		if (last->last != UINT64_MAX && span.first > last->last + 1)
			ranges->ranges[++kept] = ranges->ranges[i];
		else if (span.last > last->last)
			last->last = span.last;
	}
	if (ranges->count > 0)
		ranges->count = kept + 1;
	for (uint32_t i = 0; i < ranges->count; i++)
		ranges->furthest[i] = i;
}

static int find_covered(const struct efimap *map, struct reach *ret_covered)
{
	int r = memmap_find(map, NULL, ret_covered);

	if (r == 0)
		join(ret_covered);
	return r;
}

/* An offset inside a page is phys-unaligned, whatever the ranges around it leave open. */
static bool is_judged(const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime_services(entry) && entry->phys % EFIMAP_PAGE_SIZE == 0;
}

/* How many bytes are missing costs a sweep, so it is asked only where some are. */
static void speak_of_holes(struct check *c)
{
	const struct efimap_cover *cover = check_memmap(c);

	for (size_t i = 0; cover && i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		struct efimap_span span;

		if (is_judged(entry) && pages_of(entry, &span) && cover->gap[i] != 0)
			speak_of_hole(c, entry, span, cover->gap[i]);
	}
}

static void look_for_holes(struct check *c, struct reach *covered)
{
	struct list holes auto_list = { 0 };
	const struct reach_range *hit = NULL;
	bool touched = false;

	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		struct efimap_span span;

		if (!is_judged(entry) || !pages_of(entry, &span))
			continue;
		/* Neighbours mostly lie in one range. */
		if (hit && efimap_span_contains(hit->span, span))
			continue;
		hit = reach_find(covered, span);
		if (hit)
			touched = true;
		if (!hit || !efimap_span_contains(hit->span, span))
			list_add(c, &holes, entry->index);
	}
	if (c->error || holes.count == 0)
		return;
	if (touched)
		speak_of_holes(c);
	else
		speak_of_loader(c, &holes);
}

void memmap_holes(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RUNTIME_UNCOVERED;
	struct reach covered auto_reach = { 0 };
	int r;

	if (!check_wants(c, rule) || c->crash_kernel)
		return;
	if (c->map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_BROKEN) {
		check_skip(c, rule,
			   "not every range of memmap could be read (memmap-bad-range)");
		return;
	}
	r = find_covered(c->map, &covered);
	if (r < 0)
		c->error = r;
	else
		look_for_holes(c, &covered);
}
