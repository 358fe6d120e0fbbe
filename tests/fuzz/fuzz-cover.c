/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hits of an entry, their order, and the gap of the entry must be the same as in a slow
 * computation that compares the entry with every range. At most EFIMAP_COVER_CUT hits are stored.
 */
#include "fuzz.h"
#include "infer/memory_coverage.h"
#include "capture.h"

#define MAX_RANGES 256u

struct ranges {
	struct span span[MAX_RANGES];
	bool counts[MAX_RANGES];
	size_t n;
};

static size_t naive_hits(const struct ranges *ranges, struct span entry, uint32_t hits[MAX_RANGES])
{
	size_t n = 0;

	for (uint32_t i = 0; i < ranges->n; i++) {
		if (!ranges->counts[i] || !span_overlaps(ranges->span[i], entry))
			continue;
		size_t at = n++;

		while (at > 0 && ranges->span[hits[at - 1]].first > ranges->span[i].first) {
			hits[at] = hits[at - 1];
			at--;
		}
		hits[at] = i;
	}
	return n;
}

static uint64_t naive_gap(const struct ranges *ranges, struct span entry, const uint32_t *hits,
			  size_t n)
{
	uint64_t next = entry.first, gap = 0;

	for (size_t i = 0; i < n; i++) {
		struct span span = ranges->span[hits[i]];

		if (span.first > next)
			gap += span.first - next;
		if (span.last >= entry.last)
			return gap;
		if (span.last >= next)
			next = span.last + 1;
	}
	gap += entry.last - next;
	return gap == UINT64_MAX ? gap : gap + 1;
}

static void check_entry(const struct efimap *map, const struct coverage *cover,
			const struct ranges *ranges, size_t i)
{
	size_t kept = cover->begin[i + 1] - cover->begin[i], n;
	const uint32_t *found = cover->hits ? cover->hits + cover->begin[i] : NULL;
	uint32_t hits[MAX_RANGES];
	struct span span;

	fuzz_check(cover->begin[i] <= cover->begin[i + 1]);
	if (entry_phys(&map->entries[i], &span)) {
		fuzz_check(kept == 0 && cover->gap[i] == 0);
		return;
	}
	n = naive_hits(ranges, span, hits);
	fuzz_check(cover->gap[i] == naive_gap(ranges, span, hits, n));
	fuzz_check(cover->cut[i] ? kept == EFIMAP_COVER_CUT && kept < n : kept == n);
	for (size_t k = 0; found && k < kept; k++)
		fuzz_check(found[k] == hits[k]);
}

static void check_cover(const struct efimap *map, const struct coverage *cover,
			const struct ranges *ranges)
{
	for (size_t i = 0; i < map->n_entries; i++)
		check_entry(map, cover, ranges, i);
	fuzz_check(cover->begin[map->n_entries] == cover->n_hits);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	static struct ranges ranges;
	auto_coverage struct coverage memmap = { 0 }, iomem = { 0 };
	auto_map struct efimap *map = NULL;

	if (size / FUZZ_RECORD > MAX_RANGES)
		return 0;
	map = fuzz_capture(data, size, false);
	ranges.n = map->n_memmap;
	for (size_t i = 0; i < map->n_memmap; i++) {
		ranges.span[i] = map->memmap[i].span;
		ranges.counts[i] = !map->memmap[i].bad;
	}
	fuzz_check(coverage_memmap(map, &memmap) == 0);
	check_cover(map, &memmap, &ranges);

	ranges.n = map->n_iomem;
	for (size_t i = 0; i < map->n_iomem; i++) {
		ranges.span[i] = map->iomem[i].span;
		ranges.counts[i] = true;
	}
	fuzz_check(coverage_iomem(map, &iomem) == 0);
	check_cover(map, &iomem, &ranges);
	return 0;
}
