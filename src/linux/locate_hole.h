/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Search for free memory with the same results as locate_hole() of kexec-tools and
 * locate_mem_hole_*() of the kernel, but without their loops over pages.
 */
#ifndef LINUX_LOCATE_HOLE_H
#define LINUX_LOCATE_HOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"

/*
 * The memory that a loader searches.
 *
 * @ranges:   the ranges that it may use, in ascending order or in KHO's order
 * @min:      the lowest address that it may use
 * @max:      the highest address that it may use
 * @from_top: the loader begins with the last range
 * @is_short: the loader starts one byte too low, so it never uses the last byte of a range
 */
struct hole_search {
	const struct efimap_span *ranges;
	size_t n_ranges;
	uint64_t min;
	uint64_t max;
	bool from_top;
	bool is_short;
};

/*
 * The memory that a loader searches for.
 *
 * @size:      in bytes: whole pages, not 0
 * @align:     a power of two, at least a page
 * @min:       the lowest address allowed for this segment
 * @bottom_up: use the lowest place in the lowest range, otherwise the highest place in the
 *             first range that is searched
 */
struct hole_wanted {
	uint64_t size;
	uint64_t align;
	uint64_t min;
	bool bottom_up;
};

/*
 * A place that was found.
 *
 * @range:    index of its range
 * @free_end: the last free byte above the place
 */
struct hole {
	size_t range;
	uint64_t start;
	uint64_t free_end;
};

/* Find the place that the loader would use. Return false if there is none. */
bool find_hole(const struct hole_search *search, const struct hole_wanted *wanted,
	       const struct efimap_span *taken, size_t n_taken, struct hole *ret_hole);

#endif
