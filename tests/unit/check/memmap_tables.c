/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tables count, where they may lie, and the kernels that do without MEMATTR. */
#include "world.h"

#define IN_RAM 0x18018
#define IN_RESERVED 0x28018
#define NOWHERE 0x98018

static const struct world_range ranges[WORLD_ROWS] = {
	{ 0x10000, 0x1ffff, "System RAM" },
	{ 0x20000, 0x2ffff, "Reserved" },
};

static const struct world_entry kept[WORLD_ROWS] = {
	{ EFIMAP_TYPE_BOOT_DATA, 0x11000, 1, RT },
	{ EFIMAP_TYPE_BOOT_DATA, 0x18000, 1, RT },
};

static struct efimap *make(const char *release)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entries(map, kept, false);
	world_ranges(map, ranges, false);
	assert_int_equal(efimap_set_release(map, release, strlen(release)), 0);
	return map;
}

static const struct row {
	const char *name;
	const char *table;
	uint64_t address;
	const char *expected;
} rows[] = {
	{ "in RAM, in an entry", "MEMATTR", IN_RAM, "warning memory-at-risk 1" },
	{ "in RAM, in no entry", "MEMATTR", 0x1c000, "warning memory-at-risk -" },
	{ "first byte of RAM", "ESRT", 0x10000, "warning memory-at-risk -" },
	{ "last byte of RAM", "ESRT", 0x1ffff, "warning memory-at-risk -" },
	{ "one byte below RAM", "ESRT", 0xffff, "" },
	{ "one byte above RAM", "ESRT", 0x20000, "" },
	{ "in reserved memory", "MEMATTR", IN_RESERVED, "" },
	{ "in no range", "MEMATTR", NOWHERE, "" },
	{ "virtual", "SMBIOS 3.0", 0xfffffffeff120000, "" },
	{ "ESRT", "ESRT", IN_RAM, "warning memory-at-risk 1" },
	{ "BGRT", "BGRT", IN_RAM, "warning memory-at-risk 1" },
	{ "TPMEventLog", "TPMEventLog", IN_RAM, "warning memory-at-risk 1" },
	{ "TPMFinalLog", "TPMFinalLog", IN_RAM, "warning memory-at-risk 1" },
	{ "MOKvar", "MOKvar", IN_RAM, "warning memory-at-risk 1" },
	{ "Unaccepted", "Unaccepted", IN_RAM, "warning memory-at-risk 1" },
	{ "ACPI", "ACPI 2.0", IN_RAM, "warning memory-at-risk 1" },
	{ "SMBIOS", "SMBIOS", IN_RAM, "warning memory-at-risk 1" },
	{ "used up at boot: INITRD", "INITRD", IN_RAM, "" },
	{ "used up at boot: RNG", "RNG", IN_RAM, "" },
	{ "unknown to us", "UGA", IN_RAM, "" },
	{ "a name that only begins so", "MEMATTR2", IN_RAM, "" },
};

static void tables_and_places(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = make("6.1.0-56-amd64");

		world_table(map, rows[i].table, rows[i].address);
		world_expect(rows[i].name, map, EFIMAP_RULE_TABLE_IN_RAM, 0,
			     rows[i].expected);
	}
}

/* From a 32-bit kernel EFI is not handed on, so the next one reads none of them. */
static void none_counts_on_a_32bit_kernel(void **state)
{
	struct efimap *map = make("6.1.0-50-686-pae");

	world_table(map, "MEMATTR", IN_RAM);
	world_table(map, "ESRT", 0x10000);
	world_expect("a 32-bit kernel", map, EFIMAP_RULE_TABLE_IN_RAM, 0, "");
}

static void two_tables_are_two_findings(void **state)
{
	struct efimap *map = make("6.1.0-56-amd64");

	world_table(map, "INITRD", IN_RAM);
	world_table(map, "ESRT", 0x11f98);
	world_table(map, "MEMATTR", IN_RAM);
	world_expect("ESRT and MEMATTR", map, EFIMAP_RULE_TABLE_IN_RAM, 0,
		     "warning memory-at-risk 0; warning memory-at-risk 1");
}

static void kernels_that_skip_memattr_after_kexec(void **state)
{
	static const struct {
		const char *release;
		const char *table;
		uint64_t smbios;
		const char *expected;
	} kernels[] = {
		{ "6.12.117", "MEMATTR", 0x20000, "warning memory-at-risk 1" },
		{ "6.13.2", "MEMATTR", 0x20000, "warning memory-at-risk 1" },
		{ "6.13.3", "MEMATTR", 0x20000, "note none 1" },
		{ "6.14.0", "MEMATTR", 0x20000, "note none 1" },
		{ "7.0.1", "MEMATTR", 0x20000, "note none 1" },
		{ "6.14.0", "MEMATTR", 0, "warning memory-at-risk 1" },
		{ "6.14.0", "ESRT", 0x20000, "warning memory-at-risk 1" },
		{ "", "MEMATTR", 0x20000, "warning memory-at-risk 1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++) {
		struct efimap *map = make(kernels[i].release);

		world_table(map, kernels[i].table, IN_RAM);
		world_systab(map, "SMBIOS3", 0x20000);
		if (kernels[i].smbios)
			world_systab(map, "SMBIOS", kernels[i].smbios);
		world_expect(kernels[i].release, map, EFIMAP_RULE_TABLE_IN_RAM, 0,
			     kernels[i].expected);
	}
}

/* runtime-in-ram names the whole entry; with it disabled the table is named after all. */
static void an_entry_that_is_named_already_hides_its_tables(void **state)
{
	static const struct world_entry data[WORLD_ROWS] = {
		{ EFIMAP_TYPE_RUNTIME_DATA, 0x18000, 1, RT },
	};
	efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	efimap_auto_report struct efimap_report *report = NULL;

	world_entries(map, data, false);
	world_ranges(map, ranges, false);
	world_table(map, "SMBIOS", IN_RAM);
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_verify(map, NULL, &report), 0);
	for (size_t i = 0; i < report->n_findings; i++)
		assert_int_not_equal(report->findings[i].rule->id,
				     EFIMAP_RULE_TABLE_IN_RAM);
	efimap_report_free(report);
	report = world_judge(map, EFIMAP_RULE_TABLE_IN_RAM);
	assert_int_equal(report->n_findings, 1);
}

static void without_a_map_nothing_is_handed_on(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_ranges(map, ranges, false);
	world_table(map, "MEMATTR", IN_RAM);
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
	world_expect("no map", map, EFIMAP_RULE_TABLE_IN_RAM, 0, "");
}

static void without_a_log_it_is_skipped(void **state)
{
	struct efimap *map = make("6.1.0");

	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_ABSENT;
	world_expect("no log", map, EFIMAP_RULE_TABLE_IN_RAM, 0, "skipped");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_and_places),
		cmocka_unit_test(none_counts_on_a_32bit_kernel),
		cmocka_unit_test(two_tables_are_two_findings),
		cmocka_unit_test(kernels_that_skip_memattr_after_kexec),
		cmocka_unit_test(an_entry_that_is_named_already_hides_its_tables),
		cmocka_unit_test(without_a_map_nothing_is_handed_on),
		cmocka_unit_test(without_a_log_it_is_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
