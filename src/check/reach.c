/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ranges sorted by start, each knowing which range up to there ends last: among those
 * that start early enough, that one decides whether any of them overlaps.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "check/reach.h"

static int sort_ranges(const struct reach_range *ranges, size_t count,
		       struct reach_range *sorted)
{
	efimap_auto_free struct efimap_key *keys = calloc(count, sizeof(*keys));

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct efimap_key){ ranges[i].span.first, (uint32_t)i };
	efimap_sort_keys(keys, count);
	for (size_t i = 0; i < count; i++)
		sorted[i] = ranges[keys[i].index];
	return 0;
}

int reach_build(const struct reach_range *ranges, size_t count, struct reach *ret_reach)
{
	efimap_auto_free struct reach_range *sorted = NULL;
	efimap_auto_free uint32_t *furthest = NULL;
	uint32_t best = 0;
	int r;

	if (count >= UINT32_MAX)
		return -EOVERFLOW;
	if (count == 0) {
		*ret_reach = (struct reach){ 0 };
		return 0;
	}
	sorted = calloc(count, sizeof(*sorted));
	furthest = calloc(count, sizeof(*furthest));
	if (!sorted || !furthest)
		return -ENOMEM;
	r = sort_ranges(ranges, count, sorted);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < count; i++) {
		if (sorted[i].span.last > sorted[best].span.last)
			best = i;
		furthest[i] = best;
	}
	*ret_reach =
		(struct reach){ efimap_steal(sorted), efimap_steal(furthest), count };
	return 0;
}

/* How many ranges start at or below @address. */
static size_t count_started(const struct reach *reach, uint64_t address)
{
	size_t low = 0, high = reach->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (reach->ranges[middle].span.first <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct reach_range *reach_find(const struct reach *reach, struct efimap_span span)
{
	const size_t started = count_started(reach, span.last);
	const struct reach_range *found;

	if (started == 0)
		return NULL;
	found = &reach->ranges[reach->furthest[started - 1]];
	return found->span.last >= span.first ? found : NULL;
}

void reach_free(struct reach *reach)
{
	free(reach->ranges);
	free(reach->furthest);
	*reach = (struct reach){ 0 };
}
