/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Search for free memory. The results are those of locate_hole() in kexec-tools and of
 * locate_mem_hole_*() in the kernel, but the search does not iterate over pages.
 */
#include "linux/locate_hole.h"

static const struct span *find_conflict(const struct hole_search *search, struct span span)
{
	for (size_t i = 0; i < search->n_taken; i++)
		if (span_overlaps(search->taken[i], span))
			return &search->taken[i];
	return NULL;
}

static bool find_highest(const struct hole_search *search, const struct hole_wanted *wanted,
			 struct span range, uint64_t *ret_start)
{
	const struct span *conflict;
	struct span span;
	uint64_t room = range.last - range.first;

	if (room < wanted->size - 1 || (search->skips_last_byte && room < wanted->size))
		return false;
	span.first = range.last - wanted->size + (search->skips_last_byte ? 0 : 1);
	for (;;) {
		span.first -= span.first % wanted->align;
		if (span.first < range.first)
			return false;
		span.last = span.first + (wanted->size - 1);
		conflict = find_conflict(search, span);
		if (!conflict)
			break;
		if (conflict->first < wanted->size)
			return false;
		span.first = conflict->first - wanted->size;
	}
	*ret_start = span.first;
	return true;
}

static bool find_lowest(const struct hole_search *search, const struct hole_wanted *wanted,
			struct span range, uint64_t *ret_start)
{
	const uint64_t align = wanted->align;
	const struct span *conflict;
	uint64_t start = range.first;
	struct span span;

	while (!__builtin_add_overflow(start, (align - start % align) % align, &start) &&
	       span_make(start, wanted->size, &span) == 0 && span.last <= range.last) {
		conflict = find_conflict(search, span);
		if (!conflict) {
			*ret_start = start;
			return true;
		}
		if (conflict->last == UINT64_MAX)
			return false;
		start = conflict->last + 1;
	}
	return false;
}

bool find_hole(const struct hole_search *search, const struct hole_wanted *wanted,
	       struct hole *ret_hole)
{
	const bool is_reverse = search->from_top && !wanted->bottom_up;

	for (size_t i = 0; i < search->n_ranges; i++) {
		const size_t at = is_reverse ? search->n_ranges - 1 - i : i;
		struct span range = span_shared(search->ranges[at], search->limits);
		uint64_t start;
		bool found;

		if (range.first < wanted->min)
			range.first = wanted->min;
		if (range.first > range.last)
			continue;
		found = wanted->bottom_up ? find_lowest(search, wanted, range, &start)
					  : find_highest(search, wanted, range, &start);
		if (!found)
			continue;
		*ret_hole = (struct hole){ .range = at, .start = start, .free_end = range.last };
		for (size_t k = 0; k < search->n_taken; k++)
			if (search->taken[k].first > start &&
			    search->taken[k].first <= ret_hole->free_end)
				ret_hole->free_end = search->taken[k].first - 1;
		return true;
	}
	return false;
}
