/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One order of pairs of a number and a position. Knows nothing of what they stand for. */
#include <stdlib.h>

#include "base/sort.h"

static int compare_sort_keys(const void *left, const void *right)
{
	const struct efimap_key *a = left, *b = right;

	return efimap_order(a->key, b->key) ?: efimap_order(a->index, b->index);
}

void efimap_sort_keys(struct efimap_key *keys, size_t count)
{
	if (count > 1)
		qsort(keys, count, sizeof(*keys), compare_sort_keys);
}
