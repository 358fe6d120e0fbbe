/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The physical range of each entry. A range that does not exist has one finding here and
 * no other anywhere (CHECK_PHYS_SOUND).
 */
#include "infer/cpu.h"
#include "rules/engine.h"

bool rule_pages_zero(const struct check *c, struct say *say)
{
	return say->entry->pages == 0;
}

bool rule_range_overflow(const struct check *c, struct say *say)
{
	return say->entry->pages != 0 && !(c->flags[say->position] & CHECK_PHYS_SOUND);
}

static uint64_t find_last(const struct efimap_entry *entry)
{
	return entry->phys + (entry->pages * EFIMAP_PAGE_SIZE - 1);
}

bool rule_range_above_52_bits(const struct check *c, struct say *say)
{
	say_hex(say, SAY_LAST, find_last(say->entry));
	return find_last(say->entry) >= EFIMAP_PHYS_LIMIT;
}

bool rule_range_exceeds_efi_va_range(const struct check *c, struct say *say)
{
	return say->entry->pages > CHECK_WINDOW_PAGES && !c->identity &&
	       check_place(c, say->position) != CHECK_PLACE_IDENTITY &&
	       find_last(say->entry) < EFIMAP_PHYS_LIMIT;
}

bool rule_phys_unaligned(const struct check *c, struct say *say)
{
	const uint64_t offset = say->entry->phys % EFIMAP_PAGE_SIZE;

	say_hex(say, SAY_OFFSET, offset);
	say_hex(say, SAY_PAGE, say->entry->phys - offset);
	return offset != 0;
}

/* Where a PC keeps things of its own: e820/api.h: ISA_START_ADDRESS, ISA_END_ADDRESS */
static bool reaches_hole(const struct efimap_entry *entry)
{
	static const struct efimap_span isa_hole = { 0xa0000, 0xfffff };
	struct efimap_span span;

	return efimap_entry_phys(entry, &span) == 0 &&
	       efimap_span_overlaps(span, isa_hole);
}

/* Linux keeps page 0, and what it has reserved of low memory, by a boot-services entry.
 */
static bool is_odd_at_zero(const struct check *c, const struct efimap_entry *entry)
{
	struct efimap_span span;

	return entry->phys < EFIMAP_PAGE_SIZE && !c->mixed_mode &&
	       pages_of(entry, &span) &&
	       (!efimap_entry_is_boot_services(entry) || reaches_hole(entry));
}

bool rule_phys_zero(const struct check *c, struct say *say)
{
	if (reaches_hole(say->entry))
		say_as(say, AS_REACHES);
	return is_odd_at_zero(c, say->entry);
}

bool rule_range_below_1m(const struct check *c, struct say *say)
{
	const struct efimap_entry *entry = say->entry;
	struct efimap_span span;

	if (check_is_of(entry, CHECK_OTHER_TYPES) || !reaches_hole(entry) ||
	    !pages_of(entry, &span))
		return false;
	return !is_odd_at_zero(c, entry) || !check_speaks(c, EFIMAP_RULE_PHYS_ZERO);
}

bool rule_range_above_cpu_bits(const struct check *c, struct say *say)
{
	const unsigned int bits = efimap_cpu_address_bits(c->map);
	struct efimap_span span;

	if (!bits)
		return say_skip(say, AS_USUAL);
	if (!efimap_has(c->map, EFIMAP_SRC_CPUINFO))
		say_as(say, AS_LOG);
	say_number(say, SAY_BITS, bits);
	return pages_of(say->entry, &span) && span.last > efimap_cpu_last_address(c->map);
}
