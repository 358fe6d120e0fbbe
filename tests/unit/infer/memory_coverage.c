/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compare the overlaps and gaps of random entries with those of single bytes. */
#include "../map_with_ranges.h"
#include "infer/memory_coverage.h"
#include "random.h"

/* Return an address in six pages from @base, near the start of a page. */
static uint64_t random_address(uint64_t *seed, uint64_t base)
{
	const uint64_t page = random_bits(seed) % 6 * PAGE;

	return base + page + random_bits(seed) % 3 + (random_bits(seed) % 2 ? PAGE - 2 : 0);
}

static bool is_in_range(const struct efimap *map, uint64_t address)
{
	for (size_t i = 0; i < map->n_memmap; i++)
		if (map->memmap[i].start <= address && address <= map->memmap[i].end)
			return true;
	return false;
}

static void check_hits(const struct efimap *map, const struct coverage *cover, struct span entry)
{
	size_t expected = 0;

	for (size_t i = 0; i < map->n_memmap; i++)
		expected += !map->memmap[i].bad && span_overlaps(map->memmap[i].span, entry);
	assert_int_equal(cover->begin[0], 0);
	assert_int_equal(cover->begin[1], expected);
	assert_int_equal(cover->n_hits, expected);
	for (size_t i = 0; i < expected; i++) {
		const struct memory_range *hit = &map->memmap[cover->hits[i]];

		assert_true(!hit->bad && span_overlaps(hit->span, entry));
		if (i > 0)
			assert_true(map->memmap[cover->hits[i - 1]].start < hit->start ||
				    (map->memmap[cover->hits[i - 1]].start == hit->start &&
				     cover->hits[i - 1] < cover->hits[i]));
	}
}

TEST(agrees_with_each_byte)
{
	static const uint64_t bases[] = { 0, (UINT64_C(1) << 63) - 3 * PAGE,
					  UINT64_MAX - 6 * PAGE + 1 };
	uint64_t seed = 5;

	for (int round = 0; round < 2000; round++) {
		const uint64_t base = bases[random_bits(&seed) % 3], count = random_bits(&seed) % 5;
		const uint64_t phys = base + random_bits(&seed) % 6 * PAGE;
		const uint64_t pages = random_bits(&seed) % 4;
		auto_map struct efimap *map = empty();
		auto_coverage struct coverage cover = { 0 };
		uint64_t gap = 0;
		struct span entry;

		add_entry(map, phys, pages);
		for (uint64_t i = 0; i < count; i++) {
			const bool is_first = random_bits(&seed) % 8 == 0;
			const bool is_last = random_bits(&seed) % 8 == 0;

			add_range(map, is_first ? 0 : random_address(&seed, base),
				  is_last ? UINT64_MAX : random_address(&seed, base));
		}
		cover = coverage_memmap(map);
		assert_false(cover.cut[0]);
		if (pages == 0 || phys + pages * PAGE - 1 < phys) {
			assert_int_equal(cover.n_hits + cover.begin[1] + cover.gap[0], 0);
			continue;
		}
		entry = (struct span){ phys, phys + pages * PAGE - 1 };
		for (uint64_t i = 0; i < pages * PAGE; i++)
			gap += !is_in_range(map, phys + i);
		assert_int_equal(cover.gap[0], gap);
		check_hits(map, &cover, entry);
	}
}
