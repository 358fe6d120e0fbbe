/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The layout of a grid. */
#include "test.h"
#include "base/cleanup.h"
#include "format/grid.h"

/* A row is a list of texts, one for each column. */
static void first_cell(const void *row, struct efimap_out *out)
{
	efimap_out_puts(out, ((const char *const *)row)[0]);
}

static void second_cell(const void *row, struct efimap_out *out)
{
	efimap_out_puts(out, ((const char *const *)row)[1]);
}

static const struct grid_column columns[] = {
	{ "IDX", GRID_RIGHT, first_cell },
	{ "LIST", GRID_LIST | GRID_SET_OFF, second_cell },
};

static void expect(const char *const (*rows)[2], size_t count, size_t width,
		   const char *expected)
{
	struct grid grid auto_grid = { .columns = columns, .n_columns = ARRAY_SIZE(columns) };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < count; i++)
		assert_int_equal(grid_add_row(&grid, rows[i]), 0);
	assert_int_equal(grid.n_cells / grid.n_columns, count);
	assert_int_equal(grid_write(&grid, width, false, &out), 0);
	efimap_out_putc(&out, '\0');
	assert_string_equal(out.data, expected);
}

TEST(goes_on_below)
{
	static const char *const rows[][2] = { { "1", "first,second" },
					       { "20", "third,fourth,fifth" },
					       { "3", "" } };

	expect(rows, ARRAY_SIZE(rows), 20,
	       "  1  first,second\n"
	       " 20  third,fourth,\n"
	       "     fifth\n"
	       "  3\n");
}

TEST(no_rows)
{
	expect(NULL, 0, 0, "");
}
