/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sort arrays. Code that searches for overlaps, coverage or order sorts an array once and then
 * scans it, instead of comparing all pairs of elements.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Compare two numbers. Return a value below, equal to or above 0, as qsort(3) expects. */
static inline int efimap_order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Compare two uint64_t values through pointers, for sorting arrays of uint64_t. */
static inline int efimap_order_at(const void *a, const void *b)
{
	return efimap_order(*(const uint64_t *)a, *(const uint64_t *)b);
}

static inline int efimap_order_at_32(const void *a, const void *b)
{
	return efimap_order(*(const uint32_t *)a, *(const uint32_t *)b);
}

/*
 * Sort like qsort(3), but return early if the items are already sorted, which is the usual case.
 * @items may be NULL if @count is 0.
 */
void efimap_sort(void *items, size_t count, size_t size,
		 int (*compare)(const void *a, const void *b));

/* A sort key and the index of the object to which it belongs. */
struct efimap_sort_key {
	uint64_t key;
	uint32_t index;
};

/* Sort in ascending order of @key, then of @index. */
void efimap_sort_keys(struct efimap_sort_key *keys, size_t count);

#endif
