/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared pages, equal entries and the order of entries, whatever there is and how many. */
#include "check/scene.h"
#include "world.h"

#define FAIL(indices) "error runtime-services-fail " indices

TEST(shared_pages)
{
	static const struct world_case rows[] = {
		{ "two that end together, and one in both",
		  "data 0x1000 0x4; code 0x3000 0x2; data 0x4000 0x1",
		  FAIL("0,1") "; " FAIL("0,2") },
	};

	world_run(EFIMAP_RULE_PHYS_OVERLAP, rows, ARRAY_SIZE(rows));
}

TEST(steps_of_the_listing)
{
	static const struct world_case rows[] = {
		{ "up once, down once",
		  "code 0x3000 0x1; data 0x1000 0x1; data 0x2000 0x1", "note none -",
		  "up 1 times and down 1 times" },
		{ "an equal one is no step",
		  "code 0x1000 0x1; data 0x1000 0x1; data 0x2000 0x1", "" },
	};

	world_run(EFIMAP_RULE_PHYS_UNSORTED, rows, ARRAY_SIZE(rows));
}

#define MANY 100000

/* Every entry overlaps every other: a finding an entry at most, and none of them lost. */
TEST(many_overlapping_entries_are_linear)
{
	efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	efimap_auto_report struct efimap_report *report = NULL;
	size_t named = 0;

	for (uint32_t i = 0; i < MANY; i++)
		world_entry(map, i, &(struct world_entry){ 6, 0, i + 1, RT });
	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, EFIMAP_RULE_PHYS_OVERLAP);
	assert_true(report->n_findings > 1 && report->n_findings < MANY);
	for (size_t i = 0; i < report->n_findings; i++)
		named += report->findings[i].n_entries;
	assert_true(named >= MANY - 1 && named <= 2 * MANY);
}

TEST(many_copies_are_one_finding)
{
	efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	efimap_auto_report struct efimap_report *report = NULL;

	for (uint32_t i = 0; i < MANY; i++)
		world_entry(map, i, &(struct world_entry){ 6, 0x1000, 1, RT });
	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, EFIMAP_RULE_ENTRY_DUPLICATE);
	assert_int_equal(report->n_findings, 1);
	assert_int_equal(report->findings[0].n_entries, MANY);
}

/* Where the kernel puts them one below the other, they could have been one. */
#define FIRST_TWO                                                                        \
	"0.type=6 0.phys=0x3ff78000 0.virt=0xfffffffeffb78000 0.attr=0x800000000000000f"

TEST(numbers_say_something)
{
	static const struct scene_case rows[] = {
		{ "the first two", FIRST_TWO, "phys-adjacent note none 0,1\n" },
		{ "after kexec", "3.type=5 kexec", "" },
		/* Entries that share pages on purpose are not the matter here. */
		{ "equal addresses",
		  "copy=7 8.virt=0xfffffffefbc00000 8.type=3 without=phys-overlap", "" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "overlap notes");
}
