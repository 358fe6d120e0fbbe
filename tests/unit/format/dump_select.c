/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operand of -o. */
#include <errno.h>
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/format.h"

#define DEFAULTS "IDX TYPE ATTR PHYS SIZE VIRT MEMMAP IOMEM RULES"

struct row {
	const char *text;
	const char *names;
	const char *error;
};

static const struct row one = { "PHYS", "PHYS", NULL };
static const struct row order_is_kept = { "PHYS,IDX", "PHYS IDX", NULL };
static const struct row any_case = { "pHyS,eNd", "PHYS END", NULL };
static const struct row twice = { "IDX,IDX", "IDX IDX", NULL };
static const struct row plus = { "+END,MODE", DEFAULTS " END MODE", NULL };
static const struct row unknown = { "IDX,NOPE", NULL,
				    "unknown column 'NOPE'; columns are: IDX,TYPE," };
static const struct row prefix = { "PHY", NULL, "unknown column 'PHY'" };
static const struct row longer = { "PHYSI", NULL, "unknown column 'PHYSI'" };
static const struct row nothing = { "", NULL, "empty name of a column" };
static const struct row only_plus = { "+", NULL, "empty name of a column" };
static const struct row trailing_comma = { "IDX,", NULL, "empty name of a column" };
static const struct row plus_within = { "IDX,+END", NULL, "unknown column '+END'" };
static const struct row blank = { "IDX, END", NULL, "unknown column ' END'" };

static void expect_names(const size_t *columns, size_t count, const char *names)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < count; i++) {
		if (i)
			efimap_out_putc(&out, ' ');
		efimap_out_puts(&out, efimap_dump_column(columns[i])->name);
	}
	efimap_out_putc(&out, '\0');
	assert_string_equal(out.data, names);
}

static void is_parsed(void **state)
{
	const struct row *row = *state;
	struct efimap_err err = EFIMAP_ERR_INIT;
	size_t columns[EFIMAP_MAX_COLUMNS], count = 77;
	int r = efimap_dump_columns_parse(row->text, columns, &count, &err);

	if (row->names) {
		assert_int_equal(r, 0);
		expect_names(columns, count, row->names);
		return;
	}
	assert_int_equal(r, -EINVAL);
	assert_int_equal(count, 77);
	assert_int_equal(err.code, EINVAL);
	assert_memory_equal(err.text, row->error, strlen(row->error));
}

/* The error lists every column: it fits. */
static void an_error_names_all_columns(void **state)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	const struct efimap_column *column;
	size_t columns[EFIMAP_MAX_COLUMNS], count;
	char name[400];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(efimap_dump_columns_parse(name, columns, &count, &err), -EINVAL);
	for (size_t i = 0; (column = efimap_dump_column(i)); i++)
		assert_non_null(strstr(err.text, column->name));
}

static void repeat_index(char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		memcpy(text + 4 * i, "IDX,", 4);
	text[4 * times - 1] = '\0';
}

static void the_number_is_limited(void **state)
{
	size_t columns[EFIMAP_MAX_COLUMNS], count;
	char text[4 * (EFIMAP_MAX_COLUMNS + 1) + 1];

	repeat_index(text, EFIMAP_MAX_COLUMNS);
	assert_int_equal(efimap_dump_columns_parse(text, columns, &count, NULL), 0);
	assert_int_equal(count, EFIMAP_MAX_COLUMNS);
	repeat_index(text, EFIMAP_MAX_COLUMNS + 1);
	assert_int_equal(efimap_dump_columns_parse(text, columns, &count, NULL), -EINVAL);
}

#define ROW(row)                                                                         \
	{                                                                                \
#row, is_parsed, NULL, NULL, (void *)(uintptr_t) & (row)                 \
	}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		ROW(one),
		ROW(order_is_kept),
		ROW(any_case),
		ROW(twice),
		ROW(plus),
		ROW(unknown),
		ROW(prefix),
		ROW(longer),
		ROW(nothing),
		ROW(only_plus),
		ROW(trailing_comma),
		ROW(plus_within),
		ROW(blank),
		cmocka_unit_test(an_error_names_all_columns),
		cmocka_unit_test(the_number_is_limited),
	};

	return cmocka_run_group_tests_name("format/dump_select", tests, NULL, NULL) != 0;
}
