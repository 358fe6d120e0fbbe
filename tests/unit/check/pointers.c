/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses that the firmware gave: their files, to the byte where they may point. */
#include "world.h"

#define NO_EFI "error boots-without-efi -"
#define NO_BOOT "error does-not-boot -"
#define EFI "sys/firmware/efi/"
#define WINDOW "0xffffffef00000000"

TEST(files_that_are_not_there)
{
	static const struct world_case rows[] = {
		{ "systab", "5 0x10000 0x1; absent " EFI "systab", NO_EFI, "missing: systab;" },
		{ "fw_vendor", "5 0x10000 0x1; absent " EFI "fw_vendor", NO_EFI },
		{ "runtime", "5 0x10000 0x1; absent " EFI "runtime", NO_EFI },
		{ "several are one finding",
		  "5 0x10000 0x1; absent " EFI "systab; absent " EFI "fw_vendor; "
		  "absent " EFI "runtime", NO_EFI, "missing: systab, fw_vendor, runtime;" },
		{ "none collected",
		  "absent " EFI "systab; absent " EFI "fw_vendor; absent " EFI "runtime; "
		  "absent " EFI "config_table", "skipped" },
		{ "without root: neither systab nor the map", "absent " EFI "systab", "" },
		{ "without root, and fw_vendor missing too",
		  "absent " EFI "systab; absent " EFI "fw_vendor", NO_EFI, "missing: fw_vendor;" },
		{ "denied", "denied " EFI "systab", "skipped" },
		{ "denied, and another missing", "denied " EFI "systab; absent " EFI "runtime",
		  NO_EFI "; skipped" },
		{ "Xen", "signature Xen; absent " EFI "fw_vendor", "" },
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
			     !IS_X86 ? "skipped" : count == 0 ? "" : NO_EFI);
	}
}

/* get_efi_value: nothing read is 0 and no error, odd text passes what its digits say. */
TEST(malformed_files)
{
	static const struct world_case rows[] = {
		{ "config_table", "fault syntax " EFI "config_table", NO_BOOT },
		{ "fw_vendor", "fault too-long " EFI "fw_vendor", NO_BOOT },
		{ "runtime", "fault syntax " EFI "runtime", "error none -" },
		{ "systab", "fault syntax " EFI "systab", "error none -" },
		{ "config_table empty", "fault empty " EFI "config_table", NO_BOOT },
		{ "config_table a directory", "fault not-a-file " EFI "config_table", NO_BOOT },
		{ "config_table fails", "fault io " EFI "config_table", NO_BOOT },
		{ "fw_vendor empty", "fault empty " EFI "fw_vendor", "error none -" },
		{ "another file", "fault syntax " EFI "fw_platform_size", "" },
	};

	world_run(EFIMAP_RULE_POINTER_MISSING, rows, ARRAY_SIZE(rows));
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
			     rows[i].expected);
	}
}

TEST(odd_numbers)
{
	static const struct world_case rows[] = {
		{ "one less", "fw_vendor 0xfffffffffffffffe", "" },
		{ "fw_vendor", "fw_vendor 0xffffffffffffffff", NO_EFI, "fw_vendor is 0xffff" },
		{ "runtime", "runtime 0xffffffffffffffff", NO_EFI, "runtime is 0xffff" },
		{ "config_table", "config_table 0xffffffffffffffff", NO_EFI },
		{ "SMBIOS", "systab SMBIOS=0xffffffffffffffff", NO_EFI, "SMBIOS is 0xffff" },
		{ "nobody reads SMBIOS3", "systab SMBIOS3=0xffffffffffffffff", "" },
		{ "nor boot_params", "efi_systab 0xffffffffffffffff", "" },
		{ "no configuration table", "config_table 0x0", NO_BOOT },
		{ "others may be 0", "fw_vendor 0x0; runtime 0x0", "" },
	};

	world_run(EFIMAP_RULE_POINTER_MISSING, rows, ARRAY_SIZE(rows));
}

TEST(virtual_pointers)
{
	static const struct world_case rows[] = {
		{ "zero", "fw_vendor 0x0; config_table 0x0", "" },
		{ "below the window",
		  "fw_vendor 0xffffffeeffffffff; config_table 0xffffffeeffffffff", "" },
		{ "first byte of the window", "fw_vendor " WINDOW, NO_BOOT },
		{ "both", "fw_vendor " WINDOW "; config_table " WINDOW, NO_BOOT "; " NO_BOOT },
		{ "above the window", "config_table 0xffffffff00000000", NO_BOOT,
		  "a virtual address; the next" },
		{ "of an entry",
		  "data 0x1000 0x1 0x8000000000000000 0xfffffffefffff000; "
		  "fw_vendor 0xfffffffefffff010", NO_BOOT, "a virtual address of this map; the" },
		{ "one below all ones", "fw_vendor 0xfffffffffffffffe", NO_BOOT },
		{ "all ones are an overflow", "fw_vendor 0xffffffffffffffff", "" },
		{ "runtime may be virtual", "runtime 0xfffffffeff1ebb98", "" },
		{ "one that was not read", "fw_vendor " WINDOW "; broken " EFI "fw_vendor", "" },
		{ "none was read", "absent " EFI "fw_vendor; denied " EFI "config_table",
		  "skipped" },
	};

	world_run(EFIMAP_RULE_POINTER_VIRTUAL, rows, ARRAY_SIZE(rows));
}

TEST(virtual_smbios)
{
	static const struct world_case rows[] = {
		{ "below the window", "systab SMBIOS=0xffffffeeffffffff", "" },
		{ "first byte of the window", "systab SMBIOS=" WINDOW, NO_BOOT },
		{ "SMBIOS3 below the window", "systab SMBIOS3=0xffffffeeffffffff", "" },
		{ "SMBIOS3", "systab SMBIOS3=" WINDOW, NO_BOOT, "no loader passes it on" },
		{ "both", "systab SMBIOS=" WINDOW "; systab SMBIOS3=" WINDOW,
		  NO_BOOT "; " NO_BOOT },
		{ "all ones are an overflow", "systab SMBIOS=0xffffffffffffffff", "" },
		{ "other lines are for others", "systab ACPI20=" WINDOW, "" },
	};

	world_run(EFIMAP_RULE_SMBIOS_VIRTUAL, rows, ARRAY_SIZE(rows));
}

/* The pointers of world_new() lie in the data of this map. */
#define DATA "data 0x3f4ec000 0x100 0x800000000000000f 0xfffffffeff0ec000; "
#define CODE "code 0x3f5ec000 0x100 0x800000000000000f 0xfffffffeff1ec000; "
#define LOWEST "boot 0x0 0x1 0x800000000000000f 0xfffffffefbe00000; "
#define MAP DATA CODE LOWEST "boot 0x3d11a000 0x9 0x800000000000000f 0xfffffffefcd1a000; "
#define RAM "memmap 0x20000000-0x2fffffff System RAM; "
#define RESERVED "memmap 0x20000000-0x2fffffff Reserved; "
#define AT_RISK "warning memory-at-risk -"
#define IN_RAM RAM "fw_vendor 0x20000000; "

TEST(pointers_to_nowhere)
{
	static const struct world_case rows[] = {
		{ "in data", MAP RAM, "" },
		{ "in RAM", MAP IN_RAM, AT_RISK, "calls the memory \"System RAM\"" },
		{ "in no range", MAP RAM "fw_vendor 0x1fffffff", "warning none -",
		  "calls the memory nothing" },
		{ "reserved", MAP RESERVED "fw_vendor 0x2fffffff", "note none -" },
		{ "nobody knows", MAP "absent sys/firmware/memmap; fw_vendor 0x20000000",
		  "note none -" },
		{ "all three", MAP IN_RAM "config_table 0x20000000; efi_systab 0x20000000",
		  AT_RISK "; " AT_RISK "; " AT_RISK, "the system table (0x20000000) lies" },
		{ "zero", MAP RAM "fw_vendor 0x0; config_table 0x0", "" },
		{ "first and last byte", MAP RAM "fw_vendor 0x3f4ec000; config_table 0x3f5ebfff",
		  "" },
		{ "in the lowest entry", MAP RAM "fw_vendor 0x18", "" },
		{ "virtual", MAP RAM "fw_vendor " WINDOW, "" },
		{ "one file alone",
		  MAP RAM "config_table 0x20000000; absent " EFI "fw_vendor; "
		  "absent sys/kernel/boot_params/data", AT_RISK },
		{ "no file at all",
		  MAP RAM "absent " EFI "config_table; absent " EFI "fw_vendor; "
		  "absent sys/kernel/boot_params/data", "skipped" },
		{ "an entry without pages", MAP IN_RAM "code 0x50000000 0x0", "" },
		{ "one that is too large",
		  DATA IN_RAM "boot 0x0 0x1000001 0x800000000000000f 0xfffffffefbe00000", "" },
		{ "one that is too high",
		  DATA IN_RAM "mmio 0x10000000000000 0x1 0x8000000000000001 0xfffffffefbe00000",
		  "" },
		{ "too large for the window only",
		  MAP IN_RAM "mmio 0x10000000000 0x1000001 0x8000000000000001 0x10000000000",
		  AT_RISK },
		{ "an entry that could not be read",
		  MAP IN_RAM "fault missing " EFI "runtime-map/8/type", "" },
		{ "data alone", DATA IN_RAM, AT_RISK },
		{ "no data", CODE IN_RAM, "" },
		{ "efi=noruntime", MAP IN_RAM "cmdline efi=noruntime", "" },
	};

	world_run(EFIMAP_RULE_POINTER_UNMAPPED, rows, ARRAY_SIZE(rows));
}

TEST(where_runtime_may_point)
{
	static const struct world_case rows[] = {
		{ "in data", MAP, "" },
		{ "in code", MAP "runtime 0x3f5ec000", "" },
		{ "in boot services", MAP "runtime 0x3d11a000", "warning none -" },
		{ "nowhere", MAP "runtime 0x0", "warning none -" },
		{ "all ones", MAP "runtime 0xffffffffffffffff", "" },
		{ "virtual after kexec", MAP "runtime 0xfffffffeff0ecb98", "" },
		{ "in boot services after kexec", MAP "runtime 0xfffffffefcd1a000",
		  "warning none -" },
	};

	world_run(EFIMAP_RULE_RUNTIME_POINTER, rows, ARRAY_SIZE(rows));
}

/* Before 5.7 a kexec'ed kernel had the physical address; who does not say which it is? */
TEST(physical_after_kexec)
{
	static const struct {
		const char *release;
		const char *expected;
	} rows[] = {
		{ "6.1.0-56-amd64", "warning none -" },
		{ "5.7.0", "warning none -" },
		{ "5.6.19", "" },
		{ "", "skipped" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_setup_node node = { .type = EFIMAP_SETUP_EFI, .len = 96 };
		size_t mirror;
		struct efimap *map = world_make(MAP, false, &mirror);

		assert_int_equal(efimap_set_release(map, rows[i].release,
						    strlen(rows[i].release)), 0);
		assert_int_equal(efimap_add_setup_node(map, &node), 0);
		world_expect(rows[i].release, map, EFIMAP_RULE_RUNTIME_POINTER, 0,
			     rows[i].expected);
	}
}

TEST(where_smbios_may_lie)
{
	static const char note[] = "note none -";
	static const struct world_case rows[] = {
		{ "in RAM", MAP RAM "systab SMBIOS=0x20000000", note,
		  "calls the memory System RAM" },
		{ "SMBIOS3 in no range", MAP RAM "systab SMBIOS3=0x1fffffff", note,
		  "does not list it" },
		{ "in reserved memory", MAP RESERVED "systab SMBIOS=0x20000000", "" },
		{ "at the start of the ROMs", DATA RAM "systab SMBIOS=0xa0000", "" },
		{ "just below them", DATA RAM "systab SMBIOS=0x9ffff", note },
		{ "at their end", DATA RAM "systab SMBIOS=0xfffff", "" },
		{ "above them", DATA RAM "systab SMBIOS=0x100000", note },
		{ "at another place in the log",
		  MAP RAM "systab SMBIOS=0x20000000; log SMBIOS=0x30000000", note },
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
