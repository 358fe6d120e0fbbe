/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual pointers to the byte, mixed mode, and options that turn runtime services off.
 */
#include "world.h"

#define NO_BOOT "error does-not-boot -"
#define LAST_PHYSICAL (EFIMAP_VA_END - 1)

static const struct pointer_row {
	const char *name;
	uint64_t fw_vendor;
	uint64_t config_table;
	const char *expected;
} pointer_rows[] = {
	{ "physical", 0x3f52aa18, 0x3f5ebc98, "" },
	{ "zero", 0, 0, "" },
	{ "one byte below the window", LAST_PHYSICAL, LAST_PHYSICAL, "" },
	{ "fw_vendor on the first byte of the window", EFIMAP_VA_END, 0x3f5ebc98,
	  NO_BOOT },
	{ "config_table on the first byte of the window", 0x3f52aa18, EFIMAP_VA_END,
	  NO_BOOT },
	{ "both", EFIMAP_VA_END, EFIMAP_VA_END, NO_BOOT "; " NO_BOOT },
	{ "above the window", EFIMAP_VA_START, 0x3f5ebc98, NO_BOOT },
	{ "one below all ones", UINT64_MAX - 1, 0x3f5ebc98, NO_BOOT },
	{ "all ones are an overflow for kexec-tools: pointer-missing", UINT64_MAX,
	  0x3f5ebc98, "" },
};

static void virtual_pointers(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(pointer_rows); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		map->fw_vendor = pointer_rows[i].fw_vendor;
		map->config_table = pointer_rows[i].config_table;
		world_expect(pointer_rows[i].name, map, EFIMAP_RULE_POINTER_VIRTUAL, 0,
			     pointer_rows[i].expected);
	}
}

static void runtime_may_be_virtual(void **state)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	map->runtime = 0xfffffffeff1ebb98;
	world_expect("runtime", map, EFIMAP_RULE_POINTER_VIRTUAL, 0, "");
}

/* The value of a file that was not read means nothing. */
static void unread_pointers_are_not_judged(void **state)
{
	struct efimap *one = world_new(EFIMAP_ORIGIN_TREE);
	struct efimap *none = world_new(EFIMAP_ORIGIN_TREE);

	one->fw_vendor = EFIMAP_VA_END;
	one->states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_BROKEN;
	world_expect("config_table is left", one, EFIMAP_RULE_POINTER_VIRTUAL, 0, "");
	none->states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_ABSENT;
	none->states[EFIMAP_SRC_CONFIG_TABLE] = EFIMAP_STATE_DENIED;
	world_expect("nothing is left", none, EFIMAP_RULE_POINTER_VIRTUAL, 0, "skipped");
}

static const struct smbios_row {
	const char *name;
	const char *line;
	uint64_t value;
	const char *expected;
} smbios_rows[] = {
	{ "physical", "SMBIOS", 0x3f520000, "" },
	{ "one byte below the window", "SMBIOS", LAST_PHYSICAL, "" },
	{ "first byte of the window", "SMBIOS", EFIMAP_VA_END, NO_BOOT },
	{ "SMBIOS3 below the window", "SMBIOS3", LAST_PHYSICAL, "" },
	{ "SMBIOS3 in the window", "SMBIOS3", EFIMAP_VA_END, NO_BOOT },
	{ "all ones: pointer-missing", "SMBIOS", UINT64_MAX, "" },
	{ "other lines are for others", "ACPI20", EFIMAP_VA_END, "" },
};

static void virtual_smbios(void **state)
{
	struct efimap *map;

	for (size_t i = 0; i < ARRAY_SIZE(smbios_rows); i++) {
		map = world_new(EFIMAP_ORIGIN_TREE);
		world_systab(map, smbios_rows[i].line, smbios_rows[i].value);
		world_expect(smbios_rows[i].name, map, EFIMAP_RULE_SMBIOS_VIRTUAL, 0,
			     smbios_rows[i].expected);
	}
	map = world_new(EFIMAP_ORIGIN_TREE);
	world_systab(map, "SMBIOS", EFIMAP_VA_END);
	world_systab(map, "SMBIOS3", EFIMAP_VA_END);
	world_expect("both", map, EFIMAP_RULE_SMBIOS_VIRTUAL, 0, NO_BOOT "; " NO_BOOT);
	map = world_new(EFIMAP_ORIGIN_TREE);
	map->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_DENIED;
	world_expect("denied", map, EFIMAP_RULE_SMBIOS_VIRTUAL, 0, "skipped");
}

static void mixed_mode(void **state)
{
	static const struct {
		const char *name;
		unsigned int size;
		enum efimap_state state;
		const char *signature;
		const char *expected;
	} rows[] = {
		{ "64", 64, EFIMAP_STATE_PRESENT, "EL64", "" },
		{ "32", 32, EFIMAP_STATE_PRESENT, "EL64",
		  "note boots-without-efi -" },
		{ "EL32", 0, EFIMAP_STATE_ABSENT, "EL32",
		  "note boots-without-efi -" },
		{ "EL64", 0, EFIMAP_STATE_ABSENT, "EL64", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		map->platform_size = rows[i].size;
		map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = rows[i].state;
		memcpy(map->boot_params.efi_info.signature, rows[i].signature, 5);
		world_expect(rows[i].name, map, EFIMAP_RULE_MIXED_MODE, 0,
			     rows[i].expected);
	}
}

static void runtime_off(void **state)
{
	static const struct {
		const char *cmdline;
		const char *signature;
		const char *expected;
	} rows[] = {
		{ "console=ttyS0", "EL64", "" },
		{ "console=ttyS0 noefi", "EL64", "note boots-without-efi -" },
		{ "efi=noruntime quiet", "EL64", "note boots-without-efi -" },
		{ "efi=debug,noruntime", "EL64", "note boots-without-efi -" },
		{ "efi=noruntime efi=runtime", "EL64", "" },
		{ "efi=debug", "EL64", "" },
		{ "noefix xnoefi", "EL64", "" },
		{ "console=ttyS0", "Xen", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		world_cmdline(map, rows[i].cmdline);
		memset(map->boot_params.efi_info.signature, 0, 5);
		strcpy(map->boot_params.efi_info.signature, rows[i].signature);
		world_expect(rows[i].cmdline, map, EFIMAP_RULE_RUNTIME_OFF, 0,
			     rows[i].expected);
	}
}

static void services_lost(void **state)
{
	static const struct {
		const char *name;
		enum efimap_state log;
		bool lost;
		const char *expected;
	} rows[] = {
		{ "lost", EFIMAP_STATE_PRESENT, true, "warning boots-without-efi -" },
		{ "not lost", EFIMAP_STATE_PRESENT, false, "" },
		{ "no log", EFIMAP_STATE_ABSENT, false, "skipped" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		map->states[EFIMAP_SRC_KERNEL_LOG] = rows[i].log;
		map->services_lost = rows[i].lost;
		world_expect(rows[i].name, map, EFIMAP_RULE_SERVICES_LOST, 0,
			     rows[i].expected);
	}
}

/* Of an address of this map the entry is a fact too, the lowest one as well. */
static void facts_of_boot(void **state)
{
	static const struct world_entry entries[WORLD_ROWS] = {
		{ EFIMAP_TYPE_RUNTIME_DATA, 0x1000, 1, RT, EFIMAP_VA_START - 0x1000 },
		{ EFIMAP_TYPE_RUNTIME_CODE, 0x3000, 1, RT, EFIMAP_VA_START - 0x201000 },
	};
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entries(map, entries, false);
	map->fw_vendor = EFIMAP_VA_START - 0xff0;
	world_facts("lowest entry", map, EFIMAP_RULE_POINTER_VIRTUAL,
		    "sys/firmware/efi/fw_vendor=0xfffffffefffff010; "
		    "runtime-map/0/virt_addr=0xfffffffefffff000; "
		    "runtime-map/0/phys_addr=0x1000");
	map = world_new(EFIMAP_ORIGIN_TREE);
	map->fw_vendor = EFIMAP_VA_START - 0xff0;
	world_facts("no entry", map, EFIMAP_RULE_POINTER_VIRTUAL,
		    "sys/firmware/efi/fw_vendor=0xfffffffefffff010");
	map = world_new(EFIMAP_ORIGIN_TREE);
	map->platform_size = 32;
	world_facts("32", map, EFIMAP_RULE_MIXED_MODE, "sys/firmware/efi/fw_platform_size=32");
	map = world_new(EFIMAP_ORIGIN_TREE);
	map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_ABSENT;
	strcpy(map->boot_params.efi_info.signature, "EL32");
	world_facts("EL32", map, EFIMAP_RULE_MIXED_MODE,
		    "boot_params.efi_info.signature=EL32");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(virtual_pointers),
		cmocka_unit_test(runtime_may_be_virtual),
		cmocka_unit_test(unread_pointers_are_not_judged),
		cmocka_unit_test(virtual_smbios),
		cmocka_unit_test(mixed_mode),
		cmocka_unit_test(facts_of_boot),
		cmocka_unit_test(services_lost),
		cmocka_unit_test(runtime_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
