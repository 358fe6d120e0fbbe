/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A search for free memory, as kexec-tools' locate_hole() and the kernel's locate_mem_hole_*()
 * do it: the same results, without their loops over pages.
 */
#ifndef LINUX_LOCATE_HOLE_H
#define LINUX_LOCATE_HOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"

/*
 * struct hole_search - where a loader searches
 * @ranges:   of memory that it may use, ascending, or in an order of its own
 * @min:      the lowest address that it may use, in all ranges
 * @max:      the highest
 * @from_top: the last range is tried first
 * @is_short: within a range, the highest place is missed by one byte
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
 * struct hole_wanted - what it searches for
 * @size:      whole pages, not 0
 * @align:     a power of two, a page at least
 * @min:       the lowest address for this one
 * @bottom_up: the lowest place in the lowest range, not the highest in the first that is tried
 */
struct hole_wanted {
	uint64_t size;
	uint64_t align;
	uint64_t min;
	bool bottom_up;
};

/*
 * struct hole - a place that was found
 * @range: the position of its range
 * @free_end: the last free byte above it
 */
struct hole {
	size_t range;
	uint64_t start;
	uint64_t free_end;
};

/* find_hole() - the place that the loader takes; false where there is none */
bool find_hole(const struct hole_search *search, const struct hole_wanted *wanted,
	       const struct efimap_span *taken, size_t n_taken, struct hole *ret_hole);

#endif
