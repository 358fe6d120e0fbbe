/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The four files that kexec-tools reads: missing, malformed, denied, not collected. */
#include "world.h"

#define NO_EFI "error boots-without-efi -"
#define NO_BOOT "error does-not-boot -"
#define LIVE EFIMAP_ORIGIN_LIVE
#define TREE EFIMAP_ORIGIN_TREE

#define P EFIMAP_STATE_PRESENT
#define A EFIMAP_STATE_ABSENT
#define D EFIMAP_STATE_DENIED

static const struct state_row {
	const char *name;
	enum efimap_origin origin;
	enum efimap_state systab, fw_vendor, runtime, config_table;
	bool has_map;
	const char *expected;
} state_rows[] = {
	{ "all there", TREE, P, P, P, P, true, "" },
	{ "all there, live", LIVE, P, P, P, P, true, "" },
	{ "fw_vendor missing", TREE, P, A, P, P, true, NO_EFI },
	{ "runtime missing", TREE, P, P, A, P, true, NO_EFI },
	{ "config_table missing", TREE, P, P, P, A, true, NO_EFI },
	{ "systab missing", TREE, A, P, P, P, true, NO_EFI },
	{ "several missing are one finding", TREE, A, A, P, A, true, NO_EFI },
	{ "none collected", TREE, A, A, A, A, true, "skipped" },
	{ "none there, live", LIVE, A, A, A, A, true, NO_EFI },
	{ "collected without root: neither systab nor the map", TREE, A, P, P, P, false,
	  "" },
	{ "without root, and fw_vendor missing too", TREE, A, A, P, P, false, NO_EFI },
	{ "systab missing, live, no map", LIVE, A, P, P, P, false, NO_EFI },
	{ "systab denied", LIVE, D, P, P, P, true, "skipped" },
	{ "systab denied, runtime missing", LIVE, D, P, A, P, true, NO_EFI "; skipped" },
};

static struct efimap *make(enum efimap_origin origin, bool has_map)
{
	static const struct world_entry entry = { EFIMAP_TYPE_RUNTIME_CODE, 0x10000, 1,
						  RT };
	struct efimap *map = world_new(origin);

	if (has_map)
		world_entry(map, 0, &entry);
	return map;
}

static void states(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(state_rows); i++) {
		const struct state_row *row = &state_rows[i];
		struct efimap *map = make(row->origin, row->has_map);

		map->states[EFIMAP_SRC_SYSTAB] = row->systab;
		map->states[EFIMAP_SRC_FW_VENDOR] = row->fw_vendor;
		map->states[EFIMAP_SRC_RUNTIME] = row->runtime;
		map->states[EFIMAP_SRC_CONFIG_TABLE] = row->config_table;
		world_expect(row->name, map, EFIMAP_RULE_POINTER_MISSING, 0,
			     row->origin == LIVE && !IS_X86 ? "skipped" : row->expected);
	}
}

static void xen_shows_no_fw_vendor(void **state)
{
	struct efimap *map = make(LIVE, true);

	memcpy(map->boot_params.efi_info.signature, "Xen", sizeof("Xen"));
	map->states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_ABSENT;
	world_expect("Xen", map, EFIMAP_RULE_POINTER_MISSING, 0, "");
}

/* get_efi_value: nothing read is 0 and no error, odd text passes what its digits say. */
static void malformed_files(void **state)
{
	static const struct {
		enum efimap_source source;
		enum efimap_fault_kind kind;
		const char *expected;
	} rows[] = {
		{ EFIMAP_SRC_CONFIG_TABLE, EFIMAP_FAULT_SYNTAX, NO_BOOT },
		{ EFIMAP_SRC_FW_VENDOR, EFIMAP_FAULT_SYNTAX, NO_BOOT },
		{ EFIMAP_SRC_FW_VENDOR, EFIMAP_FAULT_TOO_LONG, NO_BOOT },
		{ EFIMAP_SRC_SYSTAB, EFIMAP_FAULT_SYNTAX, "error none -" },
		{ EFIMAP_SRC_SYSTAB, EFIMAP_FAULT_TOO_LONG, "error none -" },
		{ EFIMAP_SRC_RUNTIME, EFIMAP_FAULT_SYNTAX, "error none -" },
		{ EFIMAP_SRC_CONFIG_TABLE, EFIMAP_FAULT_EMPTY, NO_BOOT },
		{ EFIMAP_SRC_CONFIG_TABLE, EFIMAP_FAULT_NOT_A_FILE, NO_BOOT },
		{ EFIMAP_SRC_CONFIG_TABLE, EFIMAP_FAULT_IO, NO_BOOT },
		{ EFIMAP_SRC_FW_VENDOR, EFIMAP_FAULT_EMPTY, "error none -" },
		{ EFIMAP_SRC_FW_PLATFORM_SIZE, EFIMAP_FAULT_SYNTAX, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = make(TREE, true);

		world_fault(map, rows[i].source, rows[i].kind,
			    efimap_source_path(rows[i].source));
		world_expect(efimap_source_path(rows[i].source), map,
			     EFIMAP_RULE_POINTER_MISSING, 0, rows[i].expected);
	}
}

/* Of systab kexec-tools reads what follows SMBIOS=0x, wherever in a line that stands. */
static void malformed_systab(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
		{ "found \"SMBIOS=0x3f52zz\", expected KEY=0x", NO_BOOT },
		{ "found \"SMBIOS=0x\", expected KEY=0x", NO_BOOT },
		{ "found \" SMBIOS=0x3f520000\", expected KEY=0x", NO_BOOT },
		{ "found \"SMBIOS\", expected KEY=0x", "error none -" },
		{ "found \"SMBIOS=3f520000\", expected KEY=0x", "error none -" },
		{ "found \"SMBIOS3=0xzz\", expected KEY=0x", "error none -" },
		{ "found \"ACPI20=0xzz\", expected KEY=0x", "error none -" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = make(TREE, true);
		const struct efimap_fault fault = {
			.source = EFIMAP_SRC_SYSTAB,
			.kind = EFIMAP_FAULT_SYNTAX,
			.index = EFIMAP_NO_INDEX,
			.line = 2,
			.where = efimap_source_path(EFIMAP_SRC_SYSTAB),
			.text = rows[i].text,
		};

		assert_int_equal(efimap_add_fault(map, &fault), 0);
		world_expect(rows[i].text, map, EFIMAP_RULE_POINTER_MISSING, 0,
			     rows[i].expected);
	}
}

static void all_ones_are_an_overflow_for_kexec_tools(void **state)
{
	struct efimap *map = make(TREE, true);

	map->fw_vendor = UINT64_MAX - 1;
	world_expect("one less", map, EFIMAP_RULE_POINTER_MISSING, 0, "");
	map = make(TREE, true);
	map->fw_vendor = UINT64_MAX;
	world_expect("fw_vendor", map, EFIMAP_RULE_POINTER_MISSING, 0, NO_EFI);
	map = make(TREE, true);
	map->runtime = UINT64_MAX;
	world_expect("runtime", map, EFIMAP_RULE_POINTER_MISSING, 0, NO_EFI);
	map = make(TREE, true);
	map->config_table = UINT64_MAX;
	world_expect("config_table", map, EFIMAP_RULE_POINTER_MISSING, 0, NO_EFI);
	map = make(TREE, true);
	world_systab(map, "SMBIOS", UINT64_MAX);
	world_expect("SMBIOS", map, EFIMAP_RULE_POINTER_MISSING, 0, NO_EFI);
	map = make(TREE, true);
	world_systab(map, "SMBIOS3", UINT64_MAX);
	world_expect("SMBIOS3 is not read", map, EFIMAP_RULE_POINTER_MISSING, 0, "");
}

static void without_a_configuration_table(void **state)
{
	struct efimap *map = make(TREE, true);

	map->config_table = 0;
	world_expect("config_table", map, EFIMAP_RULE_POINTER_MISSING, 0, NO_BOOT);
	map = make(TREE, true);
	map->fw_vendor = 0;
	map->runtime = 0;
	world_expect("fw_vendor, runtime", map, EFIMAP_RULE_POINTER_MISSING, 0, "");
}

/* Each file that is missing or says nothing is named. */
static void what_is_missing_is_a_fact(void **state)
{
	static const struct {
		enum efimap_source source;
		const char *path;
		const char *all_ones;
	} files[] = {
		{ EFIMAP_SRC_SYSTAB, "sys/firmware/efi/systab", NULL },
		{ EFIMAP_SRC_FW_VENDOR, "sys/firmware/efi/fw_vendor",
		  "sys/firmware/efi/fw_vendor=0xffffffffffffffff" },
		{ EFIMAP_SRC_RUNTIME, "sys/firmware/efi/runtime",
		  "sys/firmware/efi/runtime=0xffffffffffffffff" },
		{ EFIMAP_SRC_CONFIG_TABLE, "sys/firmware/efi/config_table",
		  "sys/firmware/efi/config_table=0xffffffffffffffff" },
	};
	struct efimap *map;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char expected[80];

		map = make(TREE, true);
		map->states[files[i].source] = A;
		snprintf(expected, sizeof(expected), "%s=absent", files[i].path);
		world_facts(files[i].path, map, EFIMAP_RULE_POINTER_MISSING, expected);
		if (!files[i].all_ones)
			continue;
		map = make(TREE, true);
		*(files[i].source == EFIMAP_SRC_FW_VENDOR ? &map->fw_vendor :
		  files[i].source == EFIMAP_SRC_RUNTIME	  ? &map->runtime :
							    &map->config_table) = UINT64_MAX;
		world_facts(files[i].path, map, EFIMAP_RULE_POINTER_MISSING, files[i].all_ones);
	}
	map = make(TREE, true);
	map->config_table = 0;
	world_facts("config_table 0", map, EFIMAP_RULE_POINTER_MISSING,
		    "sys/firmware/efi/config_table=0x0");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states),
		cmocka_unit_test(xen_shows_no_fw_vendor),
		cmocka_unit_test(malformed_files),
		cmocka_unit_test(malformed_systab),
		cmocka_unit_test(all_ones_are_an_overflow_for_kexec_tools),
		cmocka_unit_test(without_a_configuration_table),
		cmocka_unit_test(what_is_missing_is_a_fact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
