/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of dump: the table itself, and each cell. */
#include <ctype.h>

#include "test.h"
#include "base/cleanup.h"
#include "sample.h"

static void the_table_is_complete(void **state)
{
	const struct efimap_column *column, *other;
	size_t count = 0;

	for (size_t i = 0; (column = efimap_dump_column(i)); i++, count++) {
		assert_true(strlen(column->help) > 3);
		for (const char *c = column->name; *c; c++)
			assert_true(isupper((unsigned char)*c));
		for (size_t j = 0; j < i; j++) {
			other = efimap_dump_column(j);
			assert_string_not_equal(column->name, other->name);
		}
	}
	assert_true(count >= 9);
	assert_null(efimap_dump_column(count));
	assert_null(efimap_dump_column(SIZE_MAX));
}

struct row {
	struct efimap_entry entry;
	const char *columns;
	const char *cells;
	bool bytes;
};

static const struct row code = {
	{ 2, 5, 0x3f5ec000, 0xfffffffeff1ec000, 0x100, 0x800000000000000f },
	"IDX,TYPE,TYPENO,ATTR,ATTRHEX,PHYS,END,SIZE,PAGES,VIRT,VEND,OFFSET,MODE",
	"2 RuntimeCode 5 RUN,WB,WT,WC,UC 0x800000000000000f 0x3f5ec000 0x3f6ebfff 1M 256 "
	"0xfffffffeff1ec000 0xfffffffeff2ebfff 0xfffffffebfc00000 efi-window\n",
	false,
};
static const struct row no_pages = {
	{ 0, 16, 0x1000, 0x1000, 0, 0 },
	"TYPE,TYPENO,ATTR,END,SIZE,PAGES,VEND,OFFSET,MODE",
	"type=16 16   0B 0  0x0 identity\n",
	false,
};
static const struct row last_page = {
	{ 4294967295, 4294967295, 0xfffffffffffff000, 0xffff888000000000, 1, 0x100 },
	"IDX,TYPENO,ATTR,END,SIZE,OFFSET,MODE",
	"4294967295 4294967295 0x100 0xffffffffffffffff 4096 0xffff888000001000 "
	"direct-map\n",
	true,
};
static const struct row wrapping = {
	{ 0, 6, 0xfffffffffffff000, 0x5000, 2, 1 },
	"END,SIZE,VEND,MODE",
	" 8K 0x6fff unknown\n",
	false,
};
static const struct row too_many_pages = {
	{ 0, 6, 0, 0, 0xffffffffffffffff, 1 },
	"END,SIZE,PAGES",
	" >16E 18446744073709551615\n",
	false,
};
static const struct row too_many_bytes = {
	{ 0, 6, 0, 0, 0x10000000000000, 1 },
	"SIZE,END",
	">18446744073709551615 \n",
	true,
};

static void cells_are_right(void **state)
{
	const struct row *row = *state;
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_dump_options options = {
		.format = EFIMAP_DUMP_RAW,
		.bytes = row->bytes,
	};
	size_t columns[EFIMAP_MAX_COLUMNS];

	assert_int_equal(efimap_add_entry(map, &row->entry), 0);
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_dump_columns_parse(row->columns, columns,
						   &options.n_columns, NULL),
			 0);
	options.columns = columns;
	assert_int_equal(efimap_dump_write(map, report, &options, &out), 0);
	assert_string_equal(sample_text(&out), row->cells);
}

#define ROW(row)                                                                         \
	{                                                                                \
#row, cells_are_right, NULL, NULL, (void *)(uintptr_t) & (row)           \
	}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_complete),
		ROW(code),
		ROW(no_pages),
		ROW(last_page),
		ROW(wrapping),
		ROW(too_many_pages),
		ROW(too_many_bytes),
	};

	return cmocka_run_group_tests_name("format/dump_columns", tests, NULL, NULL) != 0;
}
