/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_INTERVAL_TREE_H
#define BASE_INTERVAL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"

/*
 * @highest:  highest end address in the subtree whose root is this span
 * @position: index, in an array of the caller, of the object to which this span belongs
 */
struct interval {
	struct span span;
	uint64_t highest;
	uint32_t position;
};

/* interval_tree_sort() sorts @all by start address, then by position. */
struct interval_tree {
	struct interval *all;
	size_t count;
};

void interval_tree_new(struct interval_tree *ret_intervals, size_t capacity);

void interval_tree_add(struct interval_tree *intervals, struct span span, size_t position);

void interval_tree_sort(struct interval_tree *intervals);

/*
 * Find the spans that overlap @span, in the order of @all, which must be sorted.
 *
 * @max:           size of @ret_positions
 * @ret_positions: receives the positions of the matching spans
 * @ret_more:      set to whether more than @max spans match
 *
 * Return the number of positions stored.
 */
size_t interval_tree_find(const struct interval_tree *intervals, struct span span, size_t max,
			  uint32_t *ret_positions, bool *ret_more);

void interval_tree_free(struct interval_tree *intervals);
#define auto_interval_tree __attribute__((cleanup(interval_tree_free)))

#endif
