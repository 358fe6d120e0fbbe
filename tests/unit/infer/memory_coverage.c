/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <time.h>

#include "../map_with_ranges.h"
#include "infer/memory_coverage.h"
#include "random.h"

/* @hits: the indexes in @ranges, as digits, of the ranges that overlap the entry */
TEST(memmap_rows)
{
	static const struct {
		const char *name;
		uint64_t phys, pages;
		uint64_t ranges[4][2];
		size_t n_ranges;
		const char *hits;
		uint64_t gap;
	} rows[] = {
		{ "no range", PAGE, 2, { { 0 } }, 0, "", 2 * PAGE },
		{ "exactly", PAGE, 1, { { PAGE, 2 * PAGE - 1 } }, 1, "0", 0 },
		{ "touching below", PAGE, 1, { { 0, PAGE - 1 } }, 1, "", PAGE },
		{ "touching above", PAGE, 1, { { 2 * PAGE, 3 * PAGE } }, 1, "", PAGE },
		{ "first byte", PAGE, 1, { { 0, PAGE } }, 1, "0", PAGE - 1 },
		{ "last byte", PAGE, 1, { { 2 * PAGE - 1, 9 * PAGE } }, 1, "0", PAGE - 1 },
		{ "inside", PAGE, 2, { { PAGE + 1, PAGE + 1 } }, 1, "0", 2 * PAGE - 1 },
		{ "around", PAGE, 2, { { 0, 9 * PAGE } }, 1, "0", 0 },
		{ "two adjacent ranges",
		  PAGE,
		  2,
		  { { 2 * PAGE, 3 * PAGE }, { 0, 2 * PAGE - 1 } },
		  2,
		  "10",
		  0 },
		{ "a hole",
		  PAGE,
		  3,
		  { { 0, 2 * PAGE - 1 }, { 3 * PAGE, 9 * PAGE } },
		  2,
		  "01",
		  PAGE },
		{ "overlapping ranges",
		  PAGE,
		  3,
		  { { 2 * PAGE, 3 * PAGE - 1 }, { PAGE, 3 * PAGE - 1 } },
		  2,
		  "10",
		  PAGE },
		{ "two identical ranges",
		  PAGE,
		  1,
		  { { PAGE, PAGE + 15 }, { PAGE, PAGE + 15 } },
		  2,
		  "01",
		  PAGE - 16 },
		{ "an invalid range is ignored",
		  PAGE,
		  1,
		  { { PAGE + 9, PAGE }, { 0, PAGE } },
		  2,
		  "1",
		  PAGE - 1 },
		{ "a range of all addresses",
		  0,
		  (UINT64_C(1) << 52) - 1,
		  { { 0, UINT64_MAX } },
		  1,
		  "0",
		  0 },
		{ "an entry up to the end of the address space",
		  PAGE,
		  (UINT64_C(1) << 52) - 1,
		  { { 0, PAGE }, { UINT64_MAX, UINT64_MAX } },
		  2,
		  "01",
		  UINT64_MAX - PAGE - 1 },
		{ "adjacent ranges around 2^63",
		  (UINT64_C(1) << 63) - PAGE,
		  2,
		  { { UINT64_C(1) << 63, UINT64_MAX }, { 0, INT64_MAX } },
		  2,
		  "10",
		  0 },
		{ "covered except one byte",
		  PAGE,
		  UINT64_MAX / PAGE,
		  { { 0, INT64_MAX - 1 }, { UINT64_C(1) << 63, UINT64_MAX } },
		  2,
		  "01",
		  1 },
		{ "covered in the upper half",
		  0,
		  UINT64_MAX / PAGE,
		  { { UINT64_C(1) << 63, UINT64_MAX } },
		  1,
		  "0",
		  UINT64_C(1) << 63 },
		{ "ranges inside another range",
		  PAGE,
		  8,
		  { { 0, 9 * PAGE }, { PAGE, 2 * PAGE }, { 3 * PAGE, 4 * PAGE } },
		  3,
		  "012",
		  0 },
		{ "last page",
		  UINT64_MAX - PAGE + 1,
		  1,
		  { { UINT64_MAX, UINT64_MAX } },
		  1,
		  "0",
		  PAGE - 1 },
		{ "no pages", PAGE, 0, { { 0, UINT64_MAX } }, 1, "", 0 },
		{ "wraps", UINT64_MAX - PAGE + 1, 2, { { 0, UINT64_MAX } }, 1, "", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = empty();
		auto_coverage struct coverage cover = { 0 };
		char hits[5] = "";

		add_entry(map, rows[i].phys, rows[i].pages);
		for (size_t j = 0; j < rows[i].n_ranges; j++)
			add_range(map, rows[i].ranges[j][0], rows[i].ranges[j][1]);
		cover = coverage_memmap(map);
		assert_int_equal(cover.begin[0], 0);
		assert_int_equal(cover.begin[1], cover.n_hits);
		for (size_t j = 0; j < cover.n_hits && j < 4; j++)
			hits[j] = (char)('0' + cover.hits[j]);
		if (strcmp(hits, rows[i].hits) != 0)
			fail_msg("%s: hits \"%s\", expected \"%s\"", rows[i].name, hits,
				 rows[i].hits);
		if (cover.gap[0] != rows[i].gap)
			fail_msg("%s: gap 0x%llx, expected 0x%llx", rows[i].name,
				 (unsigned long long)cover.gap[0], (unsigned long long)rows[i].gap);
		assert_false(cover.cut[0]);
	}
}

TEST(limit_rows)
{
	static const struct {
		size_t n_ranges;
		bool cut;
	} rows[] = {
		{ EFIMAP_COVER_CUT - 1, false },
		{ EFIMAP_COVER_CUT, false },
		{ EFIMAP_COVER_CUT + 1, true },
		{ 5000, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = empty();
		auto_coverage struct coverage cover = { 0 };
		const size_t kept = rows[i].cut ? EFIMAP_COVER_CUT : rows[i].n_ranges;

		add_entry(map, PAGE, 10000);
		add_entry(map, 0, 1);
		for (size_t j = 0; j < rows[i].n_ranges; j++)
			add_range(map, (2 * j + 1) * PAGE, (2 * j + 2) * PAGE - 1);
		cover = coverage_memmap(map);
		assert_int_equal(cover.n_hits, kept);
		assert_int_equal(cover.cut[0], rows[i].cut);
		assert_false(cover.cut[1]);
		assert_int_equal(cover.gap[0], (10000 - rows[i].n_ranges) * PAGE);
		for (size_t j = 0; j < kept; j++)
			assert_int_equal(cover.hits[j], j);
	}
}

/* All entries overlap all ranges. Time and memory must not grow with n_entries * n_ranges. */
TEST(everything_over_everything)
{
	const size_t n_entries = 16384, n_ranges = 65536;
	auto_map struct efimap *map = empty();
	auto_coverage struct coverage cover = { 0 };
	const clock_t began = clock();

	for (uint64_t i = 0; i < n_entries; i++)
		add_entry(map, i * PAGE, 2 * n_entries);
	for (uint64_t i = 0; i < n_ranges; i++)
		add_range(map, i * 2 * PAGE / 4, UINT64_MAX - i);
	cover = coverage_memmap(map);
	assert_true(clock() - began < 20 * CLOCKS_PER_SEC);
	for (size_t i = 0; i < n_entries; i++)
		assert_true(cover.cut[i]);
	assert_int_equal(cover.n_hits, n_entries * EFIMAP_COVER_CUT);
}

/* All ranges start and end at multiples of UNIT below page 24, so gaps can be counted in units. */
#define UNIT UINT64_C(256)
#define UNITS (24 * PAGE / UNIT)

static struct efimap *random_map(uint64_t *seed)
{
	struct efimap *map = empty();
	size_t n_entries = (size_t)(random_bits(seed) % 6);
	size_t n_ranges = (size_t)(random_bits(seed) % 9);

	for (size_t i = 0; i < n_entries; i++)
		add_entry(map, random_bits(seed) % 16 * PAGE, random_bits(seed) % 8);
	for (size_t i = 0; i < n_ranges; i++) {
		uint64_t start = random_bits(seed) % UNITS;
		uint64_t units = random_bits(seed) % 60;

		if (start + units > UNITS)
			units = UNITS - start;
		add_range(map, start * UNIT, (start + units) * UNIT - 1);
	}
	return map;
}

static bool hits_range(const struct map_entry *entry, const struct memory_range *range)
{
	return entry->pages && !range->bad && range->start < entry->phys + entry->pages * PAGE &&
	       range->end >= entry->phys;
}

static void check_entry(const struct efimap *map, const struct coverage *cover, size_t i)
{
	const struct map_entry *entry = &map->entries[i];
	size_t expected = 0, begin = cover->begin[i], end = cover->begin[i + 1];
	uint64_t gap = 0;

	for (size_t j = 0; j < map->n_memmap; j++)
		expected += hits_range(entry, &map->memmap[j]);
	assert_int_equal(end - begin, expected);
	for (size_t h = begin; h < end; h++) {
		const struct memory_range *range = &map->memmap[cover->hits[h]];

		assert_true(hits_range(entry, range));
		if (h == begin)
			continue;
		assert_true(range[0].start > map->memmap[cover->hits[h - 1]].start ||
			    (range[0].start == map->memmap[cover->hits[h - 1]].start &&
			     cover->hits[h] > cover->hits[h - 1]));
	}
	for (uint64_t x = entry->phys; x < entry->phys + entry->pages * PAGE; x += UNIT) {
		bool is_covered = false;

		for (size_t j = 0; j < map->n_memmap; j++)
			is_covered =
				is_covered || (!map->memmap[j].bad && x >= map->memmap[j].start &&
					       x <= map->memmap[j].end);
		gap += is_covered ? 0 : UNIT;
	}
	assert_int_equal(cover->gap[i], gap);
}

TEST(agrees_with_all_pairs)
{
	uint64_t seed = 19991231;

	for (int round = 0; round < 5000; round++) {
		auto_map struct efimap *map = random_map(&seed);
		auto_coverage struct coverage cover = { 0 };

		cover = coverage_memmap(map);
		assert_int_equal(cover.begin[map->n_entries], cover.n_hits);
		for (size_t i = 0; i < map->n_entries; i++)
			check_entry(map, &cover, i);
	}
}
