/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: sorting
 *
 * Everything that looks for overlap, coverage or order sorts once and sweeps; nothing in the
 * tree compares all pairs.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/** efimap_order() - of two numbers, as qsort() wants it: below 0, 0 or above */
static inline int efimap_order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/** efimap_order_at() - the same of where they stand, to sort an array of uint64_t, or uint32_t */
static inline int efimap_order_at(const void *a, const void *b)
{
	return efimap_order(*(const uint64_t *)a, *(const uint64_t *)b);
}

static inline int efimap_order_at_32(const void *a, const void *b)
{
	return efimap_order(*(const uint32_t *)a, *(const uint32_t *)b);
}

/** efimap_sort() - qsort(3), of nothing too, and at once where all is in order, as mostly it is */
void efimap_sort(void *items, size_t count, size_t size,
		 int (*compare)(const void *a, const void *b));

/** struct efimap_sort_key - something to sort by, and the position of what it belongs to */
struct efimap_sort_key {
	uint64_t key;
	uint32_t index;
};

/** efimap_sort_keys() - ascending by @key, equal ones by @index */
void efimap_sort_keys(struct efimap_sort_key *keys, size_t count);

#endif
