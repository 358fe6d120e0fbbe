/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges of memmap: malformed ones, too many, against each other and against pages. */
#include "world.h"

#define OVER_RAM "warning memory-at-risk -"
#define MEMMAP "sys/firmware/memmap/"

TEST(malformed_ranges)
{
	static const struct world_case rows[] = {
		{ "a size of 0", "memmap 0x1000-0xfff Reserved", "error none -" },
		{ "number", "fault syntax " MEMMAP "3/start", "error memory-at-risk -" },
		{ "type", "fault syntax " MEMMAP "3/type", "error none -" },
	};

	world_run(EFIMAP_RULE_MEMMAP_BAD_RANGE, rows, ARRAY_SIZE(rows));
}

TEST(counts_at_both_limits)
{
	static const struct {
		uint32_t count;
		const char *expected;
	} rows[] = {
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
			     rows[i].expected, NULL);
	}
}

/* Of several that a range overlaps, the one that reaches furthest is named. */
TEST(overlaps)
{
	static const struct world_case rows[] = {
		{ "a byte", "memmap 0x0-0xa System RAM; memmap 0xa-0x13 Reserved", OVER_RAM },
		{ "likewise under two names",
		  "memmap 0x0-0x50 System RAM; memmap 0x10-0x50 Reserved; memmap 0x20-0x30 What",
		  OVER_RAM "; " OVER_RAM,
		  "memmap/0 (System RAM) and memmap/2 (What) overlap from 0x20 on" },
		{ "the first of another name that end together",
		  "memmap 0x0-0x100 System RAM; memmap 0x10-0x50 Reserved; "
		  "memmap 0x20-0x50 Reserved; memmap 0x30-0x40 System RAM",
		  OVER_RAM "; " OVER_RAM "; " OVER_RAM,
		  "memmap/1 (Reserved) and memmap/3 (System RAM) overlap from 0x30 on" },
		/* Of those that start together the shorter one comes first, then the name. */
		{ "shorter first", "memmap 0x0-0x50 Reserved; memmap 0x0-0x9 System RAM", OVER_RAM,
		  "memmap/1 (System RAM) and memmap/0 (Reserved) overlap from 0x0 on" },
	};

	world_run(EFIMAP_RULE_MEMMAP_OVERLAP, rows, ARRAY_SIZE(rows));
}

#define MANY 100000

/* Each overlaps each: one finding a range at most, and no pair loop. */
TEST(many_overlapping_ranges_are_quick)
{
	efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	efimap_auto_report struct efimap_report *report = NULL;

	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(efimap_add_memmap(map, i, 0, i, i % 2 ? "a" : "b", 1),
				 0);
	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, EFIMAP_RULE_MEMMAP_OVERLAP);
	assert_true(report->n_findings > 1 && report->n_findings < MANY);
}

TEST(borders_inside_pages)
{
	static const struct world_case rows[] = {
		{ "start at the last byte below 1 MiB", "memmap 0xfffff-0x1fffff System RAM", "" },
		{ "end at 1 MiB", "memmap 0x0-0x100000 System RAM", "note none -" },
		{ "a kexec'ed kernel",
		  "memmap 0x100400-0x1fffff System RAM; runtime 0xffffffef00000000; "
		  "absent sys/kernel/boot_params/data",
		  "" },
	};

	world_run(EFIMAP_RULE_MEMMAP_UNALIGNED, rows, ARRAY_SIZE(rows));
}
