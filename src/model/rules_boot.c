/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules about the firmware pointers and how this kernel was booted, as words. It must
 * not know how they are tested: that is src/check/boot.c and src/check/boot_pointer.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_boot[RULES_BOOT] = {
	{
		.id = EFIMAP_RULE_POINTER_MISSING,
		.name = "pointer-missing",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests = "fw_vendor, runtime, config_table or systab is missing from "
			 "/sys/firmware/efi, or does not hold what the kernel writes, or "
			 "a number in it is 2^64-1; or config_table is 0.",
		.why = "kexec-tools reads all four. If one cannot be opened, or holds a "
			 "number that it takes for an overflow, it zeroes efi_info and "
			 "says nothing.",
		.breaks = "A missing file: after kexec_load the next kernel boots "
			 "without EFI. A malformed fw_vendor or config_table: "
			 "kexec-tools passes the digits after the first 0x, or 0; the "
			 "next kernel follows that address and may not boot. A "
			 "malformed runtime: nothing on kernels from 5.7, which do not "
			 "use it. In systab only the line of SMBIOS counts. With a "
			 "config_table of 0 the next kernel's decompressor takes the boot "
			 "for one by the firmware; where it looks for a table (unaccepted "
			 "memory, from 6.5) it follows a virtual pointer and hangs.",
		.exceptions = "Xen, which shows no fw_vendor. Other architectures than x86, "
			 "which have systab only. A file that may not be "
			 "read (systab is mode 0400): run as root. A capture speaks "
			 "only where some of the four were collected and others not, "
			 "and of systab only where the root-only runtime-map was "
			 "collected too.",
		.fix = "On the running system: run kexec where all of /sys/firmware/efi "
			 "is visible (a container often hides it), or load with "
			 "kexec_file_load (kexec -s), which does not read these files. "
			 "In a capture: collect it again as root.",
		.source = "kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			 "get_efi_value, get_efi_values, setup_efi_info; "
			 "drivers/firmware/efi/efi.c: efi_attr_is_visible; "
			 "arch/x86/boot/compressed/efi.c: get_kexec_setup_data",
		.rows =
			"vendor-missing, runtime-missing, config-missing, "
			"systab-missing, vendor-ones, config-zero, config-empty, "
			"old-vendor-missing, old-config-zero, crash-vendor-missing",
		.experiment =
			"A missing file, or 0xffffffffffffffff: boots without EFI, not "
			"one message. config_table 0 or empty: Debian's 6.12 hangs "
			"without output, 6.1 works with parts missing. A malformed "
			"number has no row; a wrong address behaves like one that is "
			"virtual."),
	},
	{
		.id = EFIMAP_RULE_POINTER_VIRTUAL,
		.name = "pointer-virtual",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests = "fw_vendor or config_table is a virtual address: it lies at or "
			 "above 0xffffffef00000000 (EFI_VA_END).",
		.why = "The next kernel takes both for physical and maps them before "
			 "its console works. Firmware turns its own copies into virtual "
			 "addresses when Linux calls SetVirtualAddressMap; the kernel "
			 "has to hand on the earlier values.",
		.breaks = "The next kernel hangs before any console output.",
		.exceptions = "runtime is virtual in every kernel after the first, and "
			 "that is right. Mixed mode needs no exception: 32-bit pointers "
			 "never come near.",
		.fix = "Do not kexec. A kernel that was kexec'ed must show the first "
			 "kernel's values: compare with the node of type 4 in "
			 "/sys/kernel/boot_params/setup_data, and boot once through the "
			 "firmware.",
		.source = "UEFI 2.10 section 8.4.1 (SetVirtualAddressMap); "
			 "arch/x86/platform/efi/efi.c: efi_systab_init, "
			 "efi_config_init; arch/x86/boot/compressed/efi.c: "
			 "get_kexec_setup_data",
		.rows =
			"vendor-virtual, config-virtual, old-config-virtual, "
			"crash-config-virtual",
		.experiment = "Hangs before any console output, the worst case there is."),
	},
	{
		.id = EFIMAP_RULE_SMBIOS_VIRTUAL,
		.name = "smbios-virtual",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SYSTAB),
		.text = TEXT(
		.tests = "SMBIOS= or SMBIOS3= in systab is a virtual address: it lies at "
			 "or above 0xffffffef00000000 (EFI_VA_END).",
		.why = "Some firmware turns the SMBIOS entries of its configuration "
			 "table into virtual addresses in SetVirtualAddressMap. Loaders "
			 "hand on the earlier SMBIOS address for that reason; SMBIOS3 "
			 "is not handed on, so no loader can repair it.",
		.breaks = "The next kernel maps the address as physical while it looks "
			 "for DMI, and does not boot.",
		.exceptions = "none. Mixed mode needs none: 32-bit addresses never come "
			 "near.",
		.fix = "Do not kexec from this kernel. For SMBIOS=, boot once through "
			 "the firmware and compare systab; for SMBIOS3=, report it to "
			 "the firmware vendor: the table must stay physical.",
		.source = "UEFI 2.10 section 8.4.1; kexec-tools "
			 "kexec/arch/i386/x86-linux-setup.c: get_efi_values; "
			 "arch/x86/platform/efi/quirks.c: efi_reuse_config; "
			 "drivers/firmware/dmi_scan.c: dmi_scan_machine",
		.rows = "smbios-virtual, old-smbios-virtual",
		.experiment =
			"Hangs before any console output. SMBIOS3= has no row, because "
			"kexec-tools does not read it; dmi_scan_machine treats both "
			"alike."),
	},
	{
		.id = EFIMAP_RULE_MIXED_MODE,
		.name = "mixed-mode",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests = "The firmware is 32-bit under a 64-bit kernel.",
		.why = "In mixed mode every region is mapped onto itself, and the map "
			 "also lists memory that is no firmware region.",
		.breaks = "The next kernel keeps the EFI tables but has no runtime-map "
			 "and no runtime services: no EFI variables, and no kernel "
			 "after it receives EFI. kexec_file_load refuses to load while "
			 "runtime services work.",
		.exceptions = "A 32-bit kernel on 32-bit firmware is none: nonidentity says of "
			 "it what kexec does.",
		.fix = "Load with kexec_load (kexec -c), and do not rely on EFI "
			 "variables in the next kernel.",
		.source = "arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode, "
			 "should_map_region; arch/x86/kernel/kexec-bzimage64.c: "
			 "bzImage64_probe",
		.rows = "mixed-none, mixed-none-6.1, mixed-file",
		.experiment =
			"The second kernel keeps /sys/firmware/efi and has no "
			"runtime-map, which counts as booting without EFI. "
			"kexec_file_load refuses."),
	},
	{
		.id = EFIMAP_RULE_RUNTIME_OFF,
		.name = "runtime-off",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_CMDLINE),
		.text = TEXT(
		.tests = "noefi or efi=noruntime is on the kernel's command line.",
		.why = "The kernel then exports no runtime-map, so there is nothing to "
			 "hand over.",
		.breaks = "The next kernel boots without EFI, whichever loader is used.",
		.exceptions = "efi=runtime overrides both. Kernels built with "
			 "CONFIG_EFI_DISABLE_RUNTIME and PREEMPT_RT kernels behave the "
			 "same without a word on the command line.",
		.fix = "Take the option away, or accept it: it may be there because "
			 "this firmware's calls crash.",
		.source = "drivers/firmware/efi/efi.c: setup_noefi, parse_efi_cmdline; "
			 "arch/x86/platform/efi/efi.c: efi_init",
		.rows = "map-absent",
		.experiment =
			"Without a map to hand over the next kernel boots without any "
			"EFI, and without one message."),
	},
	{
		.id = EFIMAP_RULE_SERVICES_LOST,
		.name = "services-lost",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_KERNEL_LOG),
		.text = TEXT(
		.tests = "The kernel's log says that a firmware call faulted and that "
			 "the kernel disabled runtime services.",
		.why = "The runtime-map stays, so nothing in /sys shows it. "
			 "kexec_file_load passes no EFI once the services are disabled.",
		.breaks = "After kexec_file_load the next kernel boots without EFI, "
			 "without one message. After kexec_load it receives the map, "
			 "and the same call may fault there.",
		.exceptions = "On the running system the log is read as far only where "
			 "the kernel has warned (bit 9 of /proc/sys/kernel/tainted).",
		.fix = "Look in the log for \"Page fault caused by firmware\". In a kernel "
			 "that was kexec'ed compare its map with the first kernel's; in "
			 "one that the firmware booted report it to the firmware's "
			 "vendor. Boot through the firmware.",
		.source = "arch/x86/platform/efi/quirks.c: "
			 "efi_crash_gracefully_on_page_fault; "
			 "arch/x86/kernel/kexec-bzimage64.c: setup_efi_state",
		.rows = "file-code-type-7, file-code-dropped, file-all-identity",
		.experiment =
			"The kernel between loses its runtime services, and the one that "
			"it starts with kexec_file_load has no EFI at all."),
	},
	{
		.id = EFIMAP_RULE_POINTER_UNMAPPED,
		.name = "pointer-unmapped",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"fw_vendor, config_table or the system table (boot_params) lies "
			"in no entry of the map.",
		.why =
			"The next kernel reads all three. What is in no entry nobody "
			"has promised to keep.",
		.breaks =
			"Where memmap calls the memory System RAM, kexec may overwrite "
			"it: the next kernel then finds no configuration tables, or no "
			"EFI.",
		.exceptions =
			"Memory that memmap calls reserved or ACPI is a note, as old "
			"firmware keeps its configuration table there; so is everything "
			"where memmap was not collected. Silent where an entry cannot "
			"be read or has no range that can be right, and where there is "
			"no runtime data: those are the cause. Addresses that are "
			"virtual are pointer-virtual.",
		.fix =
			"Take the capture again: an entry may be missing from it. "
			"Otherwise compare with the \"efi: mem\" lines of the kernel log "
			"(efi=debug).",
		.source =
			"UEFI 2.10 section 4.3 (EFI_SYSTEM_TABLE); "
			"arch/x86/platform/efi/efi.c: efi_systab_init, efi_config_init",
		.rows = "config-ram, config-above-52",
		.experiment =
			"A config_table in memory that holds no table: works, with "
			"parts missing. None with a table overwritten."),
	},
	{
		.id = EFIMAP_RULE_RUNTIME_POINTER,
		.name = "runtime-pointer",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"The runtime pointer lies outside runtime code and data: as a "
			"physical address in a kernel that the firmware booted, as a "
			"virtual one in a kernel reached by kexec.",
		.why =
			"It is the address of the table of firmware functions. It tells "
			"the generation of a kernel, and whether the file and the map "
			"belong together.",
		.breaks =
			"Nothing from 5.7 on, which does not use the value; before, the "
			"first firmware call jumps to what lies there.",
		.exceptions =
			"Either kind of address where the capture does not say who "
			"booted the kernel, and after kexec before 5.7, which took the "
			"value from setup_data. Silent where an entry cannot be read or "
			"lies where Linux does not map: that is the cause.",
		.fix =
			"Take the capture again, in one go: the file and the map may be "
			"of two boots.",
		.source =
			"arch/x86/platform/efi/efi.c: efi_systab_init (0a67361dcdaa); "
			"UEFI 2.10 section 8.4 (SetVirtualAddressMap converts it)",
		.rows = "runtime-zero",
		.experiment = "runtime 0 works on 6.12, which does not use it."),
	},
	{
		.id = EFIMAP_RULE_SMBIOS_UNMAPPED,
		.name = "smbios-unmapped",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_SYSTAB),
		.text = TEXT(
		.tests =
			"The address of SMBIOS= or SMBIOS3= lies in no entry of the "
			"map, and memmap calls the memory System RAM or does not list "
			"it.",
		.why = "dmidecode and the next kernel read the tables again.",
		.breaks = "kexec may overwrite the entry point: DMI is not present then.",
		.exceptions =
			"Reserved and ACPI memory, where most firmware has it, and "
			"every other range but System RAM; the ROM area below 1 MiB. "
			"table-in-ram says it where the kernel log names the table.",
		.fix =
			"Load with kexec_file_load (kexec -s), which keeps clear of "
			"what the running kernel reserved.",
		.source =
			"drivers/firmware/dmi_scan.c: dmi_scan_machine; "
			"drivers/firmware/efi/efi.c: common_tables",
		.experiment =
			"None: a table that is only not listed stays where it is. "
			"Without any SMBIOS line the next kernel works (smbios-absent)."),
	},
	{
		.id = EFIMAP_RULE_NO_SMBIOS,
		.name = "no-smbios",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SYSTAB),
		.text = TEXT(
		.tests = "systab has no line SMBIOS=.",
		.why =
			"kexec-tools takes the address for setup_data from it and "
			"passes 0 without it. With 0 the next kernel does not repair "
			"the table of pointers, and from 6.13.3 on does not skip the "
			"Memory Attributes Table.",
		.breaks =
			"Nothing, if the firmware has SMBIOS3 and the Memory Attributes "
			"Table survives (table-in-ram).",
		.exceptions = "none",
		.fix = "Nothing to do.",
		.source =
			"kexec-tools kexec/arch/i386/x86-linux-setup.c: get_efi_values; "
			"arch/x86/platform/efi/quirks.c: efi_reuse_config",
		.rows = "smbios-absent",
		.experiment = "Works."),
	},
	{
		.id = EFIMAP_RULE_NO_RSDP,
		.name = "no-rsdp",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SYSTAB) |
			 EFIMAP_NEEDS(EFIMAP_SRC_BOOT_PARAMS),
		.text = TEXT(
		.tests =
			"systab has no line ACPI20= or ACPI=, and boot_params no "
			"acpi_rsdp_addr.",
		.why =
			"By one of them kexec-tools and the next kernel find ACPI's "
			"root pointer.",
		.breaks =
			"With EFI it finds the pointer in the configuration table "
			"again. Without (after kexec --noefi, or where EFI is not "
			"handed over) it boots without ACPI: no interrupts, no second "
			"CPU.",
		.exceptions =
			"acpi=off, or acpi_rsdp= on the command line, which names the "
			"address; machines without ACPI, whose memmap has no ACPI "
			"memory.",
		.fix =
			"Add acpi_rsdp=ADDRESS to the next kernel's command line; the "
			"kernel log has the address (\"ACPI: RSDP 0x...\").",
		.source =
			"kexec-tools kexec/arch/i386/x86-linux-setup.c: get_acpi_rsdp; "
			"arch/x86/boot/compressed/acpi.c: get_rsdp_addr",
		.experiment =
			"None with both missing. With config_table 0 the root pointer "
			"came from boot_params (old-config-zero)."),
	},
	{
		.id = EFIMAP_RULE_MEM_ENCRYPT,
		.name = "mem-encrypt",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests =
			"setup_data, the command line or the kernel log says that "
			"memory is encrypted (SEV, TDX, SME): SETUP_CC_BLOB, "
			"mem_encrypt=on, \"Memory Encryption Features active\" (in a log "
			"that was collected), or tables that only such guests have.",
		.why =
			"The kernel maps the firmware's data encrypted, and memory that "
			"was never accepted must not be touched: the next kernel needs "
			"the tables that say which.",
		.breaks =
			"Nothing, if it knows of encryption. Older kernels die when "
			"kexec touches memory that was not accepted, or that is shared.",
		.exceptions =
			"The attribute CC (EFI_MEMORY_CPU_CRYPTO) says what memory can "
			"do, not that it is done; mem_encrypt=off.",
		.fix = "Use kernels from 6.11 on both sides.",
		.source =
			"arch/x86/platform/efi/efi_64.c: __map_region (_PAGE_ENC); "
			"drivers/firmware/efi/unaccepted_memory.c; "
			"arch/x86/kernel/setup.c: parse_setup_data (SETUP_CC_BLOB)",
		.experiment =
			"None: the machines of the experiments have no encrypted "
			"memory."),
	},
};
