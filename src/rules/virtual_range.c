/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about the virtual range of each entry. layout.c has the rules about the layout. */
#include "linux/virtual_layout.h"
#include "rules/engine.h"

#define IN_PAGE (EFIMAP_PAGE_SIZE - 1)
#define IN_STEP (EFIMAP_LAYOUT_STEP - 1)

bool rule_virt_zero(const struct facts_for_rules *c, struct match *match)
{
	return place_of(c, match->position) == PLACE_ZERO;
}

bool rule_virt_noncanonical(const struct facts_for_rules *c, struct match *match)
{
	return place_of(c, match->position) == PLACE_NONCANONICAL;
}

bool rule_virt_straddles_efi_va_range(const struct facts_for_rules *c, struct match *match)
{
	return place_of(c, match->position) == PLACE_STRADDLES_EFI_VA_RANGE;
}

bool rule_virt_kernel_range(const struct facts_for_rules *c, struct match *match)
{
	return place_of(c, match->position) == PLACE_KERNEL;
}

/*
 * A 32-bit kernel has no EFI runtime virtual address range, so any address outside the kernel's own
 * range is wrong. For a 64-bit kernel, only efi=old_map explains an address outside the EFI runtime
 * virtual address range.
 */
bool rule_virt_outside_efi_va_range(const struct facts_for_rules *c, struct match *match)
{
	size_t n_old_map = 0;

	for (size_t i = 0; i < c->map->n_entries; i++) {
		const enum address_place place = place_of(c, i);

		n_old_map += place == PLACE_OLD_MAP;
		if (place != PLACE_OUTSIDE)
			continue;
		use_variant(match, c->kernel_32bit ? VARIANT_32BIT : VARIANT_USUAL);
		add_finding_entry(match, &c->map->entries[i]);
		finish_finding(match);
	}
	use_variant(match, VARIANT_OLD_MAP);
	set_number(match, VALUE_OLD_MAP, n_old_map);
	set_text(match, VALUE_RELEASE,
		 kernel_is_known(c->map) ? c->map->release.text : "not known");
	return n_old_map > 0;
}

/*
 * Return whether virt_addr is not page-aligned. If phys_addr has the same offset inside a page,
 * return false, because phys-unaligned reports the offset.
 */
static bool is_unaligned(const struct map_entry *entry)
{
	return (entry->virt & IN_PAGE) != 0 && ((entry->virt ^ entry->phys) & IN_PAGE) != 0;
}

bool rule_virt_unaligned(const struct facts_for_rules *c, struct match *match)
{
	set_hex(match, VALUE_OFFSET, match->entry->virt & IN_PAGE);
	return place_of(c, match->position) > PLACE_NONCANONICAL && is_unaligned(match->entry);
}

bool rule_virt_incongruent(const struct facts_for_rules *c, struct match *match)
{
	if (match->entry->type != EFIMAP_TYPE_RUNTIME_CODE &&
	    firmware_calls_need_entry(match->entry))
		use_variant(match, VARIANT_DATA);
	set_hex(match, VALUE_OFFSET, match->entry->virt & IN_STEP & ~IN_PAGE);
	set_hex(match, VALUE_EXPECTED, match->entry->phys & IN_STEP & ~IN_PAGE);
	return place_of(c, match->position) == PLACE_EFI_VA_RANGE && !is_unaligned(match->entry) &&
	       !(c->flags[match->position] & ENTRY_FLAG_CUT_OFF) &&
	       ((match->entry->virt ^ match->entry->phys) & IN_STEP & ~IN_PAGE) != 0;
}

/*
 * If both entries are identity-mapped, phys-overlap reports the overlap. No loader passes the map
 * of a 32-bit kernel, so the next kernel calls no firmware.
 */
bool rule_virt_overlap(const struct facts_for_rules *c, struct match *match)
{
	const size_t other = (size_t)(match->other - c->map->entries);

	if ((c->flags[match->position] & ENTRY_FLAG_CUT_OFF) &&
	    match->entry->virt == match->other->virt)
		use_variant(match, VARIANT_CUT_OFF);
	else if (c->kernel_32bit || (match->entry->type != EFIMAP_TYPE_RUNTIME_CODE &&
				     match->other->type != EFIMAP_TYPE_RUNTIME_CODE))
		use_variant(match, VARIANT_DATA);
	return !entries_are_equal(match->entry, match->other) &&
	       !(place_of(c, match->position) == PLACE_IDENTITY &&
		 place_of(c, other) == PLACE_IDENTITY);
}
