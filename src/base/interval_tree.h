/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Search a set of spans for overlaps. The set is sorted once. Each search then takes O(log n) steps
 * plus the number of results, even if the spans overlap each other.
 */
#ifndef BASE_INTERVAL_TREE_H
#define BASE_INTERVAL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"

/*
 * A span in the tree.
 *
 * @highest:  highest end address of this span and of all spans in its subtree
 * @position: index, in an array of the caller, of the object to which this span belongs
 */
struct efimap_interval {
	struct efimap_span span;
	uint64_t highest;
	uint32_t position;
};

/*
 * The tree as an array. The root of a subtree is in the middle of its part of the array.
 *
 * @all: sorted by start address, then by position
 */
struct efimap_interval_tree {
	struct efimap_interval *all;
	size_t count;
};

int efimap_interval_tree_new(struct efimap_interval_tree *ret_intervals, size_t capacity);

void efimap_interval_tree_add(struct efimap_interval_tree *intervals,
			      struct efimap_span span, size_t position);

/* Sort the tree. Call this after the last addition and before the first search. */
void efimap_interval_tree_sort(struct efimap_interval_tree *intervals);

/*
 * Find the spans that overlap @span, in the order of the tree.
 *
 * @max:           size of @ret_positions
 * @ret_positions: set to the positions of the matching objects
 * @ret_more:      set to whether there are more than @max matches
 *
 * Return the number of positions stored.
 */
size_t efimap_interval_tree_find(const struct efimap_interval_tree *intervals,
				 struct efimap_span span, size_t max,
				 uint32_t *ret_positions, bool *ret_more);

void efimap_interval_tree_free(struct efimap_interval_tree *intervals);
#define efimap_auto_interval_tree __attribute__((cleanup(efimap_interval_tree_free)))

#endif
