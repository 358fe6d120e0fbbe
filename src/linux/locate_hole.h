/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LINUX_LOCATE_HOLE_H
#define LINUX_LOCATE_HOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"

/*
 * The memory that a loader searches.
 *
 * @ranges:          the ranges that the loader may use, in ascending order, or, if they are scratch
 *                   areas, in the order in which KHO exports them
 * @limits:          the loader uses only addresses in this span
 * @taken:           spans that the loader cannot use
 * @from_top:        the loader searches the last range first
 * @skips_last_byte: a search for the highest address starts one byte too low, so this search never
 *                   uses the last byte of a range; other searches use the last byte
 */
struct hole_search {
	const struct span *ranges;
	size_t n_ranges;
	struct span limits;
	const struct span *taken;
	size_t n_taken;
	bool from_top;
	bool skips_last_byte;
};

/*
 * The free memory that a loader needs for a segment.
 *
 * @size:      size in bytes, a multiple of the page size, not 0
 * @align:     alignment in bytes, a power of two, at least a page
 * @bottom_up: use the lowest suitable address of the first suitable range instead of the highest,
 *             and ignore from_top
 */
struct hole_wanted {
	uint64_t size;
	uint64_t align;
	uint64_t min;
	bool bottom_up;
};

/*
 * A range of free memory that was found for a segment.
 *
 * @range:    index of the range that contains @start
 * @free_end: last byte of the free memory that contains @start
 */
struct hole {
	size_t range;
	uint64_t start;
	uint64_t free_end;
};

/* Find the address that the loader would use. Return false if no free memory is large enough. */
bool find_hole(const struct hole_search *search, const struct hole_wanted *wanted,
	       struct hole *ret_hole);

#endif
