/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump for scripts: csv, pairs and raw. */
#include <stdio.h>

#include "test.h"
#include "base/cleanup.h"
#include "sample.h"

static struct efimap *odd_map(void)
{
	static const struct efimap_entry entries[] = {
		{ 0, 11, 0xffc00000, 0xfffffffeffc00000, 0x400, 0x8000000000000001 },
		{ 1, 4, 0x1000, 0x1000, 1, 0 },
	};
	struct efimap *map = sample_empty("/");

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
	sample_memmap(map, 0, 0, 0xffff, "a\"b\\c`$(d)");
	sample_memmap(map, 1, 0, 0xffff, "\033[2J \303\274\377\n");
	sample_iomem(map, 0, 0xffff, 0, "System RAM");
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

/* A label that a spreadsheet would calculate, and what is written for it. */
static void formulas_are_text(void **state)
{
	static const struct {
		const char *label;
		const char *cell;
	} rows[] = {
		{ "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0" },
		{ "+1", "'+1" },
		{ "-1,2", "\"'-1,2\"" },
		{ "@SUM(A1)", "'@SUM(A1)" },
		{ "\xef\xbc\x9d" "1", "'\xef\xbc\x9d" "1" },
		{ "\t=1", "\\x09=1" },
		{ "a;=1", "a\\x3b=1" },
		{ "a=1+1-1@1", "a=1+1-1@1" },
		{ "'", "'" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		static const struct efimap_entry entry = { .pages = 1 };
		struct efimap *map efimap_auto_map = sample_empty("/");
		struct efimap_report *report efimap_auto_report = sample_clean_report();
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		char wanted[64];

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		sample_memmap(map, 0, 0, 0xffff, rows[i].label);
		assert_int_equal(efimap_seal(map), 0);
		snprintf(wanted, sizeof(wanted), "MEMMAP\n%s\n", rows[i].cell);
		assert_string_equal(
			sample_dump(map, report, EFIMAP_DUMP_CSV, "MEMMAP", &out), wanted);
	}
}

struct row {
	enum efimap_dump_format format;
	const char *text;
	const char *without_headings;
};

static const struct row csv = {
	EFIMAP_DUMP_CSV,
	"IDX,ATTR,MEMMAP,IOMEM\n"
	"0,\"RUN,UC\",,\n"
	"1,,\"a\"\"b\\c`$(d),\\x1b[2J \303\274\\xff\\x0a\",System RAM\n",
	"0,\"RUN,UC\",,\n"
	"1,,\"a\"\"b\\c`$(d),\\x1b[2J \303\274\\xff\\x0a\",System RAM\n",
};
static const struct row pairs = {
	EFIMAP_DUMP_PAIRS,
	"IDX=\"0\" ATTR=\"RUN,UC\" MEMMAP=\"\" IOMEM=\"\"\n"
	"IDX=\"1\" ATTR=\"\" MEMMAP=\"a\\x22b\\x5cc\\x60\\x24(d),\\x1b[2J "
	"\\xc3\\xbc\\xff\\x0a\" IOMEM=\"System RAM\"\n",
	"IDX=\"0\" ATTR=\"RUN,UC\" MEMMAP=\"\" IOMEM=\"\"\n"
	"IDX=\"1\" ATTR=\"\" MEMMAP=\"a\\x22b\\x5cc\\x60\\x24(d),\\x1b[2J "
	"\\xc3\\xbc\\xff\\x0a\" IOMEM=\"System RAM\"\n",
};
static const struct row raw = {
	EFIMAP_DUMP_RAW,
	"IDX ATTR MEMMAP IOMEM\n"
	"0 RUN,UC  \n"
	"1  a\"b\\x5cc`$(d),\\x1b[2J\\x20\\xc3\\xbc\\xff\\x0a System\\x20RAM\n",
	"0 RUN,UC  \n"
	"1  a\"b\\x5cc`$(d),\\x1b[2J\\x20\\xc3\\xbc\\xff\\x0a System\\x20RAM\n",
};

static void is_written_and_escaped(void **state)
{
	const struct row *row = *state;
	struct efimap *map efimap_auto_map = odd_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_string_equal(
		sample_dump(map, report, row->format, "IDX,ATTR,MEMMAP,IOMEM", &out),
		row->text);
}

static void without_headings(void **state)
{
	const struct row *row = *state;
	struct efimap *map efimap_auto_map = odd_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_dump_options options = { .format = row->format };
	size_t columns[EFIMAP_MAX_COLUMNS];

	assert_int_equal(efimap_dump_columns_parse("IDX,ATTR,MEMMAP,IOMEM", columns,
						   &options.n_columns, NULL),
			 0);
	options.columns = columns;
	assert_int_equal(efimap_dump_write(map, report, &options, &out), 0);
	assert_string_equal(sample_text(&out), row->without_headings);
}

static void errors_stick(void **state)
{
	const struct row *row = *state;
	struct efimap *map efimap_auto_map = odd_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .format = row->format, .headings = true };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	out.error = -28;
	assert_int_equal(efimap_dump_write(map, report, &options, &out), -28);
	assert_int_equal(out.used, 0);
}

#define ROW(row)                                                                         \
	{ #row, is_written_and_escaped, NULL, NULL, (void *)(uintptr_t) & (row) },       \
		{ #row " without headings", without_headings, NULL, NULL,                \
		  (void *)(uintptr_t) & (row) },                                         \
	{                                                                                \
#row " with an earlier error", errors_stick, NULL, NULL,                 \
			(void *)(uintptr_t) & (row)                                      \
	}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = { ROW(csv), ROW(pairs), ROW(raw),
					     cmocka_unit_test(formulas_are_text) };

	return cmocka_run_group_tests_name("format/dump_lines", tests, NULL, NULL) != 0;
}
