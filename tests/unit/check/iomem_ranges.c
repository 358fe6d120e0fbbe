/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reserved by memmap, System RAM by iomem: to the byte, with each exception. */
#include "world.h"

#define CODE EFIMAP_TYPE_RUNTIME_CODE
#define BOOT EFIMAP_TYPE_BOOT_DATA
#define W "warning memory-at-risk -"

static const struct row {
	const char *name;
	const char *cmdline;
	struct world_entry entries[WORLD_ROWS];
	struct world_range ranges[WORLD_ROWS];
	struct world_line lines[WORLD_ROWS];
	const char *expected;
} rows[] = {
	{ "RAM over reserved",
	  "",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  W },
	{ "lower case",
	  "",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "reserved" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  W },
	{ "many are one",
	  "",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "Reserved" }, { 0x30000, 0x3ffff, "Reserved" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  W },
	{ "a byte",
	  "",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0x1ffff, 0xfffff, "System RAM" } },
	  W },
	{ "touching",
	  "",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0x20000, 0xfffff, "System RAM" } },
	  "" },
	{ "the reverse",
	  "",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "System RAM" } },
	  { { 0, 0x10000, 0x1ffff, "Reserved" } },
	  "" },
	{ "below another line",
	  "",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0, 0xfffff, "Reserved" }, { 1, 0x10000, 0x1ffff, "System RAM" } },
	  "" },
	{ "hot-added",
	  "",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0, 0xfffff, "System RAM (virtio_mem)" } },
	  "" },
	{ "ACPI is not judged",
	  "",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "ACPI Tables" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  "" },
	{ "mem=",
	  "quiet mem=4G",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  "" },
	{ "memmap=",
	  "memmap=exactmap",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  "" },
	{ "another option",
	  "mem_sleep_default=deep",
	  { { 0 } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  W },
	{ "a runtime entry has its own finding",
	  "",
	  { { CODE, 0x10000, 1, RT } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  "" },
	{ "so has what Linux keeps",
	  "",
	  { { BOOT, 0x10000, 1, RT } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  "" },
	{ "an entry beside the part that is RAM",
	  "",
	  { { CODE, 0x10000, 1, RT } },
	  { { 0x10000, 0x1ffff, "Reserved" } },
	  { { 0, 0x18000, 0xfffff, "System RAM" } },
	  W },
	{ "a malformed range",
	  "",
	  { { 0 } },
	  { { 0x1ffff, 0x10000, "Reserved" } },
	  { { 0, 0, 0xfffff, "System RAM" } },
	  "" },
};

static void reserved_and_ram(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_cmdline(map, rows[i].cmdline);
		world_entries(map, rows[i].entries, false);
		world_ranges(map, rows[i].ranges, false);
		world_lines(map, rows[i].lines);
		world_expect(rows[i].name, map, EFIMAP_RULE_IOMEM_VS_MEMMAP, 0,
			     rows[i].expected);
	}
}

/* The first range is named, the others are counted. */
static void the_others_are_counted(void **state)
{
	static const char *const says[] = {
		"memmap/0: memmap calls 0x10000-0x1ffff Reserved, and iomem System RAM",
		"memmap/0 and 1 more: memmap calls 0x10000-0x1ffff Reserved, and iomem System RAM",
		"memmap/0 and 2 more: memmap calls 0x10000-0x1ffff Reserved, and iomem System RAM",
	};

	for (uint32_t n = 1; n <= ARRAY_SIZE(says); n++) {
		efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		efimap_auto_report struct efimap_report *report = NULL;

		world_cmdline(map, "quiet");
		for (uint32_t i = 0; i < n; i++)
			assert_int_equal(efimap_add_memmap(map, i, 0x10000 + 0x20000 * i,
							   0x1ffff + 0x20000 * i, "Reserved", 8),
					 0);
		assert_int_equal(efimap_add_iomem(map, (struct efimap_span){ 0, 0xfffff }, 0,
						  "System RAM", 10), 0);
		assert_int_equal(efimap_seal(map), 0);
		report = world_judge(map, EFIMAP_RULE_IOMEM_VS_MEMMAP);
		assert_int_equal(report->n_findings, 1);
		assert_string_equal(report->findings[0].message, says[n - 1]);
	}
}

/* Somebody may have asked for it: without the command line there is no telling. */
static void skipped_without_a_command_line(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_ABSENT;
	world_expect("no command line", map, EFIMAP_RULE_IOMEM_VS_MEMMAP, 0, "skipped");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reserved_and_ram),
		cmocka_unit_test(the_others_are_counted),
		cmocka_unit_test(skipped_without_a_command_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
