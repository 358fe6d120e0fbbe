/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runtime code and data in no range of memmap, to the byte, and who is excused. */
#include "world.h"

#define CODE EFIMAP_TYPE_RUNTIME_CODE
#define DATA EFIMAP_TYPE_RUNTIME_DATA
#define BOOT EFIMAP_TYPE_BOOT_DATA
#define LAST_PAGE UINT64_C(0xffffffffff000)
#define RAM "System RAM"

static const struct range_row {
	const char *name;
	struct world_entry entry;
	struct world_range ranges[WORLD_ROWS];
	const char *expected;
} range_rows[] = {
	{ "reserved under it, RAM on both sides",
	  { CODE, 0x10000, 16, RT },
	  { { 0, 0xffff, RAM },
	    { 0x10000, 0x1ffff, "Reserved" },
	    { 0x20000, 0xfffff, RAM } },
	  "" },
	{ "RAM reaches in by one byte from below",
	  { CODE, 0x10000, 16, RT },
	  { { 0, 0x10000, RAM }, { 0x10000, 0x1ffff, "Reserved" } },
	  "" },
	{ "RAM reaches in by one byte from above",
	  { CODE, 0x10000, 16, RT },
	  { { 0x10000, 0x1ffff, "Reserved" }, { 0x1ffff, 0xfffff, RAM } },
	  "" },
	{ "a byte of RAM inside",
	  { CODE, 0x10000, 16, RT },
	  { { 0x10000, 0x1ffff, "Reserved" }, { 0x15000, 0x15000, RAM } },
	  "" },
	{ "a long range of RAM starts far below",
	  { CODE, 0x10000, 16, RT },
	  { { 0, 0xfffff, RAM },
	    { 0x8000, 0x8fff, "Reserved" },
	    { 0x9000, 0x9fff, RAM } },
	  "" },
	{ "labels that only resemble RAM",
	  { CODE, 0x10000, 16, RT },
	  { { 0x10000, 0x17fff, "System RAM (kmem)" },
	    { 0x18000, 0x1ffff, "system RAM" } },
	  "" },
	{ "other labels cover as well",
	  { DATA, 0x10000, 16, RT },
	  { { 0x10000, 0x13fff, "ACPI Non-volatile Storage" },
	    { 0x14000, 0x17fff, "Unknown E820 type" },
	    { 0x18000, 0x1ffff, "reserved" } },
	  "" },
	{ "the last byte is in no range",
	  { DATA, 0x10000, 16, RT },
	  { { 0x10000, 0x1fffe, "Reserved" } },
	  "warning memory-at-risk 0" },
	{ "a hole between two ranges",
	  { DATA, 0x10000, 16, RT },
	  { { 0x10000, 0x17fff, "Reserved" }, { 0x18001, 0x1ffff, "Reserved" } },
	  "warning memory-at-risk 0" },
	{ "a bad range covers nothing",
	  { DATA, 0x10000, 16, RT },
	  { { 0x10000, 0xfff, RAM }, { 0x10001, 0x1ffff, "Reserved" } },
	  "warning memory-at-risk 0" },
	{ "no range near any code or data: the boot loader left them out",
	  { DATA, 0x10000, 16, RT },
	  { { 0, 0xffff, RAM }, { 0x20000, 0xfffff, RAM } },
	  "note none 0" },
	{ "the last page that page tables reach",
	  { DATA, LAST_PAGE, 1, RT },
	  { { LAST_PAGE, UINT64_MAX, RAM } },
	  "" },
	{ "an offset inside a page spills over nothing",
	  { CODE, 0x10018, 16, RT },
	  { { 0x10000, 0x1ffff, "Reserved" }, { 0x20000, 0xfffff, RAM } },
	  "" },
	{ "an offset inside a page leaves no hole",
	  { CODE, 0x10018, 16, RT },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  "" },
	{ "an entry beyond that takes no part",
	  { DATA, LAST_PAGE, 2, RT },
	  { { 0, UINT64_MAX - 1, RAM } },
	  "" },
	{ "MMIO may be in no range",
	  { EFIMAP_TYPE_MMIO, 0x10000, 16, RT },
	  { { 0, 0xffff, RAM } },
	  "" },
	{ "boot services may be in no range",
	  { BOOT, 0x10000, 16, RT },
	  { { 0, 0xffff, RAM } },
	  "" },
	{ "OEM types may be in no range",
	  { EFIMAP_TYPE_OEM_FIRST, 0x10000, 16, RT },
	  { { 0, 0xffff, RAM } },
	  "" },
	{ "ranges that touch cover together",
	  { DATA, 0x10000, 16, RT },
	  { { 0x18000, 0x1ffff, "Reserved" }, { 0x10000, 0x17fff, RAM } },
	  "" },
	{ "a range inside a longer one ends nothing",
	  { DATA, 0x10000, 16, RT },
	  { { 0x0, 0x17fff, RAM }, { 0x100, 0x1ff, RAM }, { 0x18000, 0x1ffff, RAM } },
	  "" },
	{ "the whole address space and a range inside it",
	  { DATA, 0x10000, 16, RT },
	  { { 0, UINT64_MAX, RAM }, { 0x100, 0x1ff, RAM } },
	  "" },
};

static void ranges_hold_in_both_orders(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(range_rows); i++)
		for (int reversed = 0; reversed < 2; reversed++) {
			struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

			world_entry(map, 0, &range_rows[i].entry);
			world_ranges(map, range_rows[i].ranges, reversed);
			world_expect(range_rows[i].name, map,
				     EFIMAP_RULE_RUNTIME_UNCOVERED, 0,
				     range_rows[i].expected);
		}
}

static const struct world_entry four[WORLD_ROWS] = {
	{ CODE, 0x10000, 16, RT },
	{ BOOT, 0x30000, 1, RT },
	{ DATA, 0x50000, 16, RT },
	{ BOOT, 0x70000, 1, RT },
};

static void a_hole_is_named_where_others_are_covered(void **state)
{
	static const struct world_range ranges[WORLD_ROWS] = { { 0x10000, 0x1ffff,
								 "Reserved" } };
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entries(map, four, false);
	world_ranges(map, ranges, false);
	world_expect("data in no range", map, EFIMAP_RULE_RUNTIME_UNCOVERED, 0,
		     "warning memory-at-risk 2");
}

static void a_crash_kernel_has_no_such_ranges(void **state)
{
	static const struct world_range ranges[WORLD_ROWS] = { { 0x10000, 0x1fffe,
								 "Reserved" } };
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entries(map, four, false);
	world_ranges(map, ranges, false);
	world_cmdline(map, "console=ttyS0 elfcorehdr=1621364K");
	world_expect("crash kernel", map, EFIMAP_RULE_RUNTIME_UNCOVERED, 0, "");
}

static void a_broken_memmap_proves_no_hole(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entries(map, four, false);
	world_fault(map, EFIMAP_SRC_MEMMAP, EFIMAP_FAULT_EMPTY,
		    "sys/firmware/memmap/7/end");
	world_expect("broken", map, EFIMAP_RULE_RUNTIME_UNCOVERED, 0, "skipped");
}

static void an_empty_memmap_is_the_loaders(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entries(map, four, false);
	world_expect("empty", map, EFIMAP_RULE_RUNTIME_UNCOVERED, 0, "note none 0,2");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_hold_in_both_orders),
		cmocka_unit_test(a_hole_is_named_where_others_are_covered),
		cmocka_unit_test(a_crash_kernel_has_no_such_ranges),
		cmocka_unit_test(a_broken_memmap_proves_no_hole),
		cmocka_unit_test(an_empty_memmap_is_the_loaders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
