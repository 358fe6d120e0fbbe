/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline int order_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static inline int order_at(const void *a, const void *b)
{
	return order_u64(*(const uint64_t *)a, *(const uint64_t *)b);
}

static inline int order_at_32(const void *a, const void *b)
{
	return order_u64(*(const uint32_t *)a, *(const uint32_t *)b);
}

/* Compare two elements of an array of strings. */
static inline int order_at_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Compare texts, of which NULL is less than all others. */
static inline int order_texts(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

/* Sort like qsort(3), but only if the items are unsorted. @items may be NULL if @count is 0. */
void sort_items(void *items, size_t count, size_t size,
		int (*compare)(const void *a, const void *b));

struct sort_key {
	uint64_t key;
	uint32_t index;
};

/* Sort in ascending order of @key, then of @index. */
void sort_keys(struct sort_key *keys, size_t count);

#endif
