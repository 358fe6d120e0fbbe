/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the virtual range of an entry lies, by the kernel's map of its address space
 * (Documentation/arch/x86/x86_64/mm.rst). Makes no finding.
 */
#include "check/place.h"

static const struct efimap_span window = { EFIMAP_VA_END, EFIMAP_VA_START - 1 };
static const struct efimap_span kernel_32bit = { EFIMAP_KERNEL_32_FIRST, UINT32_MAX };

/*
 * Ranges of the kernel, rounded outwards where the kernel moves things at random inside:
 * from the direct map to the CPU entry area, with 4 and with 5 levels of page tables, and
 * the text, the modules and the fixmap.
 */
static const struct efimap_span kernel_ranges[] = {
	{ UINT64_C(0xff10000000000000), UINT64_C(0xfffffbffffffffff) },
	{ UINT64_C(0xfffffe0000000000), UINT64_C(0xffffff7fffffffff) },
	{ UINT64_C(0xffffffff80000000), UINT64_MAX },
};
#define LOW_LAST UINT64_C(0x00007fffffffffff)
#define GUARD_LAST UINT64_C(0xffff87ffffffffff)
#define GUARD_FIRST UINT64_C(0xffff800000000000)

static bool is_canonical(uint64_t address)
{
	return address <= LOW_LAST || address >= EFIMAP_KERNEL_FIRST;
}

static bool is_of_kernel(struct efimap_span span)
{
	const struct efimap_span guard = { GUARD_FIRST, GUARD_LAST };

	/* The hole that is left for hypervisors at the bottom of 4 levels. */
	if (efimap_span_contains(guard, span))
		return false;
	for (size_t i = 0; i < sizeof(kernel_ranges) / sizeof(kernel_ranges[0]); i++)
		if (efimap_span_overlaps(kernel_ranges[i], span))
			return true;
	return false;
}

static enum check_place place_of_span(const struct check *c, struct efimap_span span)
{
	if (!is_canonical(span.first) || !is_canonical(span.last))
		return CHECK_PLACE_NONCANONICAL;
	if (c->identity)
		return CHECK_PLACE_NONIDENTITY;
	if (c->kernel_32bit)
		return efimap_span_contains(kernel_32bit, span) ? CHECK_PLACE_KERNEL_32BIT :
								  CHECK_PLACE_OUTSIDE;
	if (efimap_span_contains(window, span))
		return CHECK_PLACE_WINDOW;
	if (c->old_map && span.first >= EFIMAP_KERNEL_FIRST && span.last < EFIMAP_VA_END)
		return CHECK_PLACE_OLD_MAP;
	if (efimap_span_has(window, span.first) || efimap_span_has(window, span.last))
		return CHECK_PLACE_STRADDLE;
	return is_of_kernel(span) ? CHECK_PLACE_KERNEL : CHECK_PLACE_OUTSIDE;
}

enum check_place check_find_place(const struct check *c, size_t position)
{
	const struct efimap_entry *entry = &c->map->entries[position];
	struct efimap_span span = { entry->virt, UINT64_MAX };

	if (!(c->flags[position] & CHECK_PHYS_SOUND) || entry->virt_from != EFIMAP_VIRT_READ)
		return CHECK_PLACE_NONE;
	if (c->flags[position] & CHECK_IDENTITY)
		return CHECK_PLACE_IDENTITY;
	if (entry->virt == 0)
		return CHECK_PLACE_ZERO;
	if (!c->identity && entry->pages > CHECK_WINDOW_PAGES)
		return CHECK_PLACE_NONE;
	/* One that wraps reaches the end of the address space at least. */
	(void)efimap_entry_virt(entry, &span);
	return place_of_span(c, span);
}
