/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/iomem as a whole: depths, masks, limits. */
#include "reading.h"

#define IOMEM "proc/iomem"

TREE_TEST(contents)
{
	static const struct content_row rows[] = {
		{ "good", CONTENT("00000000-00000fff : Reserved\n"), EFIMAP_STATE_PRESENT, "" },
		{ "by mail", CONTENT("0-fff : Reserved\r\n  5-6 : x\r\n"),
		  EFIMAP_STATE_PRESENT, "" },
		{ "masked", CONTENT("00000000-00000000 : Reserved\n  00000000-00000000 : x\n"),
		  EFIMAP_STATE_MASKED, "" },
		{ "all but one masked", CONTENT("0-0 : Reserved\n0-1 : x\n"),
		  EFIMAP_STATE_PRESENT, "" },
		{ "empty", CONTENT(""), EFIMAP_STATE_BROKEN, "empty -1 " IOMEM ":0" },
		{ "an empty line", CONTENT("0-1 : x\n\n"), EFIMAP_STATE_BROKEN,
		  "syntax -1 " IOMEM ":2 found \"\"" },
		{ "two levels at once", CONTENT("0-9 : x\n    0-1 : y\n"), EFIMAP_STATE_BROKEN,
		  "syntax -1 " IOMEM ":2" },
	};

	run_contents(*state, EFIMAP_SRC_IOMEM, rows, ARRAY_SIZE(rows));
	run_no_files(*state, EFIMAP_SRC_IOMEM);
}

TREE_TEST(levels)
{
	efimap_auto_map struct efimap *map = NULL;

	tree_text(*state, IOMEM,
		  "0-ff : a\n  0-f : b\n    0-1 : c\n  10-1f : d\n"
		  "100-1ff : e\003\xff\n  100-10f : f\n");
	map = read_tree(*state);
	assert_int_equal(map->n_iomem, 6);
	assert_int_equal(map->iomem[0].depth, 0);
	assert_int_equal(map->iomem[1].depth, 1);
	assert_int_equal(map->iomem[2].depth, 2);
	assert_int_equal(map->iomem[3].depth, 1);
	assert_int_equal(map->iomem[4].depth, 0);
	assert_int_equal(map->iomem[5].depth, 1);
	assert_string_equal(map->iomem[2].name, "c");
	assert_string_equal(map->iomem[4].name, "e??");
	assert_int_equal(map->iomem[4].span.last, 0x1ff);
}

/* What says nothing of addresses, or is broken, leaves no line behind. */
TREE_TEST(nothing_kept)
{
	efimap_auto_map struct efimap *masked = NULL, *broken = NULL;

	tree_text(*state, IOMEM, "0-0 : a\n0-0 : b\n");
	masked = read_tree(*state);
	assert_int_equal(masked->n_iomem, 0);
	tree_text(*state, IOMEM, "0-1 : a\n0-1 : b\nc\n");
	broken = read_tree(*state);
	assert_int_equal(broken->n_iomem, 0);
}

TREE_TEST(limit)
{
	static const struct {
		size_t lines;
		enum efimap_state state;
		const char *faults;
	} rows[] = {
		{ 65535, EFIMAP_STATE_PRESENT, "" },
		{ 65536, EFIMAP_STATE_PRESENT, "" },
		{ 65537, EFIMAP_STATE_BROKEN,
		  "too-long -1 " IOMEM ":65537 more than 65536 lines" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		FILE *file = fopen(tree_at(*state, IOMEM), "w");

		assert_non_null(file);
		for (size_t line = 0; line < rows[i].lines; line++)
			fputs("5-6 : x\n", file);
		assert_int_equal(fclose(file), 0);

		efimap_auto_map struct efimap *map = read_tree(*state);

		check_source("lines", map, EFIMAP_SRC_IOMEM, rows[i].state, rows[i].faults);
		assert_int_equal(map->n_iomem,
				 rows[i].state == EFIMAP_STATE_PRESENT ? rows[i].lines : 0);
	}
}
