/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the kernel was booted, what the firmware did not say, and signs of encryption. */
#include "world.h"

#define NO_EFI "note boots-without-efi -"
#define NO_WIDTH "width 0; absent sys/firmware/efi/fw_platform_size; "
#define NOT_ROOT "systab SMBIOS=0x3f77d014; "
#define ACPI_MEMORY "memmap 0x0-0xfff ACPI Tables; "

TEST(mixed_mode)
{
	static const struct world_case rows[] = {
		{ "the file decides", "width 32; signature EL64", NO_EFI },
		{ "EL64", NO_WIDTH "signature EL64", "" },
		{ "EL32", NO_WIDTH "signature EL32", NO_EFI },
	};

	world_run(EFIMAP_RULE_MIXED_MODE, rows, ARRAY_SIZE(rows));
}

TEST(runtime_off)
{
	static const struct world_case rows[] = {
		{ "noefi", "cmdline console=ttyS0 noefi", NO_EFI },
		{ "with others", "cmdline efi=debug,noruntime", NO_EFI },
		{ "overridden", "cmdline efi=noruntime efi=runtime", "" },
		{ "words that only hold it", "cmdline noefix xnoefi", "" },
		{ "for another reason", "signature Xen", "" },
	};

	world_run(EFIMAP_RULE_RUNTIME_OFF, rows, ARRAY_SIZE(rows));
}

TEST(smbios)
{
	static const struct world_case rows[] = {
		{ "both", "systab SMBIOS3=0x3f520000; systab SMBIOS=0x3f520000", "" },
		{ "only SMBIOS3", "systab SMBIOS3=0x3f520000", "note none -", "only SMBIOS3=" },
		{ "neither", "systab ACPI=0x3f520000", "note none -", "no SMBIOS= line, so" },
	};

	world_run(EFIMAP_RULE_NO_SMBIOS, rows, ARRAY_SIZE(rows));
}

TEST(root_pointer)
{
	static const struct world_case rows[] = {
		{ "ACPI20", "systab ACPI20=0x3f77d014; " ACPI_MEMORY, "" },
		{ "ACPI", "systab ACPI=0x3f77d014; " ACPI_MEMORY, "" },
		{ "boot_params", NOT_ROOT "acpi_rsdp_addr 0x3f77d014; " ACPI_MEMORY, "" },
		{ "nowhere", NOT_ROOT ACPI_MEMORY, "warning none -" },
		{ "nowhere, NVS", NOT_ROOT "memmap 0x0-0xfff ACPI Non-volatile Storage",
		  "warning none -" },
		{ "no ACPI memory", NOT_ROOT "memmap 0x0-0xfff System RAM", "" },
		{ "acpi=off", NOT_ROOT ACPI_MEMORY "cmdline quiet acpi=off", "" },
		{ "acpi=force", NOT_ROOT ACPI_MEMORY "cmdline acpi=force", "warning none -" },
		{ "acpi_rsdp=", NOT_ROOT ACPI_MEMORY "cmdline acpi_rsdp=0x3f77d014", "" },
		/* There is no telling a machine without ACPI then. */
		{ "no memmap", NOT_ROOT "absent sys/firmware/memmap", "warning none -" },
	};

	world_run(EFIMAP_RULE_NO_RSDP, rows, ARRAY_SIZE(rows));
}

TEST(signs_of_encryption)
{
	static const struct world_case rows[] = {
		{ "none", "", "" },
		{ "mem_encrypt=on", "cmdline quiet mem_encrypt=on", "note none -" },
		{ "mem_encrypt=off", "cmdline mem_encrypt=off", "" },
		{ "unaccepted memory", "log Unaccepted=0x3f52a018", "note none -" },
		{ "a secret area", "log CocoSecret=0x3f52a018", "note none -" },
		{ "an event log", "log CCFinalLog=0x3f52a018", "note none -" },
		{ "the log of a TPM", "log TPMFinalLog=0x3f52a018", "" },
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
			     type == 8 ? "" : "note none -");
	}
}
