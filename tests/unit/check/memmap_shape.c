/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges of memmap against each other, against pages, and against kexec-tools' names. */
#include "world.h"

#define OVER_RAM "warning memory-at-risk -"
#define OVER "warning none -"

static void overlaps(void **state)
{
	static const struct {
		const char *name;
		struct world_range ranges[WORLD_ROWS];
		const char *expected;
	} rows[] = {
		{ "none", { { 0, 9, "System RAM" }, { 10, 19, "Reserved" } }, "" },
		{ "a byte",
		  { { 0, 10, "System RAM" }, { 10, 19, "Reserved" } },
		  OVER_RAM },
		{ "no RAM in it",
		  { { 0, 10, "ACPI Tables" }, { 10, 19, "Reserved" } },
		  OVER },
		{ "the same name",
		  { { 0, 19, "System RAM" }, { 10, 19, "System RAM" } },
		  "" },
		{ "equal ranges",
		  { { 0, 9, "System RAM" }, { 0, 9, "Reserved" } },
		  OVER_RAM },
		{ "over one of the same name",
		  { { 0, 30, "Reserved" },
		    { 5, 9, "Reserved" },
		    { 20, 25, "System RAM" } },
		  OVER_RAM },
		{ "behind a longer one of the same name",
		  { { 0, 12, "System RAM" },
		    { 5, 30, "Reserved" },
		    { 10, 40, "Reserved" } },
		  OVER_RAM "; " OVER_RAM },
		{ "behind two, but not touching the other name",
		  { { 0, 4, "System RAM" },
		    { 5, 30, "Reserved" },
		    { 10, 40, "Reserved" } },
		  "" },
		{ "each range that overlaps",
		  { { 0, 50, "Reserved" },
		    { 5, 9, "System RAM" },
		    { 15, 19, "System RAM" } },
		  OVER_RAM "; " OVER_RAM },
		{ "to the last byte",
		  { { 0, UINT64_MAX, "Reserved" }, { UINT64_MAX, UINT64_MAX, "What" } },
		  OVER },
		{ "a malformed one takes no part",
		  { { 0, 50, "Reserved" }, { 9, 5, "System RAM" } },
		  "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int reversed = 0; reversed < 2; reversed++) {
			struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

			world_ranges(map, rows[i].ranges, reversed);
			world_expect(rows[i].name, map, EFIMAP_RULE_MEMMAP_OVERLAP, 0,
				     rows[i].expected);
		}
}

/* Of several that a range overlaps, the one that reaches furthest is named, the first of equals. */
static void the_other_one_is_named(void **state)
{
	static const struct {
		const char *name;
		struct world_range ranges[WORLD_ROWS];
		const char *says;
	} rows[] = {
		{ "the first of two that end together",
		  { { 0, 50, "Reserved" }, { 10, 50, "Reserved" }, { 20, 30, "System RAM" } },
		  "memmap/0 (Reserved) and memmap/2 (System RAM) overlap from 0x14 on" },
		{ "likewise under two names",
		  { { 0, 50, "System RAM" }, { 10, 50, "Reserved" }, { 20, 30, "What" } },
		  "memmap/0 (System RAM) and memmap/2 (What) overlap from 0x14 on" },
		{ "the furthest of another name, and not the first one",
		  { { 0, 100, "System RAM" },
		    { 10, 50, "Reserved" },
		    { 20, 60, "Reserved" },
		    { 55, 58, "System RAM" } },
		  "memmap/2 (Reserved) and memmap/3 (System RAM) overlap from 0x37 on" },
		{ "the first of another name that end together",
		  { { 0, 100, "System RAM" },
		    { 10, 50, "Reserved" },
		    { 20, 50, "Reserved" },
		    { 30, 40, "System RAM" } },
		  "memmap/1 (Reserved) and memmap/3 (System RAM) overlap from 0x1e on" },
		/* Of those that start together the shorter one comes first, then the name. */
		{ "shorter first",
		  { { 0, 50, "Reserved" }, { 0, 9, "System RAM" } },
		  "memmap/1 (System RAM) and memmap/0 (Reserved) overlap from 0x0 on" },
		{ "shorter first, as listed",
		  { { 0, 9, "System RAM" }, { 0, 50, "Reserved" } },
		  "memmap/0 (System RAM) and memmap/1 (Reserved) overlap from 0x0 on" },
		{ "by name",
		  { { 0, 9, "System RAM" }, { 0, 9, "Reserved" } },
		  "memmap/1 (Reserved) and memmap/0 (System RAM) overlap from 0x0 on" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		efimap_auto_report struct efimap_report *report = NULL;
		bool said = false;

		world_ranges(map, rows[i].ranges, false);
		assert_int_equal(efimap_seal(map), 0);
		report = world_judge(map, EFIMAP_RULE_MEMMAP_OVERLAP);
		for (size_t k = 0; k < report->n_findings; k++)
			said |= strcmp(report->findings[k].message, rows[i].says) == 0;
		if (!said)
			fail_msg("%s: %s", rows[i].name,
				 report->n_findings ? report->findings[0].message : "nothing");
	}
}

static void borders(void **state)
{
	static const struct {
		const char *name;
		struct world_range range;
		const char *expected;
	} rows[] = {
		{ "pages", { 0x100000, 0x1fffff, "System RAM" }, "" },
		{ "start", { 0x100400, 0x1fffff, "System RAM" }, "note none -" },
		{ "end", { 0x100000, 0x1ffffe, "System RAM" }, "note none -" },
		{ "end of everything", { 0x100000, UINT64_MAX, "Reserved" }, "" },
		{ "start below 1 MiB", { 0x400, 0x1fffff, "System RAM" }, "" },
		{ "start at the last byte below 1 MiB", { 0xfffff, 0x1fffff, "System RAM" }, "" },
		{ "end at the last byte below 1 MiB", { 0x400, 0xfffff, "System RAM" }, "" },
		{ "end below 1 MiB", { 0, 0x9fbff, "System RAM" }, "" },
		{ "end at 1 MiB", { 0, 0x100000, "System RAM" }, "note none -" },
		{ "malformed", { 0x200400, 0x100400, "System RAM" }, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int kexec = 0; kexec < 2; kexec++) {
			const struct world_range ranges[WORLD_ROWS] = { rows[i].range };
			struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

			world_ranges(map, ranges, false);
			if (kexec)
				map->runtime = EFIMAP_VA_END;
			world_expect(rows[i].name, map, EFIMAP_RULE_MEMMAP_UNALIGNED, 0,
				     kexec ? "" : rows[i].expected);
		}
}

static void names(void **state)
{
	static const struct {
		const char *label;
		const char *expected;
	} rows[] = {
		{ "System RAM", "" },
		{ "Reserved", "" },
		{ "reserved", "" },
		{ "ACPI Tables", "" },
		{ "ACPI Non-volatile Storage", "" },
		{ "Unusable memory", "" },
		{ "Persistent Memory", "" },
		{ "Persistent Memory (legacy)", "" },
		{ "Soft Reserved", "note none -" },
		{ "Unknown E820 type", "note none -" },
		{ "device reserved", "note none -" },
		{ "System RAM (kmem)", "note none -" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct world_range ranges[WORLD_ROWS] = {
			{ 0, 0xfff, rows[i].label },
			{ 0x1000, 0x1fff, rows[i].label },
		};
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_ranges(map, ranges, false);
		world_expect(rows[i].label, map, EFIMAP_RULE_MEMMAP_UNKNOWN_TYPE, 0,
			     rows[i].expected);
	}
}

#define MANY 100000

/* Each overlaps each: one finding a range at most, and no pair loop. */
static void many_overlapping_ranges_are_quick(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	efimap_auto_report struct efimap_report *report = NULL;

	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(efimap_add_memmap(map, i, 0, i, i % 2 ? "a" : "b", 1),
				 0);
	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, EFIMAP_RULE_MEMMAP_OVERLAP);
	assert_true(report->n_findings > 1 && report->n_findings < MANY);
	efimap_free(map);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overlaps),
		cmocka_unit_test(the_other_one_is_named),
		cmocka_unit_test(borders),
		cmocka_unit_test(names),
		cmocka_unit_test(many_overlapping_ranges_are_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
