/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about the physical range of each entry. If a range is invalid, only one of these rules
 * reports it, and most other rules ignore the entry (ENTRY_FLAG_PHYS_SOUND).
 */
#include "infer/cpu.h"
#include "rules/engine.h"

bool rule_pages_zero(const struct facts_for_rules *c, struct match *match)
{
	return match->entry->pages == 0;
}

bool rule_range_overflow(const struct facts_for_rules *c, struct match *match)
{
	return match->entry->pages != 0 && !(c->flags[match->position] & ENTRY_FLAG_PHYS_SOUND);
}

static uint64_t find_last(const struct map_entry *entry)
{
	return entry->phys + (entry->pages * EFIMAP_PAGE_SIZE - 1);
}

bool rule_range_above_52_bits(const struct facts_for_rules *c, struct match *match)
{
	set_hex(match, VALUE_LAST, find_last(match->entry));
	return find_last(match->entry) >= EFIMAP_PHYS_LIMIT;
}

bool rule_range_exceeds_efi_va_range(const struct facts_for_rules *c, struct match *match)
{
	return match->entry->pages > EFI_VA_RANGE_PAGES && !c->identity &&
	       place_of(c, match->position) != PLACE_IDENTITY &&
	       find_last(match->entry) < EFIMAP_PHYS_LIMIT;
}

bool rule_phys_unaligned(const struct facts_for_rules *c, struct match *match)
{
	const uint64_t offset = match->entry->phys % EFIMAP_PAGE_SIZE;

	set_hex(match, VALUE_OFFSET, offset);
	set_hex(match, VALUE_PAGE, match->entry->phys - offset);
	return offset != 0;
}

bool rule_range_above_cpu_bits(const struct facts_for_rules *c, struct match *match)
{
	const unsigned int bits = cpu_address_bits(c->map);
	struct span span;

	if (!bits)
		return false;
	if (!capture_has(c->map, EFIMAP_SRC_CPUINFO))
		use_variant(match, VARIANT_LOG);
	set_number(match, VALUE_BITS, bits);
	return pages_of(match->entry, &span) && span.last > cpu_last_address(c->map);
}
