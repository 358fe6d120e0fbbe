/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firmware did not say: SMBIOS, ACPI's root pointer; and signs of encryption. */
#include "world.h"

static void smbios(void **state)
{
	static const struct {
		const char *name;
		const char *lines[2];
		const char *expected;
	} rows[] = {
		{ "SMBIOS", { "SMBIOS" }, "" },
		{ "both", { "SMBIOS3", "SMBIOS" }, "" },
		{ "SMBIOS3 only", { "SMBIOS3" }, "note none -" },
		{ "neither", { "ACPI" }, "note none -" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		for (size_t k = 0; k < 2 && rows[i].lines[k]; k++)
			world_systab(map, rows[i].lines[k], 0x3f520000);
		world_expect(rows[i].name, map, EFIMAP_RULE_NO_SMBIOS, 0,
			     rows[i].expected);
	}
}

static void root_pointer(void **state)
{
	static const struct {
		const char *name;
		const char *line;
		uint64_t in_params;
		const char *cmdline;
		const char *label;
		const char *expected;
	} rows[] = {
		{ "ACPI20", "ACPI20", 0, "", "ACPI Tables", "" },
		{ "ACPI", "ACPI", 0, "", "ACPI Tables", "" },
		{ "boot_params", "SMBIOS", 0x3f77d014, "", "ACPI Tables", "" },
		{ "nowhere", "SMBIOS", 0, "", "ACPI Tables", "warning none -" },
		{ "nowhere, NVS", "SMBIOS", 0, "", "ACPI Non-volatile Storage",
		  "warning none -" },
		{ "no ACPI memory", "SMBIOS", 0, "", "System RAM", "" },
		{ "acpi=off", "SMBIOS", 0, "quiet acpi=off", "ACPI Tables", "" },
		{ "acpi=force", "SMBIOS", 0, "acpi=force", "ACPI Tables",
		  "warning none -" },
		{ "acpi_rsdp=", "SMBIOS", 0, "acpi_rsdp=0x3f77d014", "ACPI Tables", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct world_range ranges[WORLD_ROWS] = { { 0, 0xfff,
								  rows[i].label } };
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_systab(map, rows[i].line, 0x3f77d014);
		world_cmdline(map, rows[i].cmdline);
		world_ranges(map, ranges, false);
		map->boot_params.acpi_rsdp_addr = rows[i].in_params;
		world_expect(rows[i].name, map, EFIMAP_RULE_NO_RSDP, 0, rows[i].expected);
	}
}

/* Without memmap there is no telling a machine without ACPI, so the rule speaks. */
static void root_pointer_without_memmap(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
	world_expect("no memmap", map, EFIMAP_RULE_NO_RSDP, 0, "warning none -");
	map = world_new(EFIMAP_ORIGIN_TREE);
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
	world_expect("no boot_params", map, EFIMAP_RULE_NO_RSDP, 0, "skipped");
}

static void encryption(void **state)
{
	static const struct {
		const char *name;
		const char *cmdline;
		const char *table;
		uint32_t node;
		const char *expected;
	} rows[] = {
		{ "none", "", NULL, EFIMAP_SETUP_EFI, "" },
		{ "mem_encrypt=on", "quiet mem_encrypt=on", NULL, 9, "note none -" },
		{ "mem_encrypt=off", "mem_encrypt=off", NULL, 9, "" },
		{ "a node", "", NULL, 7, "note none -" },
		{ "unaccepted memory", "", "Unaccepted", 9, "note none -" },
		{ "a secret area", "", "CocoSecret", 9, "note none -" },
		{ "an event log", "", "CCFinalLog", 9, "note none -" },
		{ "the log of a TPM", "", "TPMFinalLog", 9, "" },
	};

	struct efimap *said = world_new(EFIMAP_ORIGIN_TREE);

	said->encrypted = true;
	world_expect("the log", said, EFIMAP_RULE_MEM_ENCRYPT, 0, "note none -");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_setup_node node = { .type = rows[i].node };
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_cmdline(map, rows[i].cmdline);
		if (rows[i].table)
			world_table(map, rows[i].table, 0x3f52a018);
		assert_int_equal(efimap_add_setup_node(map, &node), 0);
		world_expect(rows[i].name, map, EFIMAP_RULE_MEM_ENCRYPT, 0,
			     rows[i].expected);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smbios),
		cmocka_unit_test(root_pointer),
		cmocka_unit_test(root_pointer_without_memmap),
		cmocka_unit_test(encryption),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
