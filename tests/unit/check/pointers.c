/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses that the firmware gave: their files, to the byte where they may point. What it
 * did not say, and signs of encryption: what no made fixture holds.
 */
#include "world.h"

#define NO_EFI "error boots-without-efi -"
#define NO_BOOT "error does-not-boot -"
#define EFI "sys/firmware/efi/"
#define WINDOW "0xffffffef00000000"

TEST(files_that_are_missing_or_odd)
{
	static const struct world_case rows[] = {
		{ "systab", "5 0x10000 0x1; absent " EFI "systab", NO_EFI, "missing: systab;" },
		{ "fw_vendor", "5 0x10000 0x1; absent " EFI "fw_vendor", NO_EFI },
		{ "without root, and fw_vendor missing too",
		  "absent " EFI "systab; absent " EFI "fw_vendor", NO_EFI, "missing: fw_vendor;" },
		{ "denied", "denied " EFI "systab", "skipped" },
		/* get_efi_value: nothing read is 0 and no error, odd text what its digits say. */
		{ "fw_vendor too long", "fault too-long " EFI "fw_vendor", NO_BOOT },
		{ "systab malformed", "fault syntax " EFI "systab", "error none -" },
		{ "fw_vendor empty", "fault empty " EFI "fw_vendor", "error none -" },
		{ "fw_vendor, all ones", "fw_vendor 0xffffffffffffffff", NO_EFI,
		  "fw_vendor is 0xffff" },
		{ "SMBIOS, all ones", "systab SMBIOS=0xffffffffffffffff", NO_EFI,
		  "SMBIOS is 0xffff" },
		{ "nobody reads SMBIOS3", "systab SMBIOS3=0xffffffffffffffff", "" },
	};

	world_run(EFIMAP_RULE_POINTER_MISSING, rows, ARRAY_SIZE(rows));
}

/* On the running system systab is there, and what is absent was not merely left out. */
TEST(nothing_is_uncollected_live)
{
	static const enum efimap_source files[] = { EFIMAP_SRC_SYSTAB, EFIMAP_SRC_FW_VENDOR,
						    EFIMAP_SRC_RUNTIME,
						    EFIMAP_SRC_CONFIG_TABLE };

	for (size_t count = 0; count <= ARRAY_SIZE(files); count++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_LIVE);

		for (size_t i = 0; i < count; i++)
			map->states[files[i]] = EFIMAP_STATE_ABSENT;
		world_expect("live", map, EFIMAP_RULE_POINTER_MISSING, 0,
			     !IS_X86 ? "skipped" : count == 0 ? "" : NO_EFI, NULL);
	}
}

/* Of systab kexec-tools reads what follows SMBIOS=0x, wherever in a line that stands. */
TEST(malformed_systab)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
		{ "found \"SMBIOS=0x3f52zz\", expected KEY=0x", NO_BOOT },
		{ "found \" SMBIOS=0x3f520000\", expected KEY=0x", NO_BOOT },
		{ "found \"SMBIOS=3f520000\", expected KEY=0x", "error none -" },
		{ "found \"SMBIOS3=0xzz\", expected KEY=0x", "error none -" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
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
			     rows[i].expected, NULL);
	}
}

TEST(virtual_pointers)
{
	static const struct world_case rows[] = {
		{ "of an entry",
		  "data 0x1000 0x1 0x8000000000000000 0xfffffffefffff000; "
		  "fw_vendor 0xfffffffefffff010", NO_BOOT, "a virtual address of this map; the" },
	};

	world_run(EFIMAP_RULE_POINTER_VIRTUAL, rows, ARRAY_SIZE(rows));
}

/* The pointers of world_new() lie in the data of this map. */
#define DATA "data 0x3f4ec000 0x100 0x800000000000000f 0xfffffffeff0ec000; "
#define CODE "code 0x3f5ec000 0x100 0x800000000000000f 0xfffffffeff1ec000; "
#define LOWEST "boot 0x0 0x1 0x800000000000000f 0xfffffffefbe00000; "
#define MAP DATA CODE LOWEST "boot 0x3d11a000 0x9 0x800000000000000f 0xfffffffefcd1a000; "
#define RAM "memmap 0x20000000-0x2fffffff System RAM; "
#define AT_RISK "warning memory-at-risk -"
#define HIGH "memmap 0x100000000-0x1ffffffff System RAM; "
#define BEYOND "error does-not-boot -"
#define IN_RAM RAM "fw_vendor 0x20000000; "

TEST(pointers_to_nowhere)
{
	static const struct world_case rows[] = {
		{ "virtual", MAP RAM "fw_vendor " WINDOW, "" },
		{ "one file alone",
		  MAP RAM "config_table 0x20000000; absent " EFI "fw_vendor; "
		  "absent sys/kernel/boot_params/data", AT_RISK },
		{ "no file at all",
		  MAP RAM "absent " EFI "config_table; absent " EFI "fw_vendor; "
		  "absent sys/kernel/boot_params/data", "skipped" },
		{ "one that is too high",
		  DATA IN_RAM "mmio 0x10000000000000 0x1 0x8000000000000001 0xfffffffefbe00000",
		  "" },
		{ "one that has no address",
		  DATA IN_RAM "mmio 0x40000000 0x1 0x8000000000000001 0x0", "" },
		{ "data alone", DATA IN_RAM, AT_RISK },
		{ "in the last byte of memory", DATA HIGH RAM "fw_vendor 0x1ffffffff", AT_RISK },
		{ "beyond memory", DATA HIGH "fw_vendor 0x200000000", BEYOND },
		{ "below 4 GiB", DATA RAM "fw_vendor 0xffffffff", "warning none -" },
		{ "beyond 4 GiB", DATA RAM "fw_vendor 0x100000000", BEYOND },
		{ "the last of 52 bits", DATA RAM "fw_vendor 0xfffffffffffff", BEYOND },
		{ "more than 52 bits", DATA RAM "fw_vendor 0x10000000000000", "warning none -" },
	};

	world_run(EFIMAP_RULE_POINTER_UNMAPPED, rows, ARRAY_SIZE(rows));
}

TEST(where_runtime_may_point)
{
	static const struct world_case rows[] = {
		{ "all ones", MAP "runtime 0xffffffffffffffff", "" },
		{ "after kexec", MAP "cmdline elfcorehdr=1; release 6.1", "warning none -",
		  "is no virtual address" },
		{ "after kexec of whichever", MAP "cmdline elfcorehdr=1; runtime 0x1000",
		  "warning none -", "is no physical or virtual address" },
	};

	world_run(EFIMAP_RULE_RUNTIME_POINTER, rows, ARRAY_SIZE(rows));
}

TEST(where_smbios_may_lie)
{
	static const char note[] = "note none -";
	static const struct world_case rows[] = {
		{ "at the start of the ROMs", DATA RAM "systab SMBIOS=0xa0000", "" },
		{ "just below them", DATA RAM "systab SMBIOS=0x9ffff", note },
		{ "at their end", DATA RAM "systab SMBIOS=0xfffff", "" },
		{ "above them", DATA RAM "systab SMBIOS=0x100000", note },
	};

	world_run(EFIMAP_RULE_SMBIOS_UNMAPPED, rows, ARRAY_SIZE(rows));
}

/* table-in-ram says the same of a table that the log names; it has to be asked. */
TEST(smbios_is_said_once)
{
	size_t mirror;
	efimap_auto_map struct efimap *map = world_make(
		MAP RAM "systab SMBIOS=0x20000000; log SMBIOS=0x20000000", false, &mirror);
	efimap_auto_report struct efimap_report *report = NULL;

	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_verify(map, NULL, &report), 0);
	for (size_t i = 0; i < report->n_findings; i++)
		assert_int_not_equal(report->findings[i].rule->id, EFIMAP_RULE_SMBIOS_UNMAPPED);
}

#define NOT_ROOT "systab SMBIOS=0x3f77d014; "
#define ACPI_MEMORY "memmap 0x0-0xfff ACPI Tables; "

TEST(root_pointer)
{
	static const struct world_case rows[] = {
		{ "no ACPI memory", NOT_ROOT "memmap 0x0-0xfff System RAM", "" },
		{ "acpi=force", NOT_ROOT ACPI_MEMORY "cmdline acpi=force", "warning none -" },
	};

	world_run(EFIMAP_RULE_NO_RSDP, rows, ARRAY_SIZE(rows));
}

TEST(signs_of_encryption)
{
	static const struct world_case rows[] = {
		{ "a secret area", "log CocoSecret=0x3f52a018", "note none -" },
	};

	world_run(EFIMAP_RULE_MEM_ENCRYPT, rows, ARRAY_SIZE(rows));
}

TEST(encryption_in_setup_data_and_log)
{
	for (uint32_t type = 7; type <= 9; type++) {
		const struct efimap_setup_node node = { .type = type };
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		assert_int_equal(efimap_add_setup_node(map, &node), 0);
		map->encrypted = type == 9;
		world_expect("a node, or the log", map, EFIMAP_RULE_MEM_ENCRYPT, 0,
			     type == 8 ? "" : "note none -", NULL);
	}
}
