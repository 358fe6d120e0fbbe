/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../map_with_ranges.h"
#include "infer/memory_coverage.h"

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
