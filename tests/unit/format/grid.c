/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The layout of a grid, and that libsmartcols and we lay it out alike. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/grid.h"

typedef int layout_fn(const struct grid *grid, struct efimap_out *out);

static const bool right[] = { true, false, false, true, false };

/* A layout without blanks at line ends, which are nobody's promise. */
static char *trimmed(layout_fn *layout, const struct grid *grid)
{
	struct efimap_out laid efimap_auto_out = EFIMAP_OUT_MEM;
	char *text, *end;

	assert_int_equal(layout(grid, &laid), 0);
	text = end = malloc(laid.used + 1);
	assert_non_null(text);
	for (size_t i = 0; i < laid.used; i++) {
		if (laid.data[i] == '\n')
			while (end > text && end[-1] == ' ')
				end--;
		*end++ = laid.data[i];
	}
	*end = '\0';
	return text;
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
	text = trimmed(grid_layout_plain, &grid);
	assert_string_equal(text, expected);
	free(text);
	grid_free(&grid);
}

static void aligns(void **state)
{
	static const char *const cells[] = { "IDX", "TYPE", "END",    "0", "MMIO",
					     "0x1", "1000", "longer", "",  NULL };

	expect(cells, 3,
	       " IDX TYPE   END\n"
	       "   0 MMIO   0x1\n"
	       "1000 longer\n");
}

static void goes_on_below(void **state)
{
	static const char *const cells[] = { "1", "a,\nbb",    "x", "2",
					     "c", "y,\ny,\nz", NULL };

	expect(cells, 3,
	       "1 a, x\n"
	       "  bb\n"
	       "2 c  y,\n"
	       "     y,\n"
	       "     z\n");
}

static void one_column(void **state)
{
	static const char *const cells[] = { "IDX", "7", NULL };

	expect(cells, 1, "IDX\n  7\n");
}

static void no_rows(void **state)
{
	static const char *const cells[] = { NULL };

	expect(cells, 2, "");
}

#ifdef EFIMAP_HAVE_SMARTCOLS
static uint32_t random_state;

static uint32_t next_random(uint32_t limit)
{
	random_state = random_state * UINT32_C(1664525) + UINT32_C(1013904223);
	return (random_state >> 8) % limit;
}

static void add_random(struct grid *grid)
{
	static const char letters[] = "abc,XYZ0\\x1b$%-_ .";
	char text[64];
	size_t len = next_random(4) ? next_random(20) : 0;

	for (size_t i = 0; i < len; i++)
		text[i] = letters[next_random(sizeof(letters) - 1)];
	/* A cell neither starts, ends nor goes on with an empty line. */
	if (!right[grid->n_cells % grid->columns] && len > 8 && next_random(3) == 0) {
		text[len / 2] = '\n';
		text[len / 2 + 1] = 'n';
	}
	assert_int_equal(grid_add(grid, text, len), 0);
}

static void both_lay_out_alike(void **state)
{
	for (uint32_t seed = 0; seed < 200; seed++) {
		struct grid grid = { .columns = 1 + seed % 5, .right = right };
		char *plain, *smart;

		random_state = seed;
		for (size_t i = 0; i < grid.columns * (1 + seed % 7); i++)
			add_random(&grid);
		plain = trimmed(grid_layout_plain, &grid);
		smart = trimmed(grid_layout_smartcols, &grid);
		assert_string_equal(plain, smart);
		free(plain);
		free(smart);
		grid_free(&grid);
	}
}

/* Far wider than any terminal that libsmartcols could think of. */
static void wide_tables_stay_wide(void **state)
{
	struct grid grid = { .columns = 2, .right = right };
	char wide[2001], *plain, *smart;

	memset(wide, 'w', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	add(&grid, "1");
	add(&grid, wide);
	add(&grid, wide);
	add(&grid, "2");
	plain = trimmed(grid_layout_plain, &grid);
	smart = trimmed(grid_layout_smartcols, &grid);
	assert_string_equal(plain, smart);
	free(plain);
	free(smart);
	grid_free(&grid);
}
#endif

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aligns),
		cmocka_unit_test(goes_on_below),
		cmocka_unit_test(one_column),
		cmocka_unit_test(no_rows),
#ifdef EFIMAP_HAVE_SMARTCOLS
		cmocka_unit_test(both_lay_out_alike),
		cmocka_unit_test(wide_tables_stay_wide),
#endif
	};

	return cmocka_run_group_tests_name("format/grid", tests, NULL, NULL) != 0;
}
