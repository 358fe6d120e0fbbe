/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order in which entries follow each other, and what it says of the list that the
 * firmware gave the kernel. The only rules for which the numbering counts.
 */
#include "check/check.h"
#include "check/overlap.h"
#include "check/pages.h"
#include "emulate/layout.h"

/*
 * efi.c: efi_merge_regions joins neighbours of the firmware's list, the lower one first.
 * The kernel then walks the list backwards (since 4.3), so the upper one has the lower
 * number, and its virtual address follows from the other's if nothing lay between.
 */
static bool should_be_one(const struct efimap_entry *upper,
			  const struct efimap_entry *lower)
{
	struct efimap_span span;
	uint64_t virt;

	return lower->index - upper->index == 1 && lower->type == upper->type &&
	       lower->attribute == upper->attribute && pages_of(lower, &span) &&
	       span.last + 1 == upper->phys && !efimap_entry_is_boot_services(lower) &&
	       efimap_layout_next(upper->virt, lower->phys, lower->pages, &virt) == 0 &&
	       virt == lower->virt;
}

static void phys_adjacent(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_PHYS_ADJACENT;

	if (!check_wants(c, rule) || c->booted_by != EFIMAP_BOOTED_BY_FIRMWARE ||
	    c->identity)
		return;
	check_spare(c, rule, EFIMAP_CHANGE_WALKS_BACKWARDS);
	if (!efimap_kernel_has(c->map, EFIMAP_CHANGE_WALKS_BACKWARDS, false))
		return;
	for (size_t i = 1; i < c->listed->n_entries && !c->error; i++) {
		const struct efimap_entry *upper = &c->listed->entries[i - 1];
		const struct efimap_entry *lower = &c->listed->entries[i];
		const uint32_t indices[] = { upper->index, lower->index };

		if (!should_be_one(upper, lower) ||
		    !check_find_on(
			    c, rule, check_usual(rule), indices, 2,
			    "%s at 0x%" PRIx64 " touches the one at 0x%" PRIx64
			    " with the same attributes, and the kernel did not join "
			    "them",
			    CHECK_TYPE(lower), lower->phys, upper->phys))
			continue;
		check_evidence_field(c, lower, CHECK_FIELD_PHYS);
		check_evidence_field(c, lower, CHECK_FIELD_PAGES);
		check_evidence_field(c, upper, CHECK_FIELD_PHYS);
	}
}

/* struct steps - how physical addresses go from one number to the next */
struct steps {
	size_t up;
	size_t down;
	const struct efimap_entry *first_up;
	const struct efimap_entry *first_down;
};

static struct steps count_steps(const struct efimap *map)
{
	const struct efimap_entry *last = NULL;
	struct steps steps = { 0 };
	struct efimap_span span;

	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];

		if (efimap_entry_phys(entry, &span) < 0)
			continue;
		if (last && entry->phys > last->phys) {
			steps.up++;
			steps.first_up = steps.first_up ? steps.first_up : entry;
		} else if (last && entry->phys < last->phys) {
			steps.down++;
			steps.first_down = steps.first_down ? steps.first_down : entry;
		}
		last = entry;
	}
	return steps;
}

static void phys_unsorted(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_PHYS_UNSORTED;
	const struct efimap_entry *odd;
	struct steps steps;

	if (!check_wants(c, rule) || c->booted_by != EFIMAP_BOOTED_BY_FIRMWARE)
		return;
	steps = count_steps(c->listed);
	if (steps.up == 0 || steps.down == 0)
		return;
	odd = steps.up <= steps.down ? steps.first_up : steps.first_down;
	if (check_find(c, rule, check_usual(rule),
		       "the firmware does not list its memory by address: from entry to "
		       "entry "
		       "physical addresses go up %zu times and down %zu times",
		       steps.up, steps.down))
		check_evidence_field(c, odd, CHECK_FIELD_PHYS);
}

void overlap_order(struct check *c)
{
	phys_adjacent(c);
	phys_unsorted(c);
}
