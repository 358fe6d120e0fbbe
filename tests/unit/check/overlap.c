/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared pages and equal entries, whatever the numbering, and however many. */
#include "world.h"

#define CODE EFIMAP_TYPE_RUNTIME_CODE
#define DATA EFIMAP_TYPE_RUNTIME_DATA
#define BOOT EFIMAP_TYPE_BOOT_DATA
#define TOP (UINT64_C(1) << 52)
#define WINDOW UINT64_C(0x1000000)
#define ZERO_PAGES UINT64_C(0)

static const struct row {
	const char *name;
	struct world_entry entries[WORLD_ROWS];
	const char *overlap;
	const char *duplicate;
} rows[] = {
	{ "apart", { { CODE, 0x1000, 1, RT }, { DATA, 0x3000, 1, RT } }, "", "" },
	{ "touching", { { CODE, 0x1000, 2, RT }, { DATA, 0x3000, 1, RT } }, "", "" },
	{ "one page shared",
	  { { CODE, 0x1000, 3, RT }, { DATA, 0x3000, 1, RT } },
	  "error runtime-services-fail 0,1",
	  "" },
	{ "one inside the other",
	  { { DATA, 0x1000, 16, RT }, { CODE, 0x3000, 1, RT } },
	  "error runtime-services-fail 0,1",
	  "" },
	{ "nobody needs the two",
	  { { BOOT, 0x1000, 2, RT }, { BOOT, 0x2000, 1, RT } },
	  "error none 0,1",
	  "" },
	{ "one of the two is needed",
	  { { BOOT, 0x1000, 2, RT }, { CODE, 0x2000, 1, RT } },
	  "error runtime-services-fail 0,1",
	  "" },
	{ "the long one reaches over a short one between",
	  { { DATA, 0x1000, 16, RT }, { CODE, 0x2000, 1, RT }, { DATA, 0x8000, 1, RT } },
	  "error runtime-services-fail 0,1; error runtime-services-fail 0,2",
	  "" },
	{ "two that end together, and one in both",
	  { { DATA, 0x1000, 4, RT }, { CODE, 0x3000, 2, RT }, { DATA, 0x4000, 1, RT } },
	  "error runtime-services-fail 0,1; error runtime-services-fail 0,2",
	  "" },
	{ "equal in all fields",
	  { { CODE, 0x1000, 1, RT }, { DATA, 0x9000, 1, RT }, { CODE, 0x1000, 1, RT } },
	  "",
	  "warning none 0,2" },
	{ "three copies are one finding",
	  { { CODE, 0x1000, 1, RT }, { CODE, 0x1000, 1, RT }, { CODE, 0x1000, 1, RT } },
	  "",
	  "warning none 0,1,2" },
	{ "two pairs of copies at one address",
	  { { CODE, 0x1000, 1, RT },
	    { DATA, 0x1000, 1, RT },
	    { CODE, 0x1000, 1, RT },
	    { DATA, 0x1000, 1, RT } },
	  NULL,
	  "warning none 0,2; warning none 1,3" },
	{ "only the attribute differs",
	  { { CODE, 0x1000, 1, RT }, { CODE, 0x1000, 1, RT_WB } },
	  "error runtime-services-fail 0,1",
	  "" },
	{ "only virt differs",
	  { { CODE, 0x1000, 1, RT, 0x5000 }, { CODE, 0x1000, 1, RT, 0x6000 } },
	  "error runtime-services-fail 0,1",
	  "" },
	{ "an offset inside a page shares nothing with the next page",
	  { { CODE, 0x1018, 1, RT }, { DATA, 0x2000, 1, RT } },
	  "",
	  "" },
	{ "two offsets inside the same page",
	  { { CODE, 0x1018, 1, RT }, { DATA, 0x1800, 1, RT } },
	  "error runtime-services-fail 0,1",
	  "" },
	{ "up to the last page that page tables reach",
	  { { CODE, TOP - 0x1000, 1, RT }, { DATA, TOP - 0x2000, 2, RT } },
	  "error runtime-services-fail 0,1",
	  "" },
	{ "one beyond what page tables reach takes no part",
	  { { CODE, TOP - 0x1000, 2, RT }, { DATA, TOP - 0x1000, 1, RT } },
	  "",
	  "" },
	{ "as large as the window",
	  { { CODE, 0x1000, WINDOW, RT, 0x5000 }, { DATA, 0x1000, 1, RT } },
	  "error runtime-services-fail 0,1",
	  "" },
	{ "one larger than the window takes no part",
	  { { CODE, 0x1000, WINDOW + 1, RT, 0x5000 }, { DATA, 0x1000, 1, RT } },
	  "",
	  "" },
	{ "onto itself it may be larger",
	  { { CODE, 0x1000, WINDOW + 1, RT, 0x1000 }, { DATA, 0x1000, 1, RT } },
	  "error runtime-services-fail 0,1",
	  "" },
	{ "a wrapping one takes no part",
	  { { CODE, 0xfffffffffffff000, 2, RT }, { DATA, 0xffffffffffffe000, 2, RT } },
	  "",
	  "" },
	{ "copies of what cannot be are named once, by another rule",
	  { { CODE, 0xfffffffffffff000, 2, RT },
	    { CODE, 0xfffffffffffff000, 2, RT },
	    { DATA, TOP, 1, RT },
	    { DATA, TOP, 1, RT } },
	  "",
	  "" },
};

static void try(const struct row *row, bool reversed, enum efimap_rule_id rule,
		const char *expected)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entries(map, row->entries, reversed);
	world_expect(row->name, map, rule, reversed ? world_count(row->entries) : 0,
		     expected);
}

static void rows_hold_in_both_orders(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int reversed = 0; reversed < 2; reversed++) {
			try(&rows[i], reversed, EFIMAP_RULE_ENTRY_DUPLICATE,
			    rows[i].duplicate);
			if (rows[i].overlap)
				try(&rows[i], reversed, EFIMAP_RULE_PHYS_OVERLAP,
				    rows[i].overlap);
		}
}

/* Seven all-zero descriptors, as a ThinkPad T440 lists them: pages-zero names them. */
static void entries_without_pages_take_no_part(void **state)
{
	static const struct world_entry empty = { .pages = ZERO_PAGES };
	static const struct world_entry first = { BOOT, 0, 1, RT };

	for (int rule = EFIMAP_RULE_PHYS_OVERLAP; rule <= EFIMAP_RULE_ENTRY_DUPLICATE;
	     rule++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_entry(map, 0, &first);
		for (uint32_t i = 1; i <= 7; i++)
			world_entry(map, i, &empty);
		world_expect("all-zero descriptors", map, (enum efimap_rule_id)rule, 0,
			     "");
	}
}

#define MANY 100000

/* Every entry overlaps every other: a finding an entry at most, and none of them lost. */
static void many_overlapping_entries_are_linear(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	efimap_auto_report struct efimap_report *report = NULL;
	size_t named = 0;

	for (uint32_t i = 0; i < MANY; i++) {
		const struct world_entry entry = { DATA, 0, i + 1, RT };

		world_entry(map, i, &entry);
	}
	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, EFIMAP_RULE_PHYS_OVERLAP);
	assert_true(report->n_findings > 1 && report->n_findings < MANY);
	for (size_t i = 0; i < report->n_findings; i++)
		named += report->findings[i].n_entries;
	assert_true(named >= MANY - 1 && named <= 2 * MANY);
	efimap_free(map);
}

static void many_copies_are_one_finding(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	efimap_auto_report struct efimap_report *report = NULL;

	for (uint32_t i = 0; i < MANY; i++) {
		static const struct world_entry entry = { DATA, 0x1000, 1, RT };

		world_entry(map, i, &entry);
	}
	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, EFIMAP_RULE_ENTRY_DUPLICATE);
	assert_int_equal(report->n_findings, 1);
	assert_int_equal(report->findings[0].n_entries, MANY);
	efimap_free(map);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_hold_in_both_orders),
		cmocka_unit_test(entries_without_pages_take_no_part),
		cmocka_unit_test(many_overlapping_entries_are_linear),
		cmocka_unit_test(many_copies_are_one_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
