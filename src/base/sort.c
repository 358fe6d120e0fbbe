/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sort arrays, but skip those that are already sorted. */
#include <stdlib.h>

#include "base/sort.h"

void sort_items(void *items, size_t count, size_t size,
		int (*compare)(const void *a, const void *b))
{
	const char *item = items;

	for (size_t i = 1; i < count; i++, item += size)
		if (compare(item, item + size) > 0) {
			qsort(items, count, size, compare);
			return;
		}
}

static int compare_sort_keys(const void *left, const void *right)
{
	const struct sort_key *a = left, *b = right;

	return order_u64(a->key, b->key) ?: order_u64(a->index, b->index);
}

void sort_keys(struct sort_key *keys, size_t count)
{
	sort_items(keys, count, sizeof(*keys), compare_sort_keys);
}
