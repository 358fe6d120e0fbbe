/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The layout of a grid. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/grid.h"

static const bool right[] = { true, false, false, true, false };

static char *text_of(const struct grid *grid)
{
	struct efimap_out out = EFIMAP_OUT_MEM;

	assert_int_equal(grid_write(grid, false, &out), 0);
	efimap_out_putc(&out, '\0');
	return out.data;
}

static void add(struct grid *grid, const char *text)
{
	assert_int_equal(grid_add(grid, text, strlen(text)), 0);
}

static void expect(const char *const *cells, size_t columns, const char *expected)
{
	struct grid grid = { .columns = columns, .right = right };
	char *text;

	for (size_t i = 0; cells[i]; i++)
		add(&grid, cells[i]);
	text = text_of(&grid);
	assert_string_equal(text, expected);
	free(text);
	grid_free(&grid);
}

static void aligns(void **state)
{
	static const char *const cells[] = { "IDX", "TYPE", "END",    "0", "MMIO",
					     "0x1", "1000", "longer", "",  NULL };

	expect(cells, 3,
	       "  IDX TYPE   END\n"
	       "    0 MMIO   0x1\n"
	       " 1000 longer\n");
}

static void goes_on_below(void **state)
{
	static const char *const cells[] = { "1", "a,\nbb",    "x", "2",
					     "c", "y,\ny,\nz", NULL };

	expect(cells, 3,
	       " 1 a, x\n"
	       "   bb\n"
	       " 2 c  y,\n"
	       "      y,\n"
	       "      z\n");
}

static void one_column(void **state)
{
	static const char *const cells[] = { "IDX", "7", NULL };

	expect(cells, 1, " IDX\n   7\n");
}

static void no_rows(void **state)
{
	static const char *const cells[] = { NULL };

	expect(cells, 2, "");
}

/* Far wider than any terminal that libsmartcols could think of. */
static void wide_tables_stay_wide(void **state)
{
	struct grid grid = { .columns = 2, .right = right };
	char wide[2001];
	efimap_auto_free char *text = NULL;

	memset(wide, 'w', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	add(&grid, "1");
	add(&grid, wide);
	add(&grid, wide);
	add(&grid, "2");
	text = text_of(&grid);
	/* Two lines with a margin and a blank between; what is short in the second ends it. */
	assert_int_equal(strlen(text), (1 + 2000 + 1 + 2000 + 1) + (1 + 2000 + 1 + 1 + 1));
	grid_free(&grid);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aligns),
		cmocka_unit_test(goes_on_below),
		cmocka_unit_test(one_column),
		cmocka_unit_test(no_rows),
		cmocka_unit_test(wide_tables_stay_wide),
	};

	return cmocka_run_group_tests_name("format/grid", tests, NULL, NULL) != 0;
}
