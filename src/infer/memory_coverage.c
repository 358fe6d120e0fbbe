/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the memory ranges that overlap each entry, and count its bytes that are in no range. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/interval_tree.h"
#include "infer/memory_coverage.h"

/*
 * Overlapping ranges, merged into one span. @below is the number of bytes in all lower spans,
 * modulo 2^64. The difference between the @below of two spans is exact.
 */
struct merged {
	struct span span;
	uint64_t below;
};

static size_t merge_ranges(const struct interval_tree *ranges, struct merged *merged)
{
	uint64_t below = 0;
	size_t count = 0;

	for (size_t i = 0; i < ranges->count; i++) {
		const struct span span = ranges->all[i].span;
		struct merged *last = count ? &merged[count - 1] : NULL;

		if (last && span.first <= last->span.last) {
			if (span.last > last->span.last)
				last->span.last = span.last;
			continue;
		}
		if (last)
			below += span_bytes(last->span);
		merged[count++] = (struct merged){ span, below };
	}
	return count;
}

/* Return the number of covered bytes from 0 up to and including @address, modulo 2^64. */
static uint64_t covered_to(const struct merged *merged, size_t count, uint64_t address)
{
	size_t low = 0, high = count;
	struct span last;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (merged[middle].span.first <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return 0;
	last = merged[low - 1].span;
	if (last.last > address)
		last.last = address;
	return merged[low - 1].below + span_bytes(last);
}

static struct coverage cover_entries(const struct efimap *map, const struct interval_tree *ranges)
{
	auto_free struct merged *merged = array_new(ranges->count, sizeof(*merged));
	const size_t n_merged = merge_ranges(ranges, merged);
	struct coverage cover = {
		.begin = array_new(map->n_entries + 1, sizeof(*cover.begin)),
		.gap = array_new(map->n_entries, sizeof(*cover.gap)),
		.cut = array_new(map->n_entries, sizeof(*cover.cut)),
	};

	for (size_t i = 0; i < map->n_entries; i++) {
		uint32_t found[EFIMAP_COVER_CUT];
		struct span span;
		uint64_t before;
		size_t count;

		if (entry_phys(&map->entries[i], &span)) {
			cover.begin[i + 1] = cover.n_hits;
			continue;
		}
		/* Subtract the covered bytes below the entry from those up to the entry's end. */
		before = span.first ? covered_to(merged, n_merged, span.first - 1) : 0;
		cover.gap[i] =
			span_bytes(span) - (covered_to(merged, n_merged, span.last) - before);
		count = interval_tree_find(ranges, span, EFIMAP_COVER_CUT, found, &cover.cut[i]);
		for (size_t k = 0; k < count; k++)
			array_append(&cover.hits, &cover.n_hits, &cover.capacity, &found[k],
				     sizeof(found[k]));
		cover.begin[i + 1] = cover.n_hits;
	}
	return cover;
}

struct coverage coverage_memmap(const struct efimap *map)
{
	auto_interval_tree struct interval_tree ranges = { 0 };

	interval_tree_new(&ranges, map->n_memmap);
	for (size_t i = 0; i < map->n_memmap; i++)
		if (!map->memmap[i].bad)
			interval_tree_add(&ranges, map->memmap[i].span, i);
	interval_tree_sort(&ranges);
	return cover_entries(map, &ranges);
}

struct coverage coverage_iomem(const struct efimap *map)
{
	auto_interval_tree struct interval_tree lines = { 0 };

	interval_tree_new(&lines, map->n_iomem);
	for (size_t i = 0; i < map->n_iomem; i++)
		interval_tree_add(&lines, map->iomem[i].span, i);
	interval_tree_sort(&lines);
	return cover_entries(map, &lines);
}

void coverage_free(struct coverage *cover)
{
	free(cover->hits);
	free(cover->begin);
	free(cover->gap);
	free(cover->cut);
	memset(cover, 0, sizeof(*cover));
}
