/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump for people and for scripts: odd labels in each format, narrow terminals, and the
 * line below the table. What real machines look like is in tests/cli.
 */
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
TEST(formulas_are_text)
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
		const struct efimap_dump_options options = { .format = EFIMAP_DUMP_CSV,
							     .text = { .headings = true } };
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		char wanted[64];

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		sample_memmap(map, 0, 0, 0xffff, rows[i].label);
		assert_int_equal(efimap_seal(map), 0);
		snprintf(wanted, sizeof(wanted), "MEMMAP\n%s\n", rows[i].cell);
		assert_string_equal(
			sample_dump(map, report, options, "MEMMAP", &out), wanted);
	}
}

struct dialect_row {
	const char *name;
	enum efimap_dump_format format;
	const char *text;
	bool has_headings;
};

static const struct dialect_row dialect_rows[] = {
	{ "csv", EFIMAP_DUMP_CSV,
	  "IDX,ATTR,MEMMAP,IOMEM\n"
	  "0,\"RUN,UC\",,\n"
	  "1,,\"a\"\"b\\c`$(d),\\x1b[2J \303\274\\xff\\x0a\",System RAM\n",
	  true },
	{ "pairs", EFIMAP_DUMP_PAIRS,
	  "IDX=\"0\" ATTR=\"RUN,UC\" MEMMAP=\"\" IOMEM=\"\"\n"
	  "IDX=\"1\" ATTR=\"\" MEMMAP=\"a\\x22b\\x5cc\\x60\\x24(d),\\x1b[2J "
	  "\\xc3\\xbc\\xff\\x0a\" IOMEM=\"System RAM\"\n",
	  false },
	{ "raw", EFIMAP_DUMP_RAW,
	  "IDX ATTR MEMMAP IOMEM\n"
	  "0 RUN,UC  \n"
	  "1  a\"b\\x5cc`$(d),\\x1b[2J\\x20\\xc3\\xbc\\xff\\x0a System\\x20RAM\n",
	  true },
};

/* With headings, without, and not at all when writing failed before. */
static void expect_dialect(const struct dialect_row *row)
{
	struct efimap *map efimap_auto_map = odd_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_dump_options options = { .format = row->format,
						.text = { .headings = true } };
	const char *columns = "IDX,ATTR,MEMMAP,IOMEM";
	const char *below = row->has_headings ? strchr(row->text, '\n') + 1 : row->text;

	print_message("%s\n", row->name);
	assert_string_equal(sample_dump(map, report, options, columns, &out), row->text);
	options.text.headings = false;
	assert_string_equal(sample_dump(map, report, options, columns, &out), below);
	out.error = -28;
	assert_int_equal(efimap_dump_write(map, report, &options, &out), -28);
	assert_int_equal(out.used, 0);
}

TEST(is_written_and_escaped)
{
	for (size_t i = 0; i < ARRAY_SIZE(dialect_rows); i++)
		expect_dialect(&dialect_rows[i]);
}

struct summary_row {
	const char *name;
	struct efimap_entry entries[2];
	size_t count;
	const char *release;
	uint64_t runtime;
	const char *text;
	bool bytes;
};

#define WINDOW                                                                           \
	{                                                                                \
		0, 6, 0x1000, 0xfffffffeff001000, 1, 1                                   \
	}
#define DIRECT                                                                           \
	{                                                                                \
		1, 6, 0x3000, 0xffff888000003000, 2, 1                                   \
	}
#define UNKNOWN                                                                          \
	{                                                                                \
		1, 6, 0x3000, 0x5000, 2, 1                                               \
	}
#define HUGE_ENTRY(index)                                                                \
	{                                                                                \
		index, 6, 0, 0, 0x8000000000000, 1                                       \
	}

static const struct summary_row summary_rows[] = {
	{ "kexeced",
	  { WINDOW },
	  1,
	  "6.1.0",
	  0xfffffffeff001000,
	  "1 entry, 4096 bytes; mapped in the EFI window; booted by kexec; kernel "
	  "6.1.0\n",
	  true },
	{ "direct",
	  { DIRECT },
	  1,
	  "",
	  0,
	  "1 entry, 8K; mapped in the kernel's direct map; not known what booted it; "
	  "kernel "
	  "unknown\n",
	  false },
	{ "elsewhere",
	  { UNKNOWN },
	  1,
	  "",
	  0,
	  "1 entry, 8K; mapped in no way that Linux uses; not known what booted it; "
	  "kernel "
	  "unknown\n",
	  false },
	{ "too large",
	  { HUGE_ENTRY(0), HUGE_ENTRY(1) },
	  2,
	  "",
	  0,
	  "2 entries, 16E or more; mapped onto itself (identity); not known what booted "
	  "it; "
	  "kernel unknown\n",
	  false },
	{ "too large bytes",
	  { HUGE_ENTRY(0), HUGE_ENTRY(1) },
	  2,
	  "",
	  0,
	  "2 entries, 2^64 bytes or more; mapped onto itself (identity); not known what "
	  "booted it; kernel unknown\n",
	  true },
};

static void expect_summary(const struct summary_row *row)
{
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .text = { .headings = true },
						.bytes = row->bytes };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const char *text;

	print_message("%s\n", row->name);
	for (size_t i = 0; i < row->count; i++)
		assert_int_equal(efimap_add_entry(map, &row->entries[i]), 0);
	if (row->runtime) {
		map->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_PRESENT;
		map->runtime = row->runtime;
	}
	assert_int_equal(efimap_set_release(map, row->release, strlen(row->release)), 0);
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_dump_write(map, report, &options, &out), 0);
	text = strstr(sample_text(&out), row->text);
	assert_non_null(text);
	assert_string_equal(text + strlen(row->text),
			    "no findings: 0 errors, 0 warnings, 0 notes\n");
}

TEST(sums_up)
{
	for (size_t i = 0; i < ARRAY_SIZE(summary_rows); i++)
		expect_summary(&summary_rows[i]);
}

static void expect_table(const struct efimap *map, const struct efimap_report *report,
			 const char *columns, struct efimap_dump_options options,
			 const char *expected)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_string_equal(sample_dump(map, report, options, columns, &out), expected);
}

static struct efimap *hostile_map(void)
{
	static const struct efimap_entry entry = { 0, 5, 0x1000, 0x1000, 1, 0 };
	struct efimap *map = sample_empty("/");

	assert_int_equal(efimap_add_entry(map, &entry), 0);
	sample_memmap(map, 0, 0, 0xffff, "\033[31mred\n\303\274");
	sample_iomem(map, 0, 0xffff, 0, "PCI Bus 0000:00");
	sample_iomem(map, 0, 0xffff, 1, "Reserved");
	sample_iomem(map, 0x1000, 0x1fff, 2, "PCI Bus 0000:00");
	assert_int_equal(efimap_set_release(map, "6.1\033c", 5), 0);
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

TEST(a_narrow_terminal_breaks_lists)
{
	struct efimap *map efimap_auto_map = hostile_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .width = 30 };

	expect_table(map, report, "IDX,IOMEM,TYPE", options,
	       " 0 PCI Bus 0000:00, RuntimeCode\n"
	       "   Reserved\n");
	options.width = 38;
	expect_table(map, report, "IDX,IOMEM,TYPE", options,
	       " 0 PCI Bus 0000:00, RuntimeCode\n"
	       "   Reserved\n");
	options.width = 39;
	expect_table(map, report, "IDX,IOMEM,TYPE", options,
	       " 0 PCI Bus 0000:00,Reserved RuntimeCode\n");
}

/* Both lists give way; even a terminal of one column loses nothing. */
TEST(lists_share_what_is_missing)
{
	struct efimap *map efimap_auto_map = hostile_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .width = 50 };

	expect_table(map, report, "IOMEM,TYPE,IOMEM", options,
	       " PCI Bus 0000:00, RuntimeCode PCI Bus 0000:00,\n"
	       " Reserved                     Reserved\n");
	options.width = 1;
	expect_table(map, report, "IOMEM,TYPE,IOMEM", options,
	       " PCI Bus 0000:00, RuntimeCode PCI Bus 0000:00,\n"
	       " Reserved                     Reserved\n");
}
