/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump: which rules lie on which entry, each cell, and labels that are more than a line
 * takes; and that no format lets control bytes through. What its formats look like is in
 * tests/cli.
 */
#include <ctype.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/dump.h"
#include "sample.h"

static uint32_t next_random(uint32_t *random, uint32_t limit)
{
	*random = *random * UINT32_C(1664525) + UINT32_C(1013904223);
	return (*random >> 8) % limit;
}

/* Labels of any bytes but zero. */
static struct efimap *random_map(uint32_t seed)
{
	struct efimap *map = sample_empty("/");
	uint32_t random = seed;
	char label[40];

	for (uint32_t i = 0; i < 4; i++) {
		struct efimap_entry entry = {
			i, next_random(&random, 20),	 (uint64_t)i << 12, 0,
			1, next_random(&random, 1 << 24)
		};
		size_t len = next_random(&random, sizeof(label));

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		for (size_t j = 0; j < len; j++)
			label[j] = (char)(1 + next_random(&random, 255));
		assert_int_equal(efimap_add_memmap(map, i, entry.phys, entry.phys + 4095,
						   label, len),
				 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

TEST(no_format_lets_control_bytes_through)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	for (uint32_t seed = 0; seed < 300; seed++) {
		struct efimap *map efimap_auto_map = random_map(seed);

		for (int format = EFIMAP_DUMP_TABLE; format <= EFIMAP_DUMP_RAW;
		     format++) {
			const struct efimap_dump_options options = {
				.format = (enum efimap_dump_format)format,
				.text = { .headings = true },
			};
			struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
			const char *text = sample_dump(map, report, options, NULL, &out);

			for (const char *c = text; *c; c++)
				assert_true(*c == '\n' ||
					    ((unsigned char)*c >= ' ' && *c != '\177'));
		}
	}
}

static void expect_rules(const struct dump_view *view, size_t position, const char *names)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const struct efimap_rule *rule;
	size_t from = 0;

	while ((rule = dump_view_rule(view, position, &from))) {
		efimap_out_puts(&out, rule->name);
		efimap_out_putc(&out, ' ');
	}
	assert_string_equal(sample_text(&out), names);
}

/* In the order of the catalogue, each once, whatever the order of the findings. */
TEST(rules_are_said_once)
{
	static const uint32_t both[] = { 2, 7 }, second[] = { 7 },
			      unknown[] = { 3, 4000 };
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = NULL;
	struct dump_view view;

	for (uint32_t index = 2; index <= 7; index += 5) {
		struct efimap_entry entry = { index, 6, index << 12, 0, 1, 0 };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_report_new(&report), 0);
	sample_finding(report, EFIMAP_RULE_RUNTIME_OFF, EFIMAP_ERROR, EFIMAP_CONSEQ_NONE,
		       second, 1, "m");
	sample_finding(report, EFIMAP_RULE_MAP_ABSENT, EFIMAP_NOTE, EFIMAP_CONSEQ_NONE,
		       both, 2, "m");
	sample_finding(report, EFIMAP_RULE_MAP_ABSENT, EFIMAP_ERROR, EFIMAP_CONSEQ_NONE,
		       second, 1, "m");
	sample_finding(report, EFIMAP_RULE_VIRT_OVERLAP, EFIMAP_ERROR, EFIMAP_CONSEQ_NONE,
		       unknown, 2, "m");
	assert_int_equal(dump_view_open(map, report, false, &view), 0);
	expect_rules(&view, 0, "map-absent ");
	expect_rules(&view, 1, "map-absent runtime-off ");
	dump_view_close(&view);
}

TEST(every_rule_fits)
{
	static const uint32_t entry[] = { 6 };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = NULL;
	struct dump_view view;
	size_t from = 0;

	assert_int_equal(efimap_report_new(&report), 0);
	for (int id = 0; id < EFIMAP_RULE_COUNT; id++)
		sample_finding(report, (enum efimap_rule_id)id, EFIMAP_ERROR,
			       EFIMAP_CONSEQ_NONE, entry, 1, "m");
	assert_int_equal(dump_view_open(map, report, false, &view), 0);
	for (int id = 0; id < EFIMAP_RULE_COUNT; id++)
		assert_ptr_equal(dump_view_rule(&view, 6, &from),
				 efimap_rule_get((enum efimap_rule_id)id));
	assert_null(dump_view_rule(&view, 6, &from));
	dump_view_close(&view);
}

TEST(the_table_is_complete)
{
	const struct grid_column *column = dump_columns;

	for (; column->name; column++) {
		assert_true(strlen(column->help) > 3);
		for (const char *c = column->name; *c; c++)
			assert_true(isupper((unsigned char)*c));
		for (const struct grid_column *other = dump_columns; other < column; other++)
			assert_string_not_equal(column->name, other->name);
	}
	assert_true(column - dump_columns >= 9);
}

struct cells {
	const char *name;
	struct efimap_entry entry;
	const char *columns;
	const char *cells;
	bool bytes;
};

static const struct cells cells_rows[] = {
	{ "code",
	  { 2, 5, 0x3f5ec000, 0xfffffffeff1ec000, 0x100, 0x800000000000000f },
	  "IDX,TYPE,TYPENO,ATTR,ATTRHEX,PHYS,END,SIZE,PAGES,VIRT,VEND,OFFSET,MODE",
	  "2 RuntimeCode 5 RUN,WB,WT,WC,UC 0x800000000000000f 0x3f5ec000 0x3f6ebfff 1M "
	  "256 "
	  "0xfffffffeff1ec000 0xfffffffeff2ebfff 0xfffffffebfc00000 efi-window\n",
	  false },
	{ "no pages",
	  { 0, 16, 0x1000, 0x1000, 0, 0 },
	  "TYPE,TYPENO,ATTR,END,SIZE,PAGES,VEND,OFFSET,MODE",
	  "type=16 16   0B 0  0x0 identity\n",
	  false },
	{ "last page",
	  { 4294967295, 4294967295, 0xfffffffffffff000, 0xffff888000000000, 1, 0x100 },
	  "IDX,TYPENO,ATTR,END,SIZE,OFFSET,MODE",
	  "4294967295 4294967295 0x100 0xffffffffffffffff 4096 0xffff888000001000 "
	  "direct-map\n",
	  true },
	{ "wrapping",
	  { 0, 6, 0xfffffffffffff000, 0x5000, 2, 1 },
	  "END,SIZE,VEND,MODE",
	  " 8K 0x6fff unknown\n",
	  false },
	{ "too many pages",
	  { 0, 6, 0, 0, 0xffffffffffffffff, 1 },
	  "END,SIZE,PAGES",
	  " >16E 18446744073709551615\n",
	  false },
	{ "too many bytes",
	  { 0, 6, 0, 0, 0x10000000000000, 1 },
	  "SIZE,END",
	  ">18446744073709551615 \n",
	  true },
};

static void expect_cells(const struct cells *row)
{
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const struct efimap_dump_options options = {
		.format = EFIMAP_DUMP_RAW,
		.bytes = row->bytes,
	};

	print_message("%s\n", row->name);
	assert_int_equal(efimap_add_entry(map, &row->entry), 0);
	assert_int_equal(efimap_seal(map), 0);
	assert_string_equal(sample_dump(map, report, options, row->columns, &out),
			    row->cells);
}

TEST(cells_are_right)
{
	for (size_t i = 0; i < ARRAY_SIZE(cells_rows); i++)
		expect_cells(&cells_rows[i]);
}

/* The error lists every column: it fits. */
TEST(an_error_names_all_columns)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	size_t columns[EFIMAP_MAX_COLUMNS], count;
	char name[400];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(efimap_dump_columns_parse(name, columns, &count, &err), -EINVAL);
	for (const struct grid_column *column = dump_columns; column->name; column++)
		assert_non_null(strstr(err.text, column->name));
}

static void repeat_index(char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		memcpy(text + 4 * i, "IDX,", 4);
	text[4 * times - 1] = '\0';
}

TEST(the_number_is_limited)
{
	size_t columns[EFIMAP_MAX_COLUMNS], count;
	char text[4 * (EFIMAP_MAX_COLUMNS + 1) + 1];

	repeat_index(text, EFIMAP_MAX_COLUMNS);
	assert_int_equal(efimap_dump_columns_parse(text, columns, &count, NULL), 0);
	assert_int_equal(count, EFIMAP_MAX_COLUMNS);
	repeat_index(text, EFIMAP_MAX_COLUMNS + 1);
	assert_int_equal(efimap_dump_columns_parse(text, columns, &count, NULL), -EINVAL);
}

/* The cell of a column, "MEMMAP" or "IOMEM" */
static void expect_labels(const struct efimap *map, const char *column, size_t entry,
		   const char *names)
{
	static const struct efimap_report report = { .n_findings = 0 };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct dump_view view;
	size_t number;

	assert_int_equal(dump_find_column(column, strlen(column), &number, NULL), 0);
	assert_int_equal(dump_view_open(map, &report, false, &view), 0);
	dump_put_cell(&view, entry, number, &out);
	assert_string_equal(sample_text(&out), names);
	dump_view_close(&view);
}

/* 300 equal entries below 300 equal ranges: 90,000 hits, more than cover.h keeps. */
TEST(what_is_cut_is_said)
{
	struct efimap *map efimap_auto_map = sample_empty("/");

	for (uint32_t i = 0; i < 300; i++) {
		struct efimap_entry entry = { i, 6, 0x1000, 0x1000, 1, 0 };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		sample_memmap(map, i, 0, 0xffff, "Reserved");
	}
	assert_int_equal(efimap_seal(map), 0);
	expect_labels(map, "MEMMAP", 0, "Reserved,...");
	expect_labels(map, "MEMMAP", 299, "Reserved,...");
}
