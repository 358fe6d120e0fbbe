/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How many tables a set of mappings takes, before any is allocated. Per level, each
 * mapping needs a table in the blocks that it does not fill with a single leaf; the union
 * of all those intervals of blocks is found by one sort. It must not know how tables are
 * filled.
 */
#include <errno.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/sort.h"
#include "emulate/pagetable.h"

/* The low half, then the high half: 2^48 addresses without a gap. */
#define HALVES_MASK ((UINT64_C(1) << 48) - 1)

struct interval {
	uint64_t first;
	uint64_t last;
};

/*
 * The blocks of @bytes in which a mapping needs a table of its own: all of them, or, when
 * a whole block can be a leaf, those at its two ends that it does not fill.
 */
static size_t find_intervals(const struct mapping *mapping, unsigned int shift,
			     bool can_be_leaf, struct interval intervals[2])
{
	const uint64_t start = mapping->va & HALVES_MASK;
	const uint64_t last = start + (mapping->pages << PAGE_SHIFT) - 1;
	const uint64_t mask = (UINT64_C(1) << shift) - 1;
	const struct interval all = { start >> shift, last >> shift };
	const bool head = start & mask;
	const bool tail = (last & mask) != mask;
	size_t n = 0;

	if (!can_be_leaf) {
		intervals[0] = all;
		return 1;
	}
	if (head)
		intervals[n++] = (struct interval){ all.first, all.first };
	if (tail && !(head && all.first == all.last))
		intervals[n++] = (struct interval){ all.last, all.last };
	return n;
}

static uint64_t count_union(const struct interval *intervals,
			    const struct efimap_key *keys, size_t count)
{
	uint64_t total = 0, next = 0;

	for (size_t i = 0; i < count; i++) {
		const struct interval *one = &intervals[keys[i].index];
		const uint64_t first = one->first > next ? one->first : next;

		if (one->last < first)
			continue;
		total += one->last - first + 1;
		next = one->last + 1;
	}
	return total;
}

int pagetable_count(const struct mapping *mappings, size_t count,
		    enum efimap_leaf largest, uint64_t *ret_pages)
{
	/* The tables of a level, and whether their block can be a leaf instead. */
	const struct {
		unsigned int shift;
		bool can_be_leaf;
	} levels[] = {
		{ level_shift(LEVEL_PGD), false },
		{ level_shift(LEVEL_PUD), largest == EFIMAP_LEAF_1G },
		{ level_shift(LEVEL_PMD), largest != EFIMAP_LEAF_4K },
	};
	efimap_auto_free struct interval *intervals = NULL;
	efimap_auto_free struct efimap_key *keys = NULL;
	uint64_t pages = 1;

	intervals = efimap_array_new(count, 2 * sizeof(*intervals));
	keys = efimap_array_new(count, 2 * sizeof(*keys));
	if (!intervals || !keys)
		return -ENOMEM;
	for (size_t l = 0; l < sizeof(levels) / sizeof(levels[0]); l++) {
		size_t n = 0;

		for (size_t i = 0; i < count; i++)
			n += find_intervals(&mappings[i], levels[l].shift,
					    levels[l].can_be_leaf, &intervals[n]);
		for (size_t i = 0; i < n; i++)
			keys[i] = (struct efimap_key){ intervals[i].first, (uint32_t)i };
		efimap_sort_keys(keys, n);
		pages += count_union(intervals, keys, n);
	}
	*ret_pages = pages;
	return 0;
}
