/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Types and attribute bits that are rare, or normal but worth a line: one finding sums up
 * all entries. Words only: the tests are in src/check/bits.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_bits[RULES_BITS] = {
	{
		.id = EFIMAP_RULE_TYPE_OEM,
		.name = "type-oem",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"An entry has a type of 0x70000000 or above: those UEFI leaves to "
			"firmware vendors (0x7...) and to boot loaders (0x8... and above).",
		.why =
			"Such memory is allowed, but the boot stub makes no e820 range of it: "
			"/sys/firmware/memmap does not list it, so nothing but the entry itself "
			"says that it is taken.",
		.breaks =
			"It maps the region non-executable, as data. It does not know that "
			"devices and memory must stay clear of it.",
		.exceptions = "none",
		.fix =
			"Nothing, if the firmware is known for it; otherwise compare with the "
			"\"efi: mem\" lines of the kernel log (efi=debug).",
		.source =
			"UEFI 2.10 section 7.2.1; drivers/firmware/efi/libstub/x86-stub.c: "
			"setup_e820",
		.rows = "code-type-oem",
		.experiment =
			"Runtime code with such a type is mapped non-executable: "
			"runtime services are disabled. None with an entry of its own: "
			"no firmware at hand has one."),
	},
	{
		.id = EFIMAP_RULE_TYPE_NVS_ACPI_RT,
		.name = "type-nvs-acpi-rt",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"An entry with EFI_MEMORY_RUNTIME is reserved, ACPI reclaim, ACPI NVS "
			"or persistent memory (types 0, 9, 10, 14).",
		.why =
			"UEFI allows it, but few machines do it: about one in ten has reserved "
			"entries (stolen graphics memory, PCI configuration windows), none "
			"known has the others. Persistent memory keeps user data, which a "
			"firmware call must not touch: that is a warning.",
		.breaks = "Nothing: it maps the region.",
		.exceptions =
			"The same types without the RUNTIME attribute have runtime-bit-missing "
			"instead.",
		.fix =
			"Nothing for types 0, 9 and 10. For persistent memory, report it to the "
			"vendor of the firmware and keep file systems off the region.",
		.source =
			"UEFI 2.10 section 7.2.1 (EfiReservedMemoryType, EfiACPIMemoryNVS, "
			"EfiPersistentMemory); drivers/firmware/efi/efi.c",
		.experiment =
			"None with types 9, 10 or 14: QEMU's firmware marks none of "
			"them RUNTIME. Thousands of entries of type 0 that no call "
			"touches change nothing (entries-6553)."),
	},
	{
		.id = EFIMAP_RULE_ATTR_CODE_NOT_WB,
		.name = "attr-code-not-wb",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"Runtime code or data has cacheability bits, but not WB (write-back).",
		.why =
			"The kernel maps it uncached then. Firmware calls become slow enough "
			"for watchdogs and timeouts in drivers to notice.",
		.breaks =
			"Nothing new: it maps the region uncached, as the running kernel does.",
		.exceptions = "Entries without any cacheability bit are attr-no-cache.",
		.fix = "Report it to the vendor of the firmware.",
		.source =
			"UEFI 2.10 section 7.2.3; arch/x86/platform/efi/efi_64.c: __map_region "
			"(_PAGE_PCD without EFI_MEMORY_WB)",
		.rows = "code-uncached",
		.experiment = "Works, uncached."),
	},
	{
		.id = EFIMAP_RULE_ATTR_MMIO_NO_UC,
		.name = "attr-mmio-no-uc",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Memory-mapped I/O has WB (write-back) but not UC (uncached).",
		.why =
			"The kernel maps the device's registers cached, and the firmware says "
			"that there is no uncached mapping of them. Writes then reach the "
			"device late, or not at all.",
		.breaks = "The same: it maps the region cached.",
		.exceptions =
			"Without WB the kernel maps uncached whether UC is there or not: half "
			"of all MMIO entries of real machines have no such bit.",
		.fix = "Report it to the vendor of the firmware.",
		.source =
			"UEFI 2.10 section 7.2.3; arch/x86/platform/efi/efi_64.c: __map_region "
			"(_PAGE_PCD without EFI_MEMORY_WB)",
		.rows = "mmio-wb",
		.experiment = "Works; the emulated flash does not care how it is mapped."),
	},
	{
		.id = EFIMAP_RULE_ATTR_MMIO_WB,
		.name = "attr-mmio-wb",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Memory-mapped I/O (type 11) has WB (write-back).",
		.why =
			"The kernel maps it cached by the page table, and only the MTRRs keep "
			"it uncached. Firmware of AMI since about 2015 does this: normal on "
			"half of newer boards.",
		.breaks = "Nothing: it maps the region in the same way.",
		.exceptions = "Regions without UC are attr-mmio-no-uc.",
		.fix = "Nothing to do.",
		.source =
			"UEFI 2.10 section 7.2.3; arch/x86/platform/efi/efi_64.c: __map_region "
			"(_PAGE_PCD without EFI_MEMORY_WB)",
		.experiment =
			"None with WB and UC; with WB alone it works (mmio-wb). The "
			"emulated flash does not care how it is mapped."),
	},
	{
		.id = EFIMAP_RULE_ATTR_WX,
		.name = "attr-wx",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"The kernel maps runtime code writable and executable: the entry has "
			"neither RO nor XP, and nothing else protects it.",
		.why =
			"Whoever can write to that memory can have the CPU run it. All known "
			"firmware leaves RO and XP out of its memory map; the Memory Attributes "
			"Table, where there is one, splits the code for the first kernel.",
		.breaks =
			"Nothing breaks. A kernel reached by kexec maps runtime code writable "
			"and executable as a whole, whatever the first one did.",
		.exceptions =
			"Silent in a kernel that the firmware booted where the kernel log names "
			"a MEMATTR table, which kernels since 4.11 apply; where that log was "
			"not collected, the rule is skipped.",
		.fix =
			"Nothing in a kernel reached by kexec. Otherwise ask the vendor for "
			"firmware with a Memory Attributes Table.",
		.source =
			"UEFI 2.10 section 4.6.4 (EFI_MEMORY_ATTRIBUTES_TABLE); "
			"arch/x86/platform/efi/efi_64.c: efi_runtime_update_mappings; "
			"arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode",
		.experiment =
			"None: there is no fault to put in. The page tables that Linux "
			"6.12 dumps in a second kernel show every runtime code region "
			"as \"RW x\" whole."),
	},
	{
		.id = EFIMAP_RULE_ATTR_XP_CODE,
		.name = "attr-xp-code",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"Runtime code has XP (execute-protect), and no entry of runtime code is "
			"left that is read-only and executable.",
		.why =
			"Taken by its word, no firmware function could run. Linux ignores the "
			"bit in this map, other consumers may not.",
		.breaks =
			"Nothing today: it maps runtime code executable whatever XP says.",
		.exceptions =
			"Firmware with the properties table of UEFI 2.5 splits its images: code "
			"with RO, data with XP, both of type 5. Where such a code part is "
			"there, XP on others is right.",
		.fix =
			"Compare with the \"efi: mem\" lines of the kernel log (efi=debug) and "
			"report it to the vendor of the firmware.",
		.source =
			"UEFI 2.5 section 4.6 (EFI_PROPERTIES_TABLE); "
			"arch/x86/platform/efi/efi_64.c: __map_region (_PAGE_NX by type only)",
		.rows = "code-ro-xp",
		.experiment = "Works: the kernel ignores the bits."),
	},
	{
		.id = EFIMAP_RULE_ATTR_RP_WP,
		.name = "attr-rp-wp",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"An entry has RP (read-protect), or runtime code or data has WP "
			"(write-protect).",
		.why =
			"In a memory map these bits say what the memory is capable of, not what "
			"is in force; Linux ignores them. Taken for permissions they would "
			"forbid the firmware its own memory.",
		.breaks = "Nothing: it ignores the bits.",
		.exceptions =
			"WP on memory-mapped I/O is normal on boards with AMI firmware.",
		.fix = "Nothing to do.",
		.source =
			"UEFI 2.10 section 7.2.3 (EFI_MEMORY_RP, EFI_MEMORY_WP); "
			"arch/x86/platform/efi/efi_64.c: __map_region",
		.rows = "code-rp-wp",
		.experiment = "Works: the kernel ignores the bits."),
	},
	{
		.id = EFIMAP_RULE_ATTR_SP,
		.name = "attr-sp",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "An entry has both RUNTIME and SP (specific-purpose memory).",
		.why =
			"Specific-purpose memory is set aside for applications and handed to a "
			"device-dax driver; firmware must not keep anything in it.",
		.breaks =
			"It may give the region to device-dax, and firmware and application "
			"write over each other.",
		.exceptions = "none",
		.fix =
			"If efi_fake_mem= is on the command line (kernels before 6.11), take it "
			"away; otherwise report it to the vendor of the firmware.",
		.source =
			"UEFI 2.10 section 7.2.3 (EFI_MEMORY_SP); "
			"drivers/firmware/efi/efi-init.c; arch/x86/platform/efi/efi.c: "
			"do_add_efi_memmap (E820_TYPE_SOFT_RESERVED)",
		.rows = "code-sp",
		.experiment = "Works: the kernel ignores the bit."),
	},
	{
		.id = EFIMAP_RULE_ATTR_INCONSISTENT,
		.name = "attr-inconsistent",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"Two entries of one type touch each other, and only one of them has NV "
			"(non-volatile) or MORE_RELIABLE.",
		.why =
			"A region of firmware that crosses a border between kinds of memory: "
			"possible, but rarely meant.",
		.breaks = "Nothing: it looks at neither bit.",
		.exceptions =
			"Memory of boot services, the loader and the system, as efi=debug and "
			"mixed mode export it, may cross the border of a mirrored region.",
		.fix = "Nothing to do.",
		.source =
			"UEFI 2.10 section 7.2.3 (EFI_MEMORY_NV, EFI_MEMORY_MORE_RELIABLE); "
			"drivers/firmware/efi/efi.c: efi_md_typeattr_format",
		.experiment =
			"None with this entry alone; added RO, XP and WP bits, which the kernel "
			"ignores too, work (fault matrix)."),
	},
};
