/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules about what a loader left in boot_params and setup_data, as words. It must not
 * know how they are tested: that is src/check/setup.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_setup[RULES_SETUP] = {
	{
		.id = EFIMAP_RULE_SETUP_DATA_NO_EFI,
		.name = "setup-data-no-efi",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_BOOT_PARAMS),
		.text = TEXT(
		.tests = "A kernel was handed an EFI memory map, but no setup_data "
			 "node of type 4 (SETUP_EFI).",
		.why = "Without the node the kernel takes itself for one that the "
			 "firmware started, and calls SetVirtualAddressMap a second "
			 "time.",
		.breaks = "The firmware refuses or faults: the kernel has no runtime "
			 "services, or does not boot.",
		.exceptions = "A kernel that the firmware started, and one that was "
			 "handed nothing of EFI.",
		.fix = "Load the kernel with an unmodified kexec-tools or with "
			 "kexec_file_load, and report what wrote this.",
		.source = "arch/x86/kernel/setup.c: parse_setup_data; "
			 "arch/x86/platform/efi/efi.c: efi_enter_virtual_mode",
		.experiment = "None: both real loaders get this right, and a loader "
			 "that does not has not been tried."),
	},
	{
		.id = EFIMAP_RULE_SETUP_DATA_EFI_DUP,
		.name = "setup-data-efi-dup",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA),
		.text = TEXT(
		.tests = "There is more than one setup_data node of type 4.",
		.why = "The kernel takes the last one, its decompressor the first one.",
		.breaks = "Nothing while they agree; otherwise as for a wrong pointer.",
		.exceptions = "none",
		.fix = "Load the kernel with an unmodified kexec-tools or with "
			 "kexec_file_load, and report what wrote this.",
		.source = "arch/x86/kernel/setup.c: parse_setup_data; "
			 "arch/x86/boot/compressed/efi.c: get_kexec_setup_data",
		.experiment = "None: both real loaders get this right, and a loader "
			 "that does not has not been tried."),
	},
	{
		.id = EFIMAP_RULE_SETUP_DATA_EFI_LEN,
		.name = "setup-data-efi-len",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA),
		.text = TEXT(
		.tests = "The node of type 4 is not 96 bytes long.",
		.why = "The kernel does not look at the length: it reads 96 bytes, "
			 "whatever lies there.",
		.breaks = "Nothing where the four addresses are there; below 32 bytes "
			 "the pointers are what follows in memory, and the kernel may "
			 "not boot.",
		.exceptions = "An error below 32 bytes.",
		.fix = "Load the kernel with an unmodified kexec-tools or with "
			 "kexec_file_load, and report what wrote this.",
		.source = "arch/x86/platform/efi/efi_64.c: parse_efi_setup; "
			 "arch/x86/include/asm/efi.h: struct efi_setup_data",
		.experiment = "None: both real loaders get this right, and a loader "
			 "that does not has not been tried."),
	},
	{
		.id = EFIMAP_RULE_SETUP_DATA_TABLES_ZERO,
		.name = "setup-data-tables-zero",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA),
		.text = TEXT(
		.tests = "The configuration table in the node of type 4 is 0.",
		.why = "With 0 the decompressor takes the boot for one from the "
			 "firmware and follows the virtual pointer of the system table.",
		.breaks = "A kernel whose decompressor looks for a table (unaccepted "
			 "memory, from 6.5; encrypted guests) hangs without output; "
			 "others boot with parts missing.",
		.exceptions = "none",
		.fix = "Find out what the loader read: efimapctl compare FIRST tells "
			 "what it should have been.",
		.source = "kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			 "setup_efi_data; arch/x86/boot/compressed/efi.c: "
			 "get_kexec_setup_data",
		.rows = "config-zero, config-empty, old-config-zero",
		.experiment =
			"Debian's 6.12 hangs without output; 6.1, and a small 6.12 "
			"without unaccepted memory, work with parts missing."),
	},
	{
		.id = EFIMAP_RULE_SETUP_DATA_VENDOR_ZERO,
		.name = "setup-data-vendor-zero",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA),
		.text = TEXT(
		.tests = "fw_vendor in the node of type 4 is 0.",
		.why = "The kernel maps the string to print it, and hands the address "
			 "on.",
		.breaks = "The vendor is not known; nothing else.",
		.exceptions = "none",
		.fix = "Find out what the loader read: efimapctl compare FIRST tells "
			 "what it should have been.",
		.source = "kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			 "setup_efi_data; arch/x86/platform/efi/efi.c: efi_systab_init",
		.rows = "vendor-zero",
		.experiment = "Works; the vendor is not known."),
	},
	{
		.id = EFIMAP_RULE_SETUP_DATA_RESERVED,
		.name = "setup-data-reserved",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA),
		.text = TEXT(
		.tests = "Not all of the 64 bytes behind the four addresses of the "
			 "node are zero.",
		.why = "They are reserved: a later kernel may give them a meaning.",
		.breaks = "Nothing today.",
		.exceptions = "none",
		.fix = "Nothing has to be done.",
		.source = "arch/x86/include/asm/efi.h: struct efi_setup_data",
		.experiment = "None: both real loaders get this right, and a loader "
			 "that does not has not been tried."),
	},
	{
		.id = EFIMAP_RULE_EFI_INFO_DESC_SIZE,
		.name = "efi-info-desc-size",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_BOOT_PARAMS),
		.text = TEXT(
		.tests = "A descriptor of the memory map that was handed over has "
			 "less than 40 bytes or no multiple of 8, or the map is no "
			 "whole number of them.",
		.why = "The kernel divides by this size without looking at it, and "
			 "steps through the map with it.",
		.breaks = "0: a divide error before the console works. Another wrong "
			 "size: entries are read askew.",
		.exceptions = "A boot without EFI, where all of efi_info is zero.",
		.fix = "Load the kernel with an unmodified kexec-tools or with "
			 "kexec_file_load, and report what wrote this.",
		.source = "arch/x86/platform/efi/efi.c: "
			 "efi_memblock_x86_reserve_range; "
			 "arch/x86/boot/compressed/kaslr.c: process_efi_entries",
		.experiment = "None: both real loaders get this right, and a loader "
			 "that does not has not been tried."),
	},
	{
		.id = EFIMAP_RULE_EFI_INFO_VERSION,
		.name = "efi-info-version",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_BOOT_PARAMS),
		.text = TEXT(
		.tests = "The descriptor version is not 1.",
		.why = "There is no other. kexec-tools refuses to pass on another one.",
		.breaks = "The next kernel is loaded without EFI: kexec-tools prints "
			 "that the version is not supported.",
		.exceptions = "A boot without EFI.",
		.fix = "Load the kernel with an unmodified kexec-tools or with "
			 "kexec_file_load, and report what wrote this.",
		.source = "kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			 "setup_efi_info; arch/x86/platform/efi/efi.c: "
			 "efi_memblock_x86_reserve_range",
		.experiment = "None: both real loaders get this right, and a loader "
			 "that does not has not been tried."),
	},
	{
		.id = EFIMAP_RULE_EFI_INFO_COUNT,
		.name = "efi-info-count",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_ENTRY_DROPPED,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_BOOT_PARAMS),
		.text = TEXT(
		.tests = "The runtime map of a kernel that was kexec'ed has another "
			 "number of entries than was handed over to it.",
		.why = "A kernel removes entries without pages or beyond 2^64, and "
			 "frees boot services that nobody marked.",
		.breaks = "What was removed is missing in this kernel and in all "
			 "later ones.",
		.exceptions = "A note where there are more: the kernel has split "
			 "entries to reserve tables. The first kernel, whose firmware "
			 "map is always larger; a kernel without a runtime map.",
		.fix = "Look into the kernel's log for \"Invalid EFI memory map "
			 "entries\", and compare with the first kernel.",
		.source = "arch/x86/platform/efi/efi.c: efi_clean_memmap; "
			 "arch/x86/platform/efi/quirks.c: efi_unmap_boot_services",
		.rows = "boot-pages-zero, boot-wraps",
		.experiment =
			"Entries that the kernel takes for a firmware bug are removed; "
			"the rest works."),
	},
	{
		.id = EFIMAP_RULE_EFI_INFO_SIGNATURE,
		.name = "efi-info-signature",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_BOOT_PARAMS),
		.text = TEXT(
		.tests = "The signature of efi_info is neither EL64 nor EL32.",
		.why = "The kernel knows by it that there is EFI, and how wide it is.",
		.breaks = "With another signature the kernel boots without EFI, "
			 "although a map was handed over.",
		.exceptions = "A boot without EFI. Xen has a signature of its own, "
			 "and no runtime map to hand over.",
		.fix = "Load the kernel with an unmodified kexec-tools or with "
			 "kexec_file_load, and report what wrote this.",
		.source = "arch/x86/kernel/setup.c: setup_arch; arch/x86/xen/efi.c: "
			 "xen_efi_init",
		.experiment = "None: both real loaders get this right, and a loader "
			 "that does not has not been tried."),
	},
	{
		.id = EFIMAP_RULE_EFI_INFO_ADDR_ZERO,
		.name = "efi-info-addr-zero",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_BOOT_PARAMS),
		.text = TEXT(
		.tests = "A memory map that has a size has no address, or there is no "
			 "system table.",
		.why = "The kernel maps both at their physical addresses.",
		.breaks = "It takes what lies at address 0 for the map or the system "
			 "table, finds no signature and runs without EFI, or stops "
			 "before its console works.",
		.exceptions = "A boot without EFI.",
		.fix = "Load the kernel with an unmodified kexec-tools or with "
			 "kexec_file_load, and report what wrote this.",
		.source = "arch/x86/platform/efi/efi.c: "
			 "efi_memblock_x86_reserve_range, efi_systab_init",
		.experiment = "None: both real loaders get this right, and a loader "
			 "that does not has not been tried."),
	},
};
