/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sweep on captures made to overlap: what is kept, what is cut, and that neither time
 * nor memory grow with the product of both sides.
 */
#include <string.h>
#include <time.h>

#include "model/cover.h"
#include "ranges.h"

/* Seconds of CPU: thousands of times what a sweep takes, a fraction of all pairs. */
#define PATIENCE 20

static void cover_in_time(const struct efimap *map, struct efimap_cover *cover)
{
	clock_t before = clock();

	assert_int_equal(efimap_cover_memmap(map, cover), 0);
	assert_true(clock() - before < PATIENCE * CLOCKS_PER_SEC);
	assert_true(cover->n_hits <=
		    (map->n_entries + map->n_memmap) * EFIMAP_COVER_CUT);
}

/* One entry over as many ranges as it likes is no reason to cut. */
static void a_large_entry_keeps_all(void **state)
{
	efimap_auto_map struct efimap *map = empty();
	efimap_auto_cover struct efimap_cover cover = { 0 };

	add_entry(map, 0, 2000);
	for (uint64_t i = 0; i < 1000; i++)
		add_range(map, i * 2 * PAGE, i * 2 * PAGE + PAGE - 1);
	cover_in_time(map, &cover);
	assert_int_equal(cover.n_hits, 1000);
	assert_int_equal(cover.n_cut, 0);
	assert_int_equal(cover.gap[0], 1000 * PAGE);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(cover.hits[i], i);
}

/* Copies of one entry over @n_ranges equal ranges, one below, at and above the limit */
static void limit_rows(void **state)
{
	static const struct {
		const char *name;
		size_t n_entries, n_ranges;
		bool cut;
	} rows[] = {
		/* 32 * 32 = 16 * (32 + 32); 17 * 273 = 16 * (17 + 273) + 1 */
		{ "below", 32, 31, false }, { "at", 32, 32, false },
		{ "above", 32, 33, true },  { "above, other side", 33, 32, true },
		{ "one above", 17, 273, true }, { "far above", 500, 500, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = empty();
		efimap_auto_cover struct efimap_cover cover = { 0 };
		size_t each = rows[i].cut ? EFIMAP_COVER_CUT : rows[i].n_ranges;

		for (size_t j = 0; j < rows[i].n_entries; j++)
			add_entry(map, PAGE, 4);
		for (size_t j = 0; j < rows[i].n_ranges; j++)
			add_range(map, PAGE, 2 * PAGE - 1);
		cover_in_time(map, &cover);
		if (cover.n_hits != each * rows[i].n_entries ||
		    cover.n_cut != (rows[i].cut ? rows[i].n_entries : 0))
			fail_msg("%s: %zu hits, %zu cut", rows[i].name, cover.n_hits,
				 cover.n_cut);
		for (size_t j = 0; j < rows[i].n_entries; j++) {
			assert_int_equal(cover.cut[j], rows[i].cut);
			assert_int_equal(cover.gap[j], 3 * PAGE);
			for (size_t h = 0; h < each; h++)
				assert_int_equal(cover.hits[cover.begin[j] + h], h);
		}
	}
}

/* Among crowded entries one with few hits keeps them, and is not called cut. */
static void only_crowded_entries_are_cut(void **state)
{
	efimap_auto_map struct efimap *map = empty();
	efimap_auto_cover struct efimap_cover cover = { 0 };

	for (size_t i = 0; i < 200; i++) {
		add_entry(map, i % 2 ? 1000 * PAGE : PAGE, 1);
		add_range(map, PAGE, PAGE + i);
	}
	for (size_t i = 0; i < EFIMAP_COVER_CUT; i++)
		add_range(map, 1000 * PAGE + i, 1000 * PAGE + i);
	cover_in_time(map, &cover);
	assert_int_equal(cover.n_cut, 100);
	for (size_t i = 0; i < 200; i++) {
		assert_int_equal(cover.cut[i], i % 2 == 0);
		assert_int_equal(cover.begin[i + 1] - cover.begin[i], EFIMAP_COVER_CUT);
		assert_int_equal(cover.gap[i],
				 i % 2 ? PAGE - EFIMAP_COVER_CUT : PAGE - 200);
	}
}

static const size_t many = 100000;

static void everything_over_everything(void **state)
{
	efimap_auto_map struct efimap *map = empty();
	efimap_auto_cover struct efimap_cover cover = { 0 };

	for (uint64_t i = 0; i < many; i++) {
		add_entry(map, i * PAGE, 2 * many);
		add_range(map, i * PAGE, UINT64_MAX - i);
	}
	cover_in_time(map, &cover);
	assert_int_equal(cover.n_cut, many);
	for (size_t i = 0; i < many; i++)
		assert_int_equal(cover.gap[i], 0);
}

/* Every range outlives few entries, every entry meets all that have not ended. */
static void nested_like_an_onion(void **state)
{
	efimap_auto_map struct efimap *map = empty();
	efimap_auto_cover struct efimap_cover cover = { 0 };

	for (uint64_t i = 0; i < many; i++) {
		add_entry(map, i * PAGE, 2 * (many - i));
		add_range(map, i * PAGE, (2 * many - i) * PAGE);
	}
	cover_in_time(map, &cover);
	assert_true(cover.n_cut > 0);
}

/* A line of iomem over everything, its children, and as many entries: no product. */
static void one_long_range_over_many(void **state)
{
	efimap_auto_map struct efimap *map = empty();
	efimap_auto_cover struct efimap_cover cover = { 0 };

	add_range(map, 0, UINT64_MAX);
	for (uint64_t i = 0; i < many; i++) {
		add_range(map, i * PAGE, i * PAGE + PAGE - 1);
		add_entry(map, (many - 1 - i) * PAGE, 1);
	}
	cover_in_time(map, &cover);
	assert_int_equal(cover.n_hits, 2 * many);
	assert_int_equal(cover.n_cut, 0);
	for (uint32_t i = 0; i < many; i++) {
		assert_int_equal(cover.hits[2 * i], 0);
		assert_int_equal(cover.hits[2 * i + 1], many - i);
	}
}

/* Ranges that all end just before the next entry: each is retired once. */
static void many_ranges_that_have_ended(void **state)
{
	efimap_auto_map struct efimap *map = empty();
	efimap_auto_cover struct efimap_cover cover = { 0 };

	for (uint64_t i = 0; i < many; i++) {
		add_range(map, 0, i * PAGE);
		add_entry(map, many * PAGE + i * PAGE, 1);
	}
	cover_in_time(map, &cover);
	assert_int_equal(cover.n_hits, 0);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_entry_keeps_all),
		cmocka_unit_test(limit_rows),
		cmocka_unit_test(only_crowded_entries_are_cut),
		cmocka_unit_test(everything_over_everything),
		cmocka_unit_test(nested_like_an_onion),
		cmocka_unit_test(one_long_range_over_many),
		cmocka_unit_test(many_ranges_that_have_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
