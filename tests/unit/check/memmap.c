/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries against memmap: what lies in RAM, what in no range; types, labels, boundaries.
 */
#include "world.h"

#define CODE EFIMAP_TYPE_RUNTIME_CODE
#define DATA EFIMAP_TYPE_RUNTIME_DATA
#define BOOT EFIMAP_TYPE_BOOT_DATA
#define LAST_PAGE UINT64_C(0xffffffffff000)
#define RAM "System RAM"

/* One entry of 16 pages at 0x10000, and memmap: RAM below and above, Reserved under it.
 */
static const struct world_range sound[WORLD_ROWS] = {
	{ 0, 0xffff, RAM },
	{ 0x10000, 0x1ffff, "Reserved" },
	{ 0x20000, 0xfffff, RAM },
};

static const struct type_row {
	const char *name;
	uint32_t type;
	uint64_t attribute;
	const char *runtime_in_ram;
	const char *mmio_in_ram;
	const char *boot_services_in_ram;
} type_rows[] = {
	{ "Reserved", 0, RT, "error memory-at-risk 0", "", "" },
	{ "LoaderCode", 1, RT, "", "", "" },
	{ "LoaderData", 2, RT, "", "", "" },
	{ "BootCode", 3, RT, "", "", "note memory-at-risk 0" },
	{ "BootData", 4, RT, "", "", "note memory-at-risk 0" },
	{ "RuntimeCode", 5, RT, "error does-not-boot 0", "", "" },
	{ "RuntimeData", 6, RT, "error does-not-boot 0", "", "" },
	{ "Conventional", 7, RT, "", "", "" },
	{ "ACPI NVS", 10, RT, "error memory-at-risk 0", "", "" },
	{ "MMIO", 11, RT, "", "error does-not-boot 0", "" },
	{ "MMIO port space", 12, RT, "", "error does-not-boot 0", "" },
	{ "OEM", EFIMAP_TYPE_OEM_FIRST, RT, "", "", "" },
	{ "Reserved, no RUNTIME", 0, 0xf, "", "", "" },
	{ "RuntimeCode, no RUNTIME", 5, 0xf, "", "", "" },
	{ "ACPI NVS, no RUNTIME", 10, 0xf, "", "", "" },
	{ "MMIO, no RUNTIME", 11, 0x1, "", "error does-not-boot 0", "" },
	{ "BootData of efi=debug", 4, 0xf, "", "", "" },
	{ "Conventional of mixed mode", 7, 0xf, "", "", "" },
};

static void a_type_decides_which_rule_speaks(void **state)
{
	static const struct world_range all_ram[WORLD_ROWS] = { { 0, 0xfffff, RAM } };

	for (size_t i = 0; i < ARRAY_SIZE(type_rows); i++) {
		const struct type_row *row = &type_rows[i];
		const struct world_entry entry = { row->type, 0x10000, 16,
						   row->attribute };
		const struct {
			enum efimap_rule_id rule;
			const char *expected;
		} rules[] = {
			{ EFIMAP_RULE_RUNTIME_IN_RAM, row->runtime_in_ram },
			{ EFIMAP_RULE_MMIO_IN_RAM, row->mmio_in_ram },
			{ EFIMAP_RULE_BOOT_SERVICES_IN_RAM, row->boot_services_in_ram },
		};

		for (size_t k = 0; k < ARRAY_SIZE(rules); k++) {
			struct efimap *in = world_new(EFIMAP_ORIGIN_TREE);
			struct efimap *out = world_new(EFIMAP_ORIGIN_TREE);

			world_entry(in, 0, &entry);
			world_ranges(in, all_ram, false);
			world_expect(row->name, in, rules[k].rule, 0, rules[k].expected);
			world_entry(out, 0, &entry);
			world_ranges(out, sound, false);
			world_expect(row->name, out, rules[k].rule, 0, "");
		}
	}
}

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
	  "error does-not-boot 0" },
	{ "RAM reaches in by one byte from above",
	  { CODE, 0x10000, 16, RT },
	  { { 0x10000, 0x1ffff, "Reserved" }, { 0x1ffff, 0xfffff, RAM } },
	  "error does-not-boot 0" },
	{ "a byte of RAM inside",
	  { CODE, 0x10000, 16, RT },
	  { { 0x10000, 0x1ffff, "Reserved" }, { 0x15000, 0x15000, RAM } },
	  "error does-not-boot 0" },
	{ "a long range of RAM starts far below",
	  { CODE, 0x10000, 16, RT },
	  { { 0, 0xfffff, RAM },
	    { 0x8000, 0x8fff, "Reserved" },
	    { 0x9000, 0x9fff, RAM } },
	  "error does-not-boot 0" },
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
	{ "a bad range covers nothing",
	  { DATA, 0x10000, 16, RT },
	  { { 0x10000, 0xfff, RAM }, { 0x10001, 0x1ffff, "Reserved" } },
	  "" },
	{ "the last page that page tables reach",
	  { DATA, LAST_PAGE, 1, RT },
	  { { LAST_PAGE, UINT64_MAX, RAM } },
	  "error does-not-boot 0" },
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
};

static void ranges_hold_in_both_orders(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(range_rows); i++)
		for (int reversed = 0; reversed < 2; reversed++) {
			struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

			world_entry(map, 0, &range_rows[i].entry);
			world_ranges(map, range_rows[i].ranges, reversed);
			world_expect(range_rows[i].name, map, EFIMAP_RULE_RUNTIME_IN_RAM,
				     0, range_rows[i].expected);
		}
}

static const struct world_entry four[WORLD_ROWS] = {
	{ CODE, 0x10000, 16, RT },
	{ BOOT, 0x30000, 1, RT },
	{ DATA, 0x50000, 16, RT },
	{ BOOT, 0x70000, 1, RT },
};

static void boot_services_are_one_summary(void **state)
{
	static const struct world_range ranges[WORLD_ROWS] = { { 0x20000, 0x7ffff,
								 RAM } };

	for (int reversed = 0; reversed < 2; reversed++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_entries(map, four, reversed);
		world_ranges(map, ranges, false);
		world_expect("two in RAM", map, EFIMAP_RULE_BOOT_SERVICES_IN_RAM,
			     reversed ? world_count(four) : 0, "note memory-at-risk 1,3");
	}
}

/* What could be read still proves an overlap. */
static void a_broken_memmap_proves_overlaps(void **state)
{
	static const struct world_range ranges[WORLD_ROWS] = { { 0x10000, 0x1fffe,
								 RAM } };
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entries(map, four, false);
	world_ranges(map, ranges, false);
	world_fault(map, EFIMAP_SRC_MEMMAP, EFIMAP_FAULT_EMPTY,
		    "sys/firmware/memmap/7/end");
	world_expect("broken", map, EFIMAP_RULE_RUNTIME_IN_RAM, 0,
		     "error does-not-boot 0");
}

static void without_memmap_all_are_skipped(void **state)
{
	for (int rule = EFIMAP_RULE_RUNTIME_IN_RAM; rule <= EFIMAP_RULE_TABLE_IN_RAM;
	     rule++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_entries(map, four, false);
		map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
		world_expect("not collected", map, (enum efimap_rule_id)rule, 0,
			     "skipped");
	}
}

#define MANY 100000

/* 100,000 entries over 1,000 nested ranges: more hits than anyone may keep. */
static void many_entries_over_many_ranges(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	efimap_auto_report struct efimap_report *report = NULL;
	size_t named = 0;

	for (uint32_t i = 0; i < MANY; i++) {
		const struct world_entry entry = { CODE, (uint64_t)i << 12, 1, RT };

		world_entry(map, i, &entry);
	}
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(efimap_add_memmap(map, i, 0, UINT64_MAX - i,
						   i == 999 ? RAM : "Reserved",
						   strlen(i == 999 ? RAM : "Reserved")),
				 0);
	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, EFIMAP_RULE_RUNTIME_IN_RAM);
	for (size_t i = 0; i < report->n_findings; i++)
		named += report->findings[i].n_entries;
	assert_int_equal(named, MANY);
	assert_true(report->n_findings <= 1000);
	efimap_free(map);
}

/* All are counted; of the first few it is told where they lie, two facts each. */
static void kept_boot_services_are_summed_up(void **state)
{
	static const struct {
		uint32_t count;
		size_t n_facts;
		const char *says;
	} sums[] = {
		{ 1, 2, "1 boot services entry that Linux kept lies in System RAM" },
		{ 2, 4, "2 boot services entries that Linux kept lie in System RAM" },
		{ 7, 14, "7 boot services entries that Linux kept lie in System RAM" },
		{ 8, 16, "8 boot services entries that Linux kept lie in System RAM" },
		{ 9, 16, "9 boot services entries that Linux kept lie in System RAM" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sums); i++) {
		efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		efimap_auto_report struct efimap_report *report = NULL;

		for (uint32_t k = 0; k < sums[i].count; k++)
			world_entry(map, k,
				    &(struct world_entry){ EFIMAP_TYPE_BOOT_DATA,
							   0x10000 + 0x2000 * (uint64_t)k, 1, RT });
		assert_int_equal(efimap_add_memmap(map, 0, 0, 0xfffff, "System RAM", 10), 0);
		assert_int_equal(efimap_seal(map), 0);
		report = world_judge(map, EFIMAP_RULE_BOOT_SERVICES_IN_RAM);
		assert_int_equal(report->n_findings, 1);
		if (!strstr(report->findings[0].message, sums[i].says) ||
		    report->findings[0].n_evidence != sums[i].n_facts)
			fail_msg("%s: %zu facts", report->findings[0].message,
				 report->findings[0].n_evidence);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_boot_services_are_summed_up),
		cmocka_unit_test(a_type_decides_which_rule_speaks),
		cmocka_unit_test(ranges_hold_in_both_orders),
		cmocka_unit_test(boot_services_are_one_summary),
		cmocka_unit_test(a_broken_memmap_proves_overlaps),
		cmocka_unit_test(without_memmap_all_are_skipped),
		cmocka_unit_test(many_entries_over_many_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
