/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about the physical range of each entry. If a range is invalid, only one of these rules
 * reports it, and most other rules ignore the entry (ENTRY_FLAG_PHYS_SOUND).
 */
#include "infer/cpu.h"
#include "rules/engine.h"

bool rule_pages_zero(const struct capture_facts *c, struct match *match)
{
	return match->entry->pages == 0;
}

bool rule_range_overflow(const struct capture_facts *c, struct match *match)
{
	return match->entry->pages != 0 &&
	       !(c->flags[match->position] & ENTRY_FLAG_PHYS_SOUND);
}

static uint64_t find_last(const struct efimap_entry *entry)
{
	return entry->phys + (entry->pages * EFIMAP_PAGE_SIZE - 1);
}

bool rule_range_above_52_bits(const struct capture_facts *c, struct match *match)
{
	set_hex(match, VALUE_LAST, find_last(match->entry));
	return find_last(match->entry) >= EFIMAP_PHYS_LIMIT;
}

bool rule_range_exceeds_efi_va_range(const struct capture_facts *c, struct match *match)
{
	return match->entry->pages > EFI_VA_RANGE_PAGES && !c->identity &&
	       place_of(c, match->position) != PLACE_IDENTITY &&
	       find_last(match->entry) < EFIMAP_PHYS_LIMIT;
}

bool rule_phys_unaligned(const struct capture_facts *c, struct match *match)
{
	const uint64_t offset = match->entry->phys % EFIMAP_PAGE_SIZE;

	set_hex(match, VALUE_OFFSET, offset);
	set_hex(match, VALUE_PAGE, match->entry->phys - offset);
	return offset != 0;
}

/* Return whether an entry overlaps the ISA range (e820/api.h: ISA_START_ADDRESS). */
static bool reaches_hole(const struct efimap_entry *entry)
{
	static const struct efimap_span isa_hole = { 0xa0000, 0xfffff };
	struct efimap_span span;

	return efimap_entry_phys(entry, &span) == 0 &&
	       efimap_span_overlaps(span, isa_hole);
}

/*
 * Return whether an entry in page 0 is unexpected. A boot services entry below the ISA range is
 * expected: Linux reserves low memory, and therefore sets EFI_MEMORY_RUNTIME for such an entry.
 */
static bool is_unexpected_at_zero(const struct capture_facts *c,
				  const struct efimap_entry *entry)
{
	struct efimap_span span;

	return entry->phys < EFIMAP_PAGE_SIZE && !c->mixed_mode &&
	       pages_of(entry, &span) &&
	       (!efimap_entry_is_boot_services(entry) || reaches_hole(entry));
}

bool rule_phys_zero(const struct capture_facts *c, struct match *match)
{
	if (reaches_hole(match->entry))
		use_variant(match, VARIANT_REACHES);
	return is_unexpected_at_zero(c, match->entry);
}

bool rule_range_below_1m(const struct capture_facts *c, struct match *match)
{
	const struct efimap_entry *entry = match->entry;
	struct efimap_span span;

	if (entry_has_type(entry, MAYBE_RAM_TYPES) || !reaches_hole(entry) ||
	    !pages_of(entry, &span))
		return false;
	return !is_unexpected_at_zero(c, entry) ||
	       !rule_may_match(c, EFIMAP_RULE_PHYS_ZERO);
}

bool rule_range_above_cpu_bits(const struct capture_facts *c, struct match *match)
{
	const unsigned int bits = efimap_cpu_address_bits(c->map);
	struct efimap_span span;

	if (!bits)
		return skip_rule(match, VARIANT_USUAL);
	if (!efimap_has(c->map, EFIMAP_SRC_CPUINFO))
		use_variant(match, VARIANT_LOG);
	set_number(match, VALUE_BITS, bits);
	return pages_of(match->entry, &span) &&
	       span.last > efimap_cpu_last_address(c->map);
}
