/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An entry's memory as the kernel takes it. Knows no rule. */
#ifndef CHECK_PAGES_H
#define CHECK_PAGES_H

#include <stdbool.h>

#include "base/span.h"
#include "check/place.h"
#include "model/entry.h"

/*
 * pages_of() - the pages of an entry
 *
 * The kernel drops an offset inside a page (efi_64.c: __map_region takes pa >> PAGE_SHIFT);
 * phys-unaligned names it, and nothing that follows from it is a fault of its own. Likewise
 * a range that cannot be right overlaps whatever there is: it has one finding, and no part
 * in the others.
 *
 * Return: false for such a range (pages-zero, range-overflow, range-above-52,
 * range-exceeds-window).
 */
static inline bool pages_of(const struct efimap_entry *entry, struct efimap_span *ret_span)
{
	const uint64_t first = efimap_page_start(entry->phys);

	if (entry->pages > CHECK_WINDOW_PAGES && !efimap_entry_is_identity_by_page(entry))
		return false;
	return efimap_span_from_pages(first, entry->pages, ret_span) == 0 &&
	       ret_span->last < EFIMAP_PHYS_LIMIT;
}

/* pages_find() - the first entry in whose pages the address lies, or NULL */
static inline const struct efimap_entry *pages_find(const struct efimap *map, uint64_t address)
{
	struct efimap_span span;

	for (size_t i = 0; i < map->n_entries; i++)
		if (pages_of(&map->entries[i], &span) && efimap_span_has(span, address))
			return &map->entries[i];
	return NULL;
}

#endif
