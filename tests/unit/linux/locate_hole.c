/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "linux/locate_hole.h"

#define P UINT64_C(0x1000)
#define NONE UINT64_MAX

static const struct span ranges[] = { { 0x400, 0x9ffff },
				      { 0x100000, 0x1fffff },
				      { 0x300800, 0x3ff7ff } };

struct row {
	const char *name;
	struct hole_search search;
	struct hole_wanted wanted;
	struct span taken[2];
	uint64_t expected;
};

#define ALL .ranges = ranges, .n_ranges = ARRAY_SIZE(ranges), .limits = { 0, UINT64_MAX }

static const struct row rows[] = {
	{ "the highest page", { ALL, .from_top = true }, { P, P, 0, false }, { { 0 } }, 0x3fe000 },
	{ "the lowest page", { ALL, .from_top = true }, { P, P, 0, true }, { { 0 } }, 0x1000 },
	{ "the lowest page from 1 MiB", { ALL }, { P, P, 0x100000, true }, { { 0 } }, 0x100000 },
	{ "the highest place in the lowest range",
	  { ALL },
	  { P, P, 0, false },
	  { { 0 } },
	  0x9f000 },
	{ "the last byte of the range is skipped",
	  { ALL, .skips_last_byte = true },
	  { P, P, 0, false },
	  { { 0 } },
	  0x9e000 },
	{ "skipping the last byte has no effect because of the alignment",
	  { ALL, .skips_last_byte = true },
	  { P, 0x40000, 0, false },
	  { { 0 } },
	  0x80000 },
	{ "no byte is skipped directly below an existing segment",
	  { ALL, .skips_last_byte = true },
	  { P, P, 0, false },
	  { { 0x9e000, 0x9efff } },
	  0x9d000 },
	{ "a complete range",
	  { ALL, .from_top = true },
	  { 0x100000, P, 0, false },
	  { { 0 } },
	  0x100000 },
	{ "a complete range, but the last byte is skipped",
	  { ALL, .skips_last_byte = true },
	  { 0x100000, P, 0, false },
	  { { 0 } },
	  NONE },
	{ "larger than any range",
	  { ALL, .from_top = true },
	  { 0x101000, P, 0, false },
	  { { 0 } },
	  NONE },
	{ "aligned", { ALL, .from_top = true }, { P, 0x80000, 0, false }, { { 0 } }, 0x380000 },
	{ "aligned in a lower range",
	  { ALL, .from_top = true },
	  { 0x80000, 0x100000, 0, false },
	  { { 0 } },
	  0x100000 },
	{ "below two existing segments",
	  { ALL, .from_top = true },
	  { P, P, 0, false },
	  { { 0x3fe000, 0x3fefff }, { 0x3fd000, 0x3fdfff } },
	  0x3fc000 },
	{ "between two existing segments",
	  { ALL, .from_top = true },
	  { P, P, 0, false },
	  { { 0x3fe000, 0x3fefff }, { 0x3fc000, 0x3fcfff } },
	  0x3fd000 },
	{ "above two existing segments",
	  { ALL },
	  { P, P, 0x100000, true },
	  { { 0x101000, 0x101fff }, { 0x100000, 0x100fff } },
	  0x102000 },
	{ "the next range, because a segment fills one completely",
	  { ALL, .from_top = true },
	  { P, P, 0, false },
	  { { 0x300000, 0x3fffff } },
	  0x1ff000 },
	{ "below the maximum of the search",
	  { .ranges = ranges, .n_ranges = 3, .limits = { 0, 0x1802ff }, .from_top = true },
	  { P, P, 0, false },
	  { { 0 } },
	  0x17f000 },
	{ "above the minimum of the search",
	  { .ranges = ranges, .n_ranges = 3, .limits = { 0x180001, UINT64_MAX } },
	  { P, P, 0, true },
	  { { 0 } },
	  0x181000 },
	{ "no range between the minimum and the maximum of the search",
	  { .ranges = ranges, .n_ranges = 3, .limits = { 0x200000, 0x300fff }, .from_top = true },
	  { P, P, 0, false },
	  { { 0 } },
	  NONE },
};

TEST(places_are_those_of_the_loaders)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		struct hole_search search = row->search;
		struct hole hole = { 0 };

		print_message("%s\n", row->name);
		search.taken = row->taken;
		while (search.n_taken < 2 && row->taken[search.n_taken].last)
			search.n_taken++;
		assert_int_equal(find_hole(&search, &row->wanted, &hole), row->expected != NONE);
		if (row->expected != NONE)
			assert_int_equal(hole.start, row->expected);
	}
}

TEST(free_memory_ends_where_the_next_begins)
{
	static const struct span taken = { 0x3f0000, 0x3fefff };
	struct hole_search search = { ALL, .from_top = true };
	const struct hole_wanted wanted = { 2 * P, 0x80000, 0, false };
	struct hole hole;

	assert_true(find_hole(&search, &wanted, &hole));
	assert_int_equal(hole.range, 2);
	assert_int_equal(hole.free_end, 0x3ff7ff);
	search.taken = &taken;
	search.n_taken = 1;
	assert_true(find_hole(&search, &wanted, &hole));
	assert_int_equal(hole.free_end, 0x3effff);
}
