/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: spans that can be asked
 *
 * Sorted once, and then asked as often as needed which of them meet a span: each answer takes
 * O(log n) and as much as it names, however the spans overlap.
 */
#ifndef BASE_INTERVAL_TREE_H
#define BASE_INTERVAL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"

/**
 * struct efimap_interval - one of them
 * @highest:  last byte of those below it in the tree, and its own
 * @position: of what it belongs to, in an array of the caller's
 */
struct efimap_interval {
	struct efimap_span span;
	uint64_t highest;
	uint32_t position;
};

/**
 * struct efimap_interval_tree - all of them
 * @all:   by start, and equal starts by position; seen as a balanced tree: the root of a part
 *         of the array is its middle
 */
struct efimap_interval_tree {
	struct efimap_interval *all;
	size_t count;
};

int efimap_interval_tree_new(struct efimap_interval_tree *ret_intervals, size_t capacity);

void efimap_interval_tree_add(struct efimap_interval_tree *intervals,
			      struct efimap_span span, size_t position);

/** efimap_interval_tree_sort() - after the last: from here on they can be asked */
void efimap_interval_tree_sort(struct efimap_interval_tree *intervals);

/**
 * efimap_interval_tree_find() - those that share a byte with @span, in their order
 *
 * Return: how many of @ret_positions are filled.
 */
size_t efimap_interval_tree_find(const struct efimap_interval_tree *intervals,
				 struct efimap_span span, size_t max,
				 uint32_t *ret_positions, bool *ret_more);

void efimap_interval_tree_free(struct efimap_interval_tree *intervals);
#define efimap_auto_interval_tree __attribute__((cleanup(efimap_interval_tree_free)))

#endif
