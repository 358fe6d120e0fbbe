/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules that hold the map against /sys/firmware/memmap, as words. It must not know
 * how they are tested: that is src/check/memmap*.c.
 */
#include "model/rules.h"

#define NEEDS_BOTH \
	(EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) | EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP))

const struct efimap_rule efimap_rules_memmap[RULES_MEMMAP] = {
	{
		.id = EFIMAP_RULE_RUNTIME_IN_RAM,
		.name = "runtime-in-ram",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests = "An entry of type RuntimeCode, RuntimeData, Reserved or ACPI "
			 "NVS with EFI_MEMORY_RUNTIME shares a byte with a memmap range "
			 "\"System RAM\".",
		.why = "kexec-tools takes /sys/firmware/memmap for the memory that it "
			 "may use and passes it on as the next kernel's e820 table.",
		.breaks = "kexec may put a segment over firmware code or data, and the "
			 "next kernel may give the pages to anyone: it crashes or hangs "
			 "in a firmware call, often the first one, before init starts; "
			 "or EFI variables are corrupted.",
		.exceptions = "For types other than RuntimeCode and RuntimeData the "
			 "consequence is memory-at-risk. Boot services entries "
			 "(boot-services-in-ram) and the conventional and loader memory "
			 "that mixed mode exports are of other types.",
		.fix = "Do not kexec this machine with kexec_load. See which is wrong: "
			 "compare the BIOS-e820 lines of the kernel log with its \"efi: "
			 "mem\" lines (efi=debug). A boot loader that builds the e820 "
			 "table itself is the usual cause: boot through the kernel's "
			 "EFI stub, or report it to the loader or the firmware vendor.",
		.source = "UEFI 2.10 section 7.2, table of memory types after "
			 "ExitBootServices; drivers/firmware/efi/libstub/x86-stub.c: "
			 "setup_e820; kexec-tools kexec/arch/i386/kexec-x86-common.c: "
			 "get_memory_ranges_sysfs",
		.rows =
			"code-phys-2m, data-phys-2m, code-in-ram, data-in-ram, "
			"runtime-in-ram, old-code-in-ram, crash-code-in-ram",
		.experiment =
			"Debian's 6.12 hangs in its first firmware call, before init; a "
			"smaller kernel worked, because it put nothing there."),
	},
	{
		.id = EFIMAP_RULE_MMIO_IN_RAM,
		.name = "mmio-in-ram",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests = "An entry of type MMIO or MMIO port space shares a byte with a "
			 "memmap range \"System RAM\".",
		.why = "One of the two is wrong: a device is no RAM. Flash holding the "
			 "EFI variables is the usual MMIO entry.",
		.breaks = "kexec or the next kernel may use device registers or flash "
			 "as memory. The kernel allocates from the top, where devices "
			 "lie: it hangs before the first message, or later data are "
			 "corrupted.",
		.exceptions = "none",
		.fix = "Compare the BIOS-e820 lines of the kernel log with its \"efi: "
			 "mem\" lines (efi=debug) and report the contradiction to the "
			 "firmware vendor, or to the boot loader if it builds the e820 "
			 "table itself.",
		.source = "UEFI 2.10 section 7.2 (EfiMemoryMappedIO); "
			 "drivers/firmware/efi/libstub/x86-stub.c: setup_e820; "
			 "kexec-tools kexec/arch/i386/kexec-x86-common.c: "
			 "get_memory_ranges_sysfs",
		.rows = "mmio-in-ram",
		.experiment =
			"Flash below 4 GiB called System RAM: no output after "
			"\"Starting new kernel\"."),
	},
	{
		.id = EFIMAP_RULE_BOOT_SERVICES_IN_RAM,
		.name = "boot-services-in-ram",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = NEEDS_BOTH |
			 EFIMAP_NEEDS_MARKS,
		.text = TEXT(
		.tests = "Boot-services code or data with EFI_MEMORY_RUNTIME shares a "
			 "byte with a memmap range \"System RAM\". One summary for all "
			 "such entries.",
		.why = "Linux tagged them to keep what lies there (MEMATTR, ESRT, the "
			 "BGRT image, the MOK list), but the reservation is in memblock "
			 "and in the kernel's own e820 table, not in "
			 "/sys/firmware/memmap, which kexec_load goes by.",
		.breaks = "kexec_load may overwrite these pages: \"efi_bgrt: Ignoring "
			 "BGRT\", \"Unsupported ESRT version\", \"Unexpected EFI Memory "
			 "Attributes table version\". Runtime services do not need them.",
		.exceptions = "It never becomes more than a note: nearly every machine "
			 "has such entries. Silent on a 32-bit kernel, from which no EFI is "
			 "handed on. table-in-ram names the tables that are "
			 "known to lie there.",
		.fix = "Nothing, or load with kexec_file_load (kexec -s), which keeps "
			 "clear of what the running kernel reserved since 5.5.",
		.source = "arch/x86/platform/efi/quirks.c: efi_arch_mem_reserve, "
			 "efi_reserve_boot_services; drivers/firmware/memmap.c",
		.rows = "none, file-none, old-none",
		.experiment =
			"kexec places its own segments over the MEMATTR page, and the "
			"table is lost."),
	},
	{
		.id = EFIMAP_RULE_RUNTIME_UNCOVERED,
		.name = "runtime-uncovered",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests = "Part of a RuntimeCode or RuntimeData entry lies in no memmap "
			 "range.",
		.why = "Memory that no range lists counts as a hole, and Linux may put "
			 "PCI BARs into holes.",
		.breaks = "The next kernel may assign a device's registers to addresses "
			 "where firmware code or data lies.",
		.exceptions = "A crash kernel (elfcorehdr= on its command line): its "
			 "loader lists little more than the crash memory. A memmap that "
			 "touches no RuntimeCode and no RuntimeData entry at all: the "
			 "boot loader left the firmware's regions out, which is one "
			 "summary note. OEM and OS loader types (0x70000000 and above) "
			 "are never listed.",
		.fix = "See the BIOS-e820 lines of the kernel log. Boot through the "
			 "kernel's EFI stub, which turns every descriptor into an e820 "
			 "range, or add add_efi_memmap to the command line.",
		.source = "drivers/firmware/efi/libstub/x86-stub.c: setup_e820; "
			 "arch/x86/kernel/e820.c: e820__setup_pci_gap, "
			 "e820__reserve_resources_late",
		.rows = "runtime-uncovered",
		.experiment =
			"Works: QEMU's firmware has assigned every BAR before Linux "
			"starts."),
	},
	{
		.id = EFIMAP_RULE_MEMMAP_BAD_RANGE,
		.name = "memmap-bad-range",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.text = TEXT(
		.tests = "A range of /sys/firmware/memmap ends below its start, or its "
			 "start, end or type cannot be read.",
		.why = "kexec-tools passes these ranges on as the next kernel's e820 "
			 "table and checks none of this: it takes a malformed number up "
			 "to its first odd character, and turns an end below the start "
			 "into a size near 2^64.",
		.breaks = "An end below the start: the next kernel rejects the whole "
			 "e820 table and keeps 640 KiB and one range at 1 MiB, often "
			 "too little to boot. A malformed number: a wrong range is "
			 "passed on (memory-at-risk). A file that is missing, empty or "
			 "unreadable: kexec-tools falls back to /proc/iomem (none).",
		.exceptions = "An end one below the start makes a size of 0: the next "
			 "kernel only loses that range, so the finding stays an error "
			 "with consequence none.",
		.fix = "On the running system: report it with the BIOS-e820 lines of "
			 "the kernel log, and do not kexec. In a capture: collect "
			 "/sys/firmware/memmap again.",
		.source = "kexec-tools kexec/firmware_memmap.c: parse_numeric_sysfs, "
			 "parse_memmap_entry; kexec/arch/i386/x86-linux-setup.c: "
			 "add_e820_map_from_mr; arch/x86/kernel/e820.c: "
			 "__append_e820_table, e820__memory_setup_default",
		.rows =
			"memmap-end-below, memmap-end-one-below, memmap-end-missing, "
			"old-memmap-end-below",
		.experiment =
			"A reserved range that ends below its start: does not boot, no "
			"output. One that ends one byte below: works without the range. "
			"The end file missing: kexec-tools falls back to /proc/iomem, "
			"works. A malformed number has no row."),
	},
	{
		.id = EFIMAP_RULE_MEMMAP_COUNT,
		.name = "memmap-count",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.text = TEXT(
		.tests = "There are more than 2048 memmap ranges, or, as a warning, more "
			 "than 128.",
		.why = "kexec-tools refuses more than 2048 (MAX_MEMORY_RANGES). "
			 "kexec_file_load passes only the 128 ranges that fit into "
			 "boot_params (E820_MAX_ENTRIES_ZEROPAGE) and cuts off the rest "
			 "without a message.",
		.breaks = "Above 128: after kexec_file_load the next kernel does not "
			 "know the ranges that were cut off, so it lacks RAM or may put "
			 "PCI BARs over reserved memory. Above 2048: kexec-tools falls "
			 "back to /proc/iomem and stops at 2048 lines there too.",
		.exceptions = "Ranges of hot-added memory count, although the kernel "
			 "keeps them out of its e820 table.",
		.fix = "Between 129 and 2048 ranges load with kexec_load (kexec -c), "
			 "which passes the rest in setup_data (SETUP_E820_EXT).",
		.source = "kexec-tools kexec/firmware_memmap.c: "
			 "get_firmware_memmap_ranges; "
			 "arch/x86/kernel/kexec-bzimage64.c: setup_e820_entries",
		.rows = "memmap-129, memmap-2049",
		.experiment =
			"Works: kexec_load passes all ranges up to its limit, and those "
			"lost here were not needed. The limits are constants in the "
			"sources named."),
	},
	{
		.id = EFIMAP_RULE_TABLE_IN_RAM,
		.name = "table-in-ram",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_KERNEL_LOG),
		.text = TEXT(
		.tests = "A configuration table that the next kernel reads again lies "
			 "in a memmap range \"System RAM\". The addresses are those of "
			 "the kernel log (\"efi: MEMATTR=0x...\").",
		.why = "kexec_load takes \"System RAM\" for free memory. The running "
			 "kernel keeps the table in memblock, of which kexec-tools "
			 "knows nothing.",
		.breaks = "kexec may overwrite the table; the next kernel then reads "
			 "garbage from it: \"Unexpected EFI Memory Attributes table "
			 "version\", \"Unsupported ESRT version\", a broken TPM event "
			 "log, or a reservation so large that memory runs out.",
		.exceptions = "Tables that are used up at boot (INITRD, RNG) do not "
			 "count, and a table inside an entry that runtime-in-ram or "
			 "mmio-in-ram names is no finding of its own. Without a runtime "
			 "map, and from a 32-bit kernel, EFI is not handed on, and the "
			 "next kernel reads no table. "
			 "The Memory Attributes Table is a note on kernels from 6.13.3 "
			 "where systab has an SMBIOS= line, because such kernels skip "
			 "it after kexec; the fix may be in older stable kernels too, "
			 "which a release number does not tell.",
		.fix = "Load with kexec_file_load (kexec -s), which keeps clear of what "
			 "the running kernel reserved, or update the next kernel: "
			 "6.13.3 and later skip the Memory Attributes Table. kexec -d "
			 "prints where the segments of a given load lie.",
		.source = "drivers/firmware/efi/efi.c: common_tables, "
			 "efi_config_parse_tables; drivers/firmware/efi/memattr.c: "
			 "efi_memattr_init; commits 8fbe4c49c0cc, 64b45dd46e15",
		.rows = "none, file-none, old-none",
		.experiment =
			"The tables are lost: \"Unexpected EFI Memory Attributes table "
			"version\", \"efi_bgrt: Ignoring BGRT\"."),
	},
	{
		.id = EFIMAP_RULE_RUNTIME_WRONG_LABEL,
		.name = "runtime-wrong-label",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests =
			"Runtime code or data lies in a memmap range called \"Persistent "
			"Memory\" or \"Soft Reserved\" (a warning), or by another name "
			"that is neither reserved nor ACPI (a note).",
		.why =
			"The kernel hands persistent and specific-purpose memory to a "
			"driver, which gives it to users. Other names, \"Unusable "
			"memory\" and \"Unknown E820 type\", keep kernels off the memory "
			"as well as \"Reserved\" does, but tell that the boot loader, not "
			"the EFI stub, made the table.",
		.breaks =
			"A driver of nvdimm or device-dax may claim the region, and "
			"users write over firmware. Of other names, nothing.",
		.exceptions =
			"\"System RAM\" is runtime-in-ram. GRUB without the EFI stub "
			"calls runtime code \"Unknown E820 type\" on one machine in four, "
			"and one vendor calls it unusable: never more than a note.",
		.fix =
			"Boot through the kernel's EFI stub (GRUB: linuxefi, or a GRUB "
			"that always does). If memmap= on the command line made the "
			"range, take it away.",
		.source =
			"arch/x86/kernel/e820.c: e820_type_to_string; "
			"drivers/firmware/efi/libstub/x86-stub.c: setup_e820; "
			"drivers/nvdimm/e820.c, drivers/dax/hmem/device.c",
		.rows = "runtime-persistent",
		.experiment =
			"Works: the kernels of the experiments have no driver that "
			"would claim the region."),
	},
	{
		.id = EFIMAP_RULE_ACPI_LABEL,
		.name = "acpi-label",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests =
			"ACPI reclaim memory with EFI_MEMORY_RUNTIME is not called "
			"\"ACPI Tables\" by memmap, or ACPI NVS not \"ACPI Non-volatile "
			"Storage\".",
		.why =
			"The EFI stub gives these types these names. Another one means "
			"that something else made the table.",
		.breaks =
			"Nothing, if the name keeps it off the memory. ACPI tables that "
			"are called System RAM can be overwritten by a kexec segment.",
		.exceptions =
			"A reserved range that reaches beyond the entry: boot loaders "
			"that make the table themselves join neighbours. ACPI NVS in "
			"System RAM is runtime-in-ram.",
		.fix = "Boot through the kernel's EFI stub.",
		.source =
			"drivers/firmware/efi/libstub/x86-stub.c: setup_e820; "
			"arch/x86/kernel/e820.c: e820_type_to_string",
		.experiment =
			"None: no firmware at hand marks ACPI memory RUNTIME, and of 48 "
			"known maps none does."),
	},
	{
		.id = EFIMAP_RULE_MEMMAP_OVERLAP,
		.name = "memmap-overlap",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.text = TEXT(
		.tests = "Two memmap ranges with different names share a byte.",
		.why =
			"Firmware says two things of the same memory. kexec-tools puts "
			"only ranges of the same type in order, so it may take memory "
			"for free that is reserved.",
		.breaks =
			"It lets the more cautious name win; but kexec has then already "
			"placed its segments.",
		.exceptions =
			"Ranges with the same name: hot-added memory appears beside "
			"what was there at boot.",
		.fix =
			"Compare with the BIOS-e820 lines of the kernel log. If they "
			"overlap too, report it to the vendor of the firmware or the "
			"boot loader.",
		.source =
			"kexec-tools kexec/arch/i386/kexec-x86-common.c: "
			"fixup_memory_ranges; arch/x86/kernel/e820.c: "
			"e820__update_table",
		.experiment =
			"None with overlapping ranges. A range that is lost is "
			"tolerated until something is placed there (runtime-uncovered)."),
	},
	{
		.id = EFIMAP_RULE_MEMMAP_UNALIGNED,
		.name = "memmap-unaligned",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.text = TEXT(
		.tests = "A memmap range above 1 MiB begins or ends inside a page.",
		.why =
			"EFI describes memory in pages, so the table was made from "
			"something else, or cut. Kernels round RAM down and reserved "
			"ranges up.",
		.breaks = "Nothing: it rounds likewise.",
		.exceptions =
			"The first MiB, where the BIOS data area ends at 0x9fbff on "
			"many machines. Kernels reached by kexec: kexec-tools starts "
			"memory at 0x400, and cuts the crash kernel's at any byte.",
		.fix = "Nothing to do.",
		.source =
			"arch/x86/kernel/e820.c: e820_end_pfn, e820__memblock_setup; "
			"kexec-tools kexec/arch/i386/crashdump-x86.c",
		.experiment =
			"None needed: second kernels of kdump run with such ranges "
			"(capture ovmf-q35-6.1-crash-second)."),
	},
	{
		.id = EFIMAP_RULE_MEMMAP_UNKNOWN_TYPE,
		.name = "memmap-unknown-type",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.text = TEXT(
		.tests =
			"A memmap range has a type that kexec-tools does not know. It "
			"knows \"System RAM\", \"Reserved\" or \"reserved\", \"ACPI Tables\", "
			"\"ACPI Non-volatile Storage\", \"Unusable memory\", \"Persistent "
			"Memory\" and \"Persistent Memory (legacy)\".",
		.why =
			"It prints \"Unknown type ... Please report this as bug\" for "
			"each other one, and takes it for reserved.",
		.breaks =
			"It sees the range as reserved: soft-reserved memory, for one, "
			"is no longer offered to applications.",
		.exceptions = "none",
		.fix = "Nothing, or a newer kexec-tools.",
		.source = "kexec-tools kexec/firmware_memmap.c: parse_memmap_entry",
		.experiment =
			"None needed: the range is passed on as reserved by "
			"kexec-tools' own source."),
	},
};
