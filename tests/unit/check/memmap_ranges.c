/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Malformed ranges of memmap, each fault of a file, and how many ranges there may be. */
#include "world.h"

static const struct range_row {
	const char *name;
	uint64_t start;
	uint64_t end;
	const char *expected;
} range_rows[] = {
	{ "one byte", 0x1000, 0x1000, "" },
	{ "two bytes", 0x1000, 0x1001, "" },
	{ "the whole address space", 0, UINT64_MAX, "" },
	{ "a size of 0", 0x1000, 0xfff, "error none -" },
	{ "a size of -1", 0x1000, 0xffe, "error does-not-boot -" },
	{ "as far as it goes", UINT64_MAX, 0, "error does-not-boot -" },
	{ "the last byte", UINT64_MAX, UINT64_MAX, "" },
};

static void an_end_below_the_start_is_bad(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(range_rows); i++) {
		const struct world_range ranges[WORLD_ROWS] = {
			{ range_rows[i].start, range_rows[i].end, "Reserved" },
		};
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_ranges(map, ranges, false);
		world_expect(range_rows[i].name, map, EFIMAP_RULE_MEMMAP_BAD_RANGE, 0,
			     range_rows[i].expected);
	}
}

static const struct fault_row {
	const char *file;
	enum efimap_fault_kind kind;
	const char *expected;
} fault_rows[] = {
	{ "sys/firmware/memmap/3/start", EFIMAP_FAULT_SYNTAX, "error memory-at-risk -" },
	{ "sys/firmware/memmap/3/end", EFIMAP_FAULT_TOO_LONG, "error memory-at-risk -" },
	{ "sys/firmware/memmap/3/type", EFIMAP_FAULT_SYNTAX, "error none -" },
	{ "sys/firmware/memmap/3/type", EFIMAP_FAULT_MISSING, "error none -" },
	{ "sys/firmware/memmap/3/end", EFIMAP_FAULT_MISSING, "error none -" },
	{ "sys/firmware/memmap/3/end", EFIMAP_FAULT_DENIED, "" },
	{ "sys/firmware/memmap/3/end", EFIMAP_FAULT_EMPTY, "error none -" },
	{ "sys/firmware/memmap/3/end", EFIMAP_FAULT_NOT_A_FILE, "error none -" },
	{ "sys/firmware/memmap/3/end", EFIMAP_FAULT_IO, "error none -" },
	{ "sys/firmware/memmap/x", EFIMAP_FAULT_NAME, "" },
	{ "sys/firmware/memmap/3/more", EFIMAP_FAULT_EXTRA, "" },
};

static void a_file_is_judged_as_kexec_tools_reads_it(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(fault_rows); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_fault(map, EFIMAP_SRC_MEMMAP, fault_rows[i].kind,
			    fault_rows[i].file);
		world_expect(fault_rows[i].file, map, EFIMAP_RULE_MEMMAP_BAD_RANGE, 0,
			     fault_rows[i].expected);
	}
}

static void faults_of_other_sources_are_not_memmap(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_fault(map, EFIMAP_SRC_IOMEM, EFIMAP_FAULT_SYNTAX, "proc/iomem");
	world_expect("iomem", map, EFIMAP_RULE_MEMMAP_BAD_RANGE, 0, "");
}

static void counts_at_both_limits(void **state)
{
	static const struct {
		uint32_t count;
		const char *expected;
	} rows[] = {
		{ 0, "" },
		{ 128, "" },
		{ 129, "warning memory-at-risk -" },
		{ 2048, "warning memory-at-risk -" },
		{ 2049, "error memory-at-risk -" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		for (uint32_t k = 0; k < rows[i].count; k++)
			assert_int_equal(efimap_add_memmap(map, k, (uint64_t)k << 12,
							   ((uint64_t)k << 12) + 0xfff,
							   "Reserved",
							   strlen("Reserved")),
					 0);
		world_expect(rows[i].expected, map, EFIMAP_RULE_MEMMAP_COUNT, 0,
			     rows[i].expected);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_below_the_start_is_bad),
		cmocka_unit_test(a_file_is_judged_as_kexec_tools_reads_it),
		cmocka_unit_test(faults_of_other_sources_are_not_memmap),
		cmocka_unit_test(counts_at_both_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
