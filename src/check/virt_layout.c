/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Virtual ranges against each other: overlap, and the addresses that the kernel's layout
 * algorithm can have given. One sort, then one sweep each; the order of the entries in
 * the map means nothing, because kexec_load permutes it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check/list.h"
#include "check/place.h"
#include "emulate/layout.h"

#define PAGE_MASK (~(EFIMAP_PAGE_SIZE - 1))

static void speak_of_overlap(struct check *c, const struct efimap_entry *below,
			     const struct efimap_entry *above, bool is_cut_off)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_VIRT_OVERLAP;
	const uint32_t pair[] = { below->index, above->index };
	const bool needed = check_needs_entry(below) || check_needs_entry(above);
	const struct check_grade grade =
		is_cut_off ? check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NONE) :
			     check_grade(EFIMAP_ERROR, needed ? EFIMAP_CONSEQ_NO_RUNTIME :
								EFIMAP_CONSEQ_NONE);

	if (!check_find_on(c, rule, grade, pair, 2,
			   "%s at 0x%" PRIx64 " has virtual address 0x%" PRIx64
			   ", inside that of %s at 0x%" PRIx64 ", 0x%" PRIx64 " with 0x%" PRIx64
			   " pages",
			   CHECK_TYPE(above), above->phys, above->virt, CHECK_TYPE(below),
			   below->phys, below->virt, below->pages))
		return;
	check_evidence_field(c, below, CHECK_FIELD_VIRT);
	check_evidence_field(c, below, CHECK_FIELD_PAGES);
	check_evidence_field(c, above, CHECK_FIELD_VIRT);
}

/* Compare with the entry that reaches highest so far: it overlaps if any does. */
static void virt_overlap(struct check *c)
{
	const struct efimap_key *keys;
	struct efimap_span highest = { 0, 0 };
	size_t reaches = 0;

	if (!check_wants(c, EFIMAP_RULE_VIRT_OVERLAP))
		return;
	keys = check_by_virt(c);
	for (size_t k = 0; k < c->n_by_virt && !c->error; k++) {
		const size_t i = keys[k].index;
		const struct efimap_entry *entry = &c->map->entries[i];
		const struct efimap_entry *below = &c->map->entries[reaches];
		struct efimap_span span;

		if (efimap_entry_virt(entry, &span) < 0)
			continue;
		/* Two identity ranges that overlap do so physically: phys-overlap. */
		if (k > 0 && span.first <= highest.last && !check_is_same(entry, below) &&
		    !(c->flags[i] & c->flags[reaches] & CHECK_IDENTITY))
			speak_of_overlap(c, below, entry,
					 (c->flags[i] & CHECK_CUT_OFF) &&
						 below->virt == entry->virt);
		if (k == 0 || span.last > highest.last) {
			highest = span;
			reaches = i;
		}
	}
}

/*
 * Does the map hold every region that was mapped? Only efi=debug keeps boot-services
 * entries (arch/x86/platform/efi/quirks.c: efi_free_boot_services), and before 4.9 they
 * were never exported. A kexec'ed kernel sets RUNTIME on some but not on all, so one
 * without it proves that the first kernel had efi=debug as well.
 */
bool check_is_whole_layout(const struct check *c)
{
	const struct efimap *map = c->map;

	if (!c->complete || !c->efi_debug ||
	    !efimap_kernel_has(map, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, false) ||
	    map->n_names != map->n_entries ||
	    map->names[map->n_names - 1] != map->n_names - 1)
		return false;
	if (c->booted_by == EFIMAP_BOOTED_BY_FIRMWARE)
		return true;
	for (size_t i = 0; i < map->n_entries; i++)
		if (efimap_entry_is_boot_services(&map->entries[i]) &&
		    !efimap_entry_is_runtime(&map->entries[i]))
			return true;
	return false;
}

/* struct walk - the entries that are not where they can be, and the first of them */
struct walk {
	struct list list;
	bool any_needed;
	size_t first;
	uint64_t expected;
	bool fits;
};

static void walk_free(struct walk *walk)
{
	list_free(&walk->list);
}

static void note_entry(struct check *c, struct walk *walk, size_t position,
		       uint64_t expected, bool fits)
{
	const struct efimap_entry *entry = &c->map->entries[position];

	if (walk->list.count == 0) {
		walk->first = position;
		walk->expected = expected;
		walk->fits = fits;
	}
	list_add(c, &walk->list, entry->index);
	walk->any_needed |= check_needs_entry(entry);
}

/*
 * From the top of the window downwards, as the kernel went. Each step starts from where
 * the entry before is, not from where it should be, so that one wrong address is one.
 */
static void walk_down(struct check *c, bool exact, struct walk *walk)
{
	const struct efimap_key *keys = check_by_virt(c);
	const struct efimap_entry *before = NULL;
	uint64_t va = EFIMAP_VA_START;

	for (size_t k = c->n_by_virt; k-- > 0 && keys && !c->error;) {
		const struct efimap_entry *entry = &c->map->entries[keys[k].index];
		const uint64_t virt = entry->virt & PAGE_MASK;
		uint64_t expected = 0;
		bool fits;

		if (check_place(c, keys[k].index) != CHECK_PLACE_WINDOW ||
		    (c->flags[keys[k].index] & CHECK_CUT_OFF) ||
		    (before && check_is_same(entry, before)))
			continue;
		fits = efimap_layout_next(va, entry->phys & PAGE_MASK, entry->pages,
					  &expected) == 0;
		if (!fits || virt > expected || (exact && virt != expected))
			note_entry(c, walk, keys[k].index, expected, fits);
		va = virt;
		before = entry;
	}
}

static void layout(struct check *c, enum efimap_rule_id rule, bool exact)
{
	efimap_cleanup(walk_free) struct walk walk = { 0 };
	struct check_grade grade = check_usual(rule);
	const struct efimap_entry *entry;
	char where[64];

	walk_down(c, exact, &walk);
	if (walk.list.count == 0 || c->error)
		return;
	if (exact && !walk.any_needed)
		grade.consequence = EFIMAP_CONSEQ_NONE;
	entry = &c->map->entries[walk.first];
	if (walk.fits)
		snprintf(where, sizeof(where), "%s 0x%" PRIx64, exact ? "gives" : "ends at",
			 walk.expected);
	else
		snprintf(where, sizeof(where), "has no room left");
	if (!check_find_on(c, rule, grade, walk.list.indices, walk.list.count,
			   "%zu %s not where Linux puts %s: %s at 0x%" PRIx64
			   " has virtual address 0x%" PRIx64 " where the layout %s",
			   walk.list.count, walk.list.count == 1 ? "entry is" : "entries are",
			   walk.list.count == 1 ? "it" : "them, first", CHECK_TYPE(entry),
			   entry->phys, entry->virt, where))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_VIRT);
	if (walk.fits)
		check_evidence(c, exact ? "computed" : "computed at most", "0x%" PRIx64,
			       walk.expected);
}

void check_virt_layout(struct check *c)
{
	const bool wants_bound = check_wants(c, EFIMAP_RULE_LAYOUT_BOUND);
	const bool wants_exact = check_wants(c, EFIMAP_RULE_LAYOUT_EXACT);

	virt_overlap(c);
	if (wants_exact && c->complete && c->efi_debug)
		check_spare(c, EFIMAP_RULE_LAYOUT_EXACT, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES);
	if (wants_exact && check_is_whole_layout(c))
		layout(c, EFIMAP_RULE_LAYOUT_EXACT, true);
	else if (wants_bound)
		layout(c, EFIMAP_RULE_LAYOUT_BOUND, false);
}
