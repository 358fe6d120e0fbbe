/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What memmap calls the memory of an entry: every label for every type that is judged. */
#include "world.h"

#define CODE EFIMAP_TYPE_RUNTIME_CODE
#define DATA EFIMAP_TYPE_RUNTIME_DATA
#define RECLAIM EFIMAP_TYPE_ACPI_RECLAIM
#define NVS EFIMAP_TYPE_ACPI_NVS
#define FIRST UINT64_C(0x10000)
#define LAST UINT64_C(0x1ffff)

static void try(const char *name, const struct world_entry *entries,
		const struct world_range *ranges, enum efimap_rule_id rule,
		const char *expected)
{
	for (int reversed = 0; reversed < 2; reversed++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_entries(map, entries, reversed);
		world_ranges(map, ranges, reversed);
		world_expect(name, map, rule, reversed ? world_count(entries) : 0,
			     expected);
	}
}

static void labels(void **state)
{
	static const char wrong[] = "warning memory-at-risk 0", odd[] = "note none 0";
	static const struct {
		const char *label;
		const char *code;
		const char *reclaim;
		const char *nvs;
	} rows[] = {
		{ "Reserved", "", "note none 0", "note none 0" },
		{ "reserved", "", "note none 0", "note none 0" },
		{ "ACPI Tables", "", "", "note none 0" },
		{ "ACPI Non-volatile Storage", "", "note none 0", "" },
		{ "System RAM", "", "note none 0", "" },
		{ "Persistent Memory", wrong, "note none 0", "note none 0" },
		{ "Persistent Memory (legacy)", wrong, "note none 0", "note none 0" },
		{ "Soft Reserved", wrong, "note none 0", "note none 0" },
		{ "Unusable memory", odd, "note none 0", "note none 0" },
		{ "Unknown E820 type", odd, "note none 0", "note none 0" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct world_entry code[WORLD_ROWS] = { { CODE, FIRST, 16, RT } };
		const struct world_entry reclaim[WORLD_ROWS] = { { RECLAIM, FIRST, 16,
								   RT } };
		const struct world_entry nvs[WORLD_ROWS] = { { NVS, FIRST, 16, RT } };
		const struct world_range ranges[WORLD_ROWS] = { { FIRST, LAST,
								  rows[i].label } };

		try(rows[i].label, code, ranges, EFIMAP_RULE_RUNTIME_WRONG_LABEL,
		    rows[i].code);
		try(rows[i].label, reclaim, ranges, EFIMAP_RULE_ACPI_LABEL,
		    rows[i].reclaim);
		try(rows[i].label, nvs, ranges, EFIMAP_RULE_ACPI_LABEL, rows[i].nvs);
	}
}

/* What memmap calls the memory of the next entry is no matter. */
static void the_next_entry_is_another_one(void **state)
{
	static const struct world_entry entries[WORLD_ROWS] = { { RECLAIM, FIRST, 16, RT },
								 { CODE, 0x20000, 16, RT } };
	static const struct world_range ranges[WORLD_ROWS] = { { FIRST, LAST, "ACPI Tables" },
							       { 0x20000, 0x2ffff, "Reserved" } };

	try("next", entries, ranges, EFIMAP_RULE_ACPI_LABEL, "");
}

static void wrong_labels(void **state)
{
	static const struct {
		const char *name;
		struct world_entry entries[WORLD_ROWS];
		struct world_range ranges[WORLD_ROWS];
		const char *expected;
	} rows[] = {
		{ "one finding a kind",
		  { { CODE, 0x10000, 1, RT },
		    { DATA, 0x20000, 1, RT },
		    { DATA, 0x30000, 1, RT } },
		  { { 0x10000, 0x2ffff, "Soft Reserved" }, { 0x30000, 0x3ffff, "What" } },
		  "note none 2; warning memory-at-risk 0,1" },
		{ "the last byte",
		  { { CODE, 0x10000, 1, RT } },
		  { { 0x10000, 0x10ffe, "Reserved" },
		    { 0x10fff, 0x10fff, "Soft Reserved" } },
		  "warning memory-at-risk 0" },
		{ "the byte after",
		  { { CODE, 0x10000, 1, RT } },
		  { { 0x10000, 0x10fff, "Reserved" },
		    { 0x11000, 0x11fff, "Soft Reserved" } },
		  "" },
		{ "persistent memory of its own type",
		  { { EFIMAP_TYPE_PERSISTENT, 0x10000, 1, RT } },
		  { { 0x10000, 0x10fff, "Persistent Memory" } },
		  "" },
		{ "not listed",
		  { { CODE, 0x10000, 1, RT } },
		  { { 0, 0xfff, "What" } },
		  "" },
		{ "no pages that can be",
		  { { CODE, 0xfffffffffffff000, 2, RT } },
		  { { 0, UINT64_MAX, "What" } },
		  "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		try(rows[i].name, rows[i].entries, rows[i].ranges,
		    EFIMAP_RULE_RUNTIME_WRONG_LABEL, rows[i].expected);
}

static void acpi_exceptions(void **state)
{
	static const struct {
		const char *name;
		struct world_entry entries[WORLD_ROWS];
		struct world_range ranges[WORLD_ROWS];
		const char *expected;
	} rows[] = {
		{ "joined with what lies below",
		  { { NVS, 0x10000, 1, RT } },
		  { { 0xffff, 0x10fff, "Reserved" } },
		  "" },
		{ "joined with what lies above",
		  { { NVS, 0x10000, 1, RT } },
		  { { 0x10000, 0x11000, "Reserved" } },
		  "" },
		{ "a part only",
		  { { NVS, 0x10000, 2, RT } },
		  { { 0x10000, 0x10fff, "Reserved" },
		    { 0x11000, 0x11fff, "ACPI Non-volatile Storage" } },
		  "note none 0" },
		{ "without RUNTIME",
		  { { NVS, 0x10000, 1, 0xf } },
		  { { 0x10000, 0x10fff, "Reserved" } },
		  "" },
		{ "each entry",
		  { { NVS, 0x10000, 1, RT }, { RECLAIM, 0x11000, 1, RT } },
		  { { 0x10000, 0x11fff, "Unusable memory" } },
		  "note none 0; note none 1" },
		{ "not listed",
		  { { NVS, 0x10000, 1, RT } },
		  { { 0, 0xfff, "Reserved" } },
		  "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		try(rows[i].name, rows[i].entries, rows[i].ranges, EFIMAP_RULE_ACPI_LABEL,
		    rows[i].expected);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_entry_is_another_one),
		cmocka_unit_test(labels),
		cmocka_unit_test(wrong_labels),
		cmocka_unit_test(acpi_exceptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
