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
struct efimap_interval {
	struct efimap_span span;
	uint64_t highest;
	uint32_t position;
};

/* efimap_interval_tree_sort() sorts @all by start address, then by position. */
struct efimap_interval_tree {
	struct efimap_interval *all;
	size_t count;
};

int efimap_interval_tree_new(struct efimap_interval_tree *ret_intervals, size_t capacity);

void efimap_interval_tree_add(struct efimap_interval_tree *intervals, struct efimap_span span,
			      size_t position);

void efimap_interval_tree_sort(struct efimap_interval_tree *intervals);

/*
 * Find the spans that overlap @span, in the order of @all, which must be sorted.
 *
 * @max:           size of @ret_positions
 * @ret_positions: receives the positions of the matching spans
 * @ret_more:      set to whether more than @max spans match
 *
 * Return the number of positions stored.
 */
size_t efimap_interval_tree_find(const struct efimap_interval_tree *intervals,
				 struct efimap_span span, size_t max, uint32_t *ret_positions,
				 bool *ret_more);

void efimap_interval_tree_free(struct efimap_interval_tree *intervals);
#define efimap_auto_interval_tree __attribute__((cleanup(efimap_interval_tree_free)))

#endif
