/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Search for free memory with the same results as the two loaders. */
#include "linux/locate_hole.h"

static const struct efimap_span *find_conflict(const struct efimap_span *taken, size_t n_taken,
					       struct efimap_span span)
{
	for (size_t i = 0; i < n_taken; i++)
		if (efimap_span_overlaps(taken[i], span))
			return &taken[i];
	return NULL;
}

static bool find_highest(const struct hole_search *search, const struct hole_wanted *wanted,
			 struct efimap_span range, const struct efimap_span *taken,
			 size_t n_taken, uint64_t *ret_start)
{
	const struct efimap_span *conflict;
	struct efimap_span span;
	uint64_t room = range.last - range.first;

	if (room < wanted->size - 1 || (search->skips_last_byte && room < wanted->size))
		return false;
	span.first = range.last - wanted->size + (search->skips_last_byte ? 0 : 1);
	for (;;) {
		span.first -= span.first % wanted->align;
		if (span.first < range.first)
			return false;
		span.last = span.first + (wanted->size - 1);
		conflict = find_conflict(taken, n_taken, span);
		if (!conflict)
			break;
		if (conflict->first < wanted->size)
			return false;
		span.first = conflict->first - wanted->size;
	}
	*ret_start = span.first;
	return true;
}

static bool find_lowest(const struct hole_wanted *wanted, struct efimap_span range,
			const struct efimap_span *taken, size_t n_taken, uint64_t *ret_start)
{
	const uint64_t align = wanted->align;
	const struct efimap_span *conflict;
	uint64_t start = range.first;
	struct efimap_span span;

	while (!__builtin_add_overflow(start, (align - start % align) % align, &start) &&
	       efimap_span_make(start, wanted->size, &span) == 0 && span.last <= range.last) {
		conflict = find_conflict(taken, n_taken, span);
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
	       const struct efimap_span *taken, size_t n_taken, struct hole *ret_hole)
{
	const bool is_reverse = search->from_top && !wanted->bottom_up;

	for (size_t i = 0; i < search->n_ranges; i++) {
		const size_t at = is_reverse ? search->n_ranges - 1 - i : i;
		struct efimap_span range = search->ranges[at];
		uint64_t start;
		bool found;

		if (range.first < search->min)
			range.first = search->min;
		if (range.first < wanted->min)
			range.first = wanted->min;
		if (range.last > search->max)
			range.last = search->max;
		if (range.first > range.last)
			continue;
		found = wanted->bottom_up ?
				find_lowest(wanted, range, taken, n_taken, &start) :
				find_highest(search, wanted, range, taken, n_taken, &start);
		if (!found)
			continue;
		*ret_hole = (struct hole){ .range = at, .start = start, .free_end = range.last };
		for (size_t k = 0; k < n_taken; k++)
			if (taken[k].first > start && taken[k].first <= ret_hole->free_end)
				ret_hole->free_end = taken[k].first - 1;
		return true;
	}
	return false;
}
