/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about the virtual layout. They check whether the kernel's algorithm can produce the
 * addresses, and whether entries are identity-mapped. No rule depends on the order of the entries,
 * because kexec_load permutes them.
 */
#include "linux/virtual_layout.h"
#include "rules/engine.h"

/*
 * Report all entries with a wrong virtual address, and return whether there are any. The walk
 * starts at the top of the EFI runtime virtual address range, as in the kernel. Each step starts at
 * the actual address of the previous entry, so a wrong address does not affect later entries.
 */
static bool is_any_misplaced(const struct facts_for_rules *c, struct match *match)
{
	const struct map_entry *before = NULL;
	uint64_t va = EFIMAP_VA_START;

	for (size_t k = c->n_by_virt; k-- > 0;) {
		const size_t i = c->by_virt[k].index;
		const struct map_entry *entry = &c->map->entries[i];
		const uint64_t virt = page_start(entry->virt);
		uint64_t expected = 0;
		bool fits;

		if (place_of(c, i) != PLACE_EFI_VA_RANGE || (c->flags[i] & ENTRY_FLAG_CUT_OFF) ||
		    (before && entries_are_equal(entry, before)))
			continue;
		fits = layout_next(va, page_start(entry->phys), entry->pages, &expected) == 0;
		if (!fits || virt != expected) {
			/* The finding shows the expected address of the first misplaced entry. */
			if (!match->entry && fits)
				set_hex(match, VALUE_EXPECTED, expected);
			else if (!match->entry)
				use_variant(match, VARIANT_FULL);
			add_finding_entry(match, entry);
		}
		va = virt;
		before = entry;
	}
	return match->entry;
}

bool rule_layout_exact(const struct facts_for_rules *c, struct match *match)
{
	return layout_is_complete(c->map) && is_any_misplaced(c, match);
}

/* Entries with places up to PLACE_NONCANONICAL are neither identity-mapped nor mapped elsewhere. */
static bool is_mapped_as(const struct facts_for_rules *c, size_t position, bool identity)
{
	const enum address_place place = place_of(c, position);

	return place > PLACE_NONCANONICAL && (place == PLACE_IDENTITY) == identity;
}

static size_t count_mapped_as(const struct facts_for_rules *c, bool identity)
{
	size_t count = 0;

	for (size_t i = 0; i < c->map->n_entries; i++)
		count += is_mapped_as(c, i, identity);
	return count;
}

static void report_mapped_as(const struct facts_for_rules *c, bool identity, struct match *match)
{
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (is_mapped_as(c, i, identity))
			add_finding_entry(match, &c->map->entries[i]);
}

bool rule_identity_partial(const struct facts_for_rules *c, struct match *match)
{
	const size_t n_identity = count_mapped_as(c, true), n_other = count_mapped_as(c, false);

	report_mapped_as(c, !c->identity, match);
	set_number(match, VALUE_ALL, n_identity + n_other);
	if (c->identity)
		use_variant(match, VARIANT_EXPECTED);
	return n_other > 0 && (c->identity || n_identity > 0);
}

bool rule_identity_native(const struct facts_for_rules *c, struct match *match)
{
	if (count_mapped_as(c, true) == 0 || count_mapped_as(c, false) > 0 || c->mixed_mode ||
	    !c->native)
		return false;
	if (c->booted_by == EFIMAP_BOOTED_BY_KEXEC)
		set_certainty(match, EFIMAP_CERTAIN);
	if (c->kernel_32bit)
		use_variant(match, VARIANT_32BIT);
	report_mapped_as(c, true, match);
	return true;
}

/* Non-identity mapping is normal, so the finding has no entries. */
bool rule_nonidentity(const struct facts_for_rules *c, struct match *match)
{
	const size_t n_other = count_mapped_as(c, false);

	set_number(match, VALUE_OTHERS, n_other);
	set_number(match, VALUE_ALL, n_other + count_mapped_as(c, true));
	if (c->kernel_32bit)
		use_variant(match, VARIANT_32BIT);
	return c->kernel_32bit || (n_other > 0 && !c->identity);
}
