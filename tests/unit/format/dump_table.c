/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump as a table. */
#include "test.h"
#include "base/cleanup.h"
#include "sample.h"

static void expect(const struct efimap *map, const struct efimap_report *report,
		   const char *columns, struct efimap_dump_options options,
		   const char *expected)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	size_t numbers[EFIMAP_MAX_COLUMNS];

	if (columns)
		assert_int_equal(efimap_dump_columns_parse(columns, numbers,
							   &options.n_columns, NULL),
				 0);
	options.columns = numbers;
	assert_int_equal(efimap_dump_write(map, report, &options, &out), 0);
	assert_string_equal(sample_text(&out), expected);
}

static void a_stock_machine(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_dump_options options = { .headings = true };

	expect(map, report, NULL, options,
	       " IDX TYPE        ATTR            PHYS       SIZE VIRT                "
	       "MEMMAP     "
	       "IOMEM      RULES\n"
	       "   0 MMIO        RUN,UC          0xffc00000   4M 0xfffffffeffc00000  "
	       "Reserved   "
	       "Reserved\n"
	       "   1 RuntimeData RUN,WB,WT,WC,UC 0x3fef4000 528K 0xfffffffeffaf4000  "
	       "Reserved   "
	       "Reserved\n"
	       "   2 RuntimeCode RUN,WB,WT,WC,UC 0x3f5ec000   1M 0xfffffffeff1ec000  "
	       "Reserved   "
	       "Reserved\n"
	       "   3 RuntimeData RUN,WB,WT,WC,UC 0x3f4ec000   1M 0xfffffffeff0ec000  "
	       "Reserved   "
	       "Reserved\n"
	       "   4 RuntimeData RUN,WB,WT,WC,UC 0x3eaa0000   1M 0xfffffffefe6a0000  "
	       "Reserved   "
	       "Reserved\n"
	       "   5 BootData    RUN,WB,WT,WC,UC 0x3d11a000  36K 0xfffffffefcd1a000  "
	       "System RAM "
	       "Reserved   boot-services-kept\n"
	       "   6 BootData    RUN,WB,WT,WC,UC 0x3d117000   4K 0xfffffffefcd17000  "
	       "System RAM "
	       "System RAM boot-services-kept,boot-services-in-ram,table-in-ram\n"
	       "   7 BootCode    RUN,WB,WT,WC,UC 0x0          4K 0xfffffffefbe00000  "
	       "System RAM "
	       "Reserved   boot-services-kept\n"
	       "8 entries, 7.5M; mapped in the EFI window; booted by firmware; kernel "
	       "6.1.0-56-amd64\n"
	       "\n"
	       "runtime-map/6: warning: the Memory Attributes Table (0x3d117018) lies in "
	       "System "
	       "RAM, so kexec may overwrite it [table-in-ram]\n"
	       "    next kernel: memory-at-risk    why and what to do: efimapctl explain "
	       "table-in-ram\n"
	       "0 errors, 1 warning, 2 notes; 1 rule not tried\n");
}

static void without_headings_rows_only(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_dump_options options = { .bytes = true, .color = true };

	expect(map, report, "idx,size,memmap", options,
	       " 0 4194304  Reserved\n"
	       " 1  540672  Reserved\n"
	       " 2 1048576  Reserved\n"
	       " 3 1048576  Reserved\n"
	       " 4 1056768  Reserved\n"
	       " 5   36864  System RAM\n"
	       " 6    4096  System RAM\n"
	       " 7    4096  System RAM\n");
}

static void an_empty_map_has_a_heading(void **state)
{
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .headings = true, .color = true };

	assert_int_equal(efimap_seal(map), 0);
	expect(map, report, "MEMMAP,IDX,MEMMAP", options,
	       "\033[1m MEMMAP IDX  MEMMAP\033[0m\n"
	       "0 entries; not known what booted it; kernel unknown\n"
	       "no findings: 0 errors, 0 warnings, 0 notes\n");
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

/* Cells are ASCII, so that columns line up whatever the locale. */
static void labels_cannot_send_escapes(void **state)
{
	struct efimap *map efimap_auto_map = hostile_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .headings = true };

	expect(map, report, "MEMMAP,IOMEM", options,
	       " MEMMAP                  IOMEM\n"
	       " \\x1b[31mred\\x0a\\xc3\\xbc PCI Bus 0000:00,Reserved\n"
	       "1 entry, 4K; mapped onto itself (identity); not known what booted it; "
	       "kernel 6.1\\x1bc\n"
	       "no findings: 0 errors, 0 warnings, 0 notes\n");
}

static void a_narrow_terminal_breaks_lists(void **state)
{
	struct efimap *map efimap_auto_map = hostile_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .width = 30 };

	expect(map, report, "IDX,IOMEM,TYPE", options,
	       " 0 PCI Bus 0000:00, RuntimeCode\n"
	       "   Reserved\n");
	options.width = 38;
	expect(map, report, "IDX,IOMEM,TYPE", options,
	       " 0 PCI Bus 0000:00, RuntimeCode\n"
	       "   Reserved\n");
	options.width = 39;
	expect(map, report, "IDX,IOMEM,TYPE", options,
	       " 0 PCI Bus 0000:00,Reserved RuntimeCode\n");
}

/* Both lists give way; even a terminal of one column loses nothing. */
static void lists_share_what_is_missing(void **state)
{
	struct efimap *map efimap_auto_map = hostile_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .width = 50 };

	expect(map, report, "IOMEM,TYPE,IOMEM", options,
	       " PCI Bus 0000:00, RuntimeCode PCI Bus 0000:00,\n"
	       " Reserved                     Reserved\n");
	options.width = 1;
	expect(map, report, "IOMEM,TYPE,IOMEM", options,
	       " PCI Bus 0000:00, RuntimeCode PCI Bus 0000:00,\n"
	       " Reserved                     Reserved\n");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stock_machine),
		cmocka_unit_test(without_headings_rows_only),
		cmocka_unit_test(an_empty_map_has_a_heading),
		cmocka_unit_test(labels_cannot_send_escapes),
		cmocka_unit_test(a_narrow_terminal_breaks_lists),
		cmocka_unit_test(lists_share_what_is_missing),
	};

	return cmocka_run_group_tests_name("format/dump_table", tests, NULL, NULL) != 0;
}
