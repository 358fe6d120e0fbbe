/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gaps, also at the edges of 64 bits, where the sums of what is covered wrap. */
#include "test.h"
#include "model/cover.h"

#define PAGE UINT64_C(0x1000)
#define GIB (UINT64_C(1) << 30)
#define TOP UINT64_MAX

static void gap_rows(void **state)
{
	static const struct {
		const char *name;
		uint64_t phys, pages;
		uint64_t ranges[5][2];
		size_t n_ranges;
		uint64_t gap;
	} rows[] = {
		{ "all covered by one", PAGE, TOP / PAGE, { { 0, TOP } }, 1, 0 },
		{ "all covered by halves", PAGE, TOP / PAGE,
		  { { TOP / 2 + 1, TOP }, { 0, TOP / 2 } }, 2, 0 },
		{ "covered but for one byte", PAGE, TOP / PAGE,
		  { { 0, TOP / 2 - 1 }, { TOP / 2 + 1, TOP } }, 2, 1 },
		{ "half covered, from the top", 0, TOP / PAGE, { { TOP / 2 + 1, TOP } }, 1,
		  TOP / 2 + 1 },
		{ "nothing covered", 0, TOP / PAGE, { { 0 } }, 0, TOP - PAGE + 1 },
		{ "clipped on both sides", 4 * GIB, 2 * GIB / PAGE,
		  { { 0, 5 * GIB - 1 }, { 5 * GIB + PAGE, TOP } }, 2, PAGE },
		{ "inside a merged one", 4 * GIB, 1,
		  { { 0, 4 * GIB }, { 4 * GIB, 4 * GIB + 1 }, { 4 * GIB + 2, TOP } }, 3, 0 },
		{ "swallowed ranges do not end it", PAGE, 8,
		  { { 0, 9 * PAGE }, { PAGE, 2 * PAGE }, { 3 * PAGE, 4 * PAGE } }, 3, 0 },
		{ "holes of three sizes", 0, 16,
		  { { PAGE, 2 * PAGE - 1 },
		    { 4 * PAGE, 5 * PAGE - 1 },
		    { 8 * PAGE, 15 * PAGE - 1 } },
		  3, 7 * PAGE },
		{ "before everything", 0, 1, { { PAGE, TOP } }, 1, PAGE },
		{ "after everything", TOP - PAGE + 1, 1, { { 0, TOP - PAGE } }, 1, PAGE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_entry entry = { .phys = rows[i].phys, .pages = rows[i].pages };
		efimap_auto_map struct efimap *map = NULL;
		efimap_auto_cover struct efimap_cover cover = { 0 };

		assert_int_equal(efimap_new("/", EFIMAP_ORIGIN_LIVE, &map), 0);
		assert_int_equal(efimap_add_entry(map, &entry), 0);
		for (uint32_t j = 0; j < rows[i].n_ranges; j++)
			assert_int_equal(efimap_add_memmap(map, j, rows[i].ranges[j][0],
							   rows[i].ranges[j][1], "x", 1),
					 0);
		assert_int_equal(efimap_cover_memmap(map, &cover), 0);
		if (cover.gap[0] != rows[i].gap)
			fail_msg("%s: gap 0x%llx", rows[i].name,
				 (unsigned long long)cover.gap[0]);
	}
}

/* Gaps come back at the entry's position, whatever the order and what has no range. */
static void gaps_stay_with_their_entries(void **state)
{
	static const struct efimap_entry entries[] = {
		{ .phys = 9 * PAGE, .pages = 1 }, { .phys = TOP, .pages = 9 },
		{ .phys = 0, .pages = 3 },	  { .phys = 5 * PAGE, .pages = 0 },
		{ .phys = 4 * PAGE, .pages = 2 },
	};
	static const uint64_t gaps[] = { 0, 0, 3 * PAGE, 0, PAGE };
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_cover struct efimap_cover cover = { 0 };

	assert_int_equal(efimap_new("/", EFIMAP_ORIGIN_LIVE, &map), 0);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
	assert_int_equal(efimap_add_memmap(map, 0, 5 * PAGE, TOP, "x", 1), 0);
	assert_int_equal(efimap_cover_memmap(map, &cover), 0);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(cover.gap[i], gaps[i]);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gap_rows),
		cmocka_unit_test(gaps_stay_with_their_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
