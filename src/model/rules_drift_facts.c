/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules about what surrounds two runtime maps: pointers, memory, the kernel. As words;
 * it must not know how they are tested: that is src/check/compare_*.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_drift_facts[RULES_DRIFT_FACTS] = {
	{
		.id = EFIMAP_RULE_DRIFT_POINTER,
		.name = "drift-pointer",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests = "fw_vendor, config_table or the address of the system table "
			 "differs.",
		.why = "They are physical addresses of what the firmware keeps in "
			 "memory, and stay the same as long as the machine is not "
			 "reset. SECOND has them from its loader, and hands them on.",
		.breaks = "A kernel that follows a wrong config_table finds no ACPI "
			 "and no SMBIOS tables, or hangs before any console output.",
		.exceptions = "A file that is not there on one side is skipped. The "
			 "consequence of a wrong fw_vendor below 2^36 is none: it is only "
			 "printed.",
		.fix = "Compare systab, fw_vendor and config_table of both kernels "
			 "with a boot through the firmware. Whoever loaded SECOND read "
			 "other values: look for bind mounts over /sys/firmware/efi or "
			 "a capture of another machine. Boot once through the firmware.",
		.source = "arch/x86/platform/efi/efi.c: efi_systab_init; kexec-tools "
			 "kexec/arch/i386/x86-linux-setup.c: get_efi_values",
		.rows = "config-page, vendor-page, config-ram, config-above-52",
		.experiment =
			"A config_table that is virtual hangs before any console output "
			"(config-virtual), and so does 0 (config-zero). At an address "
			"without a table the kernel finds none and works with parts "
			"missing; a wrong fw_vendor changes the vendor's name."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_RUNTIME_POINTER,
		.name = "drift-runtime-pointer",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME),
		.text = TEXT(
		.tests = "SECOND's runtime pointer is not FIRST's, moved to where "
			 "FIRST's map has it.",
		.why = "SetVirtualAddressMap converts the pointer in the system "
			 "table. The first kernel remembers the physical address, "
			 "every later one reads the virtual one; both must lead to the "
			 "same place.",
		.breaks = "The kernel calls runtime services through this table: "
			 "elsewhere, the first call faults.",
		.exceptions = "The same value in both where FIRST was kexec'ed "
			 "itself, in mixed mode and in another boot, and where "
			 "SECOND's kernel is before 5.7, which shows what its loader "
			 "left (kexec_file_load leaves 0). Skipped where no entry of "
			 "FIRST holds the pointer, or the two are swapped.",
		.fix = "Compare the same two kernels once more with fresh captures. "
			 "If it stays, look for what changed the map between them: a "
			 "tampered or broken /sys/firmware/efi (bind mounts, "
			 "containers) while kexec loaded, or kernel bug 75dde792d6f6 "
			 "(before 6.10) in a chain of kexecs. Boot once through the "
			 "firmware.",
		.source = "UEFI 2.10 section 8.4.1 (SetVirtualAddressMap); "
			 "arch/x86/platform/efi/efi.c: efi_systab_init, kernel commits "
			 "0a67361dcdaa and a570b0624b3f (5.7)",
		.rows = "runtime-virtual, runtime-zero",
		.experiment =
			"What a loader passes does not matter on 6.12, because the "
			"kernel reads the firmware's own table. That this table is "
			"wrong cannot be brought about from outside."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_SYSTAB,
		.name = "drift-systab",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SYSTAB),
		.text = TEXT(
		.tests = "An ACPI or SMBIOS table that FIRST's systab names is "
			 "missing in SECOND, or has another address.",
		.why = "The tables stay where they are until the machine is reset.",
		.breaks = "A kernel takes what lies at the wrong address for a table. "
			 "One that is virtual keeps the next kernel from booting.",
		.exceptions = "A table that only SECOND names. The consequence of one "
			 "that is missing is none.",
		.fix = "Compare systab, fw_vendor and config_table of both kernels "
			 "with a boot through the firmware. Whoever loaded SECOND read "
			 "other values: look for bind mounts over /sys/firmware/efi or "
			 "a capture of another machine. Boot once through the firmware.",
		.source = "drivers/firmware/efi/efi.c: systab_show, "
			 "efi_config_parse_tables; arch/x86/platform/efi/quirks.c: "
			 "efi_reuse_config",
		.rows = "smbios-page",
		.experiment =
			"SMBIOS a page higher: no DMI, the rest works. Virtual: does "
			"not boot (smbios-virtual)."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_SETUP_DATA,
		.name = "drift-setup-data",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		/* of SECOND: compare_setup_data.c */
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA),
		.text = TEXT(
		.tests = "An address in SECOND's setup_data node of type 4 is not the "
			 "one that FIRST shows under /sys/firmware/efi.",
		.why = "This node is all that SECOND knows of fw_vendor and the "
			 "configuration table, and it survives in "
			 "/sys/kernel/boot_params as proof of what the loader passed.",
		.breaks = "As drift-pointer: tables are not found, or the kernel "
			 "hangs before any console output.",
		.exceptions = "The second address (runtime) may be 0, as "
			 "kexec_file_load leaves it, or FIRST's, as kexec-tools fills "
			 "it; another one is a warning, for kernels since 5.7 do not "
			 "read it. Without SMBIOS in FIRST the fourth is 0 or all "
			 "ones. The consequence of an address that is 0 is none.",
		.fix = "Compare systab, fw_vendor and config_table of both kernels "
			 "with a boot through the firmware. Whoever loaded SECOND read "
			 "other values: look for bind mounts over /sys/firmware/efi or "
			 "a capture of another machine. Boot once through the firmware.",
		.source = "arch/x86/include/asm/efi.h: struct efi_setup_data; "
			 "kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			 "setup_efi_data; arch/x86/kernel/kexec-bzimage64.c: "
			 "setup_efi_state",
		.rows = "config-page, config-ram, vendor-page",
		.experiment =
			"As drift-pointer: with a config_table that names no table the "
			"kernel works with parts missing; one that is virtual, or 0, "
			"keeps it from booting (config-virtual, config-zero)."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_MEMMAP,
		.name = "drift-memmap",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.text = TEXT(
		.tests = "The ranges of /sys/firmware/memmap differ.",
		.why = "A loader makes this map for the next kernel: kexec-tools "
			 "starts the first range at 0x400, a crash kernel is given "
			 "little but its reserved memory, types that the loader does "
			 "not know become Reserved.",
		.breaks = "Nothing: this is how kexec works. What must not happen to "
			 "firmware memory is drift-memmap-rt.",
		.exceptions = "none: it is a note whatever differs.",
		.fix = "Nothing has to be done. With -v the first ranges of either "
			 "side are listed.",
		.source = "kexec-tools kexec/arch/i386/x86-linux-setup.c: setup_e820; "
			 "arch/x86/kernel/crash.c: crash_setup_memmap_entries",
		.rows = "runtime-unusable, runtime-uncovered",
		.experiment = "Works. Every real pair of kernels differs."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_MEMMAP_RT,
		.name = "drift-memmap-rt",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.text = TEXT(
		.tests = "Runtime code or data is System RAM in SECOND's memmap, and "
			 "not in FIRST's.",
		.why = "SECOND's kernel, and every kexec from it, takes System RAM "
			 "for free.",
		.breaks = "Firmware code or data may be overwritten by anything, at "
			 "any time.",
		.exceptions = "Regions that are System RAM in FIRST already: "
			 "runtime-in-ram of verify.",
		.fix = "Do not write EFI variables, and boot through the firmware. "
			 "Find out who made SECOND's memory map: an old kexec-tools, a "
			 "memmap= option, or another loader.",
		.source = "arch/x86/kernel/e820.c; kexec-tools "
			 "kexec/arch/i386/kexec-x86-common.c: get_memory_ranges",
		.rows = "code-in-ram, data-in-ram, runtime-in-ram, old-code-in-ram",
		.experiment =
			"Debian's 6.12 hangs in its first firmware call, before init: "
			"something else was put there. A smaller kernel worked."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_VERSION,
		.name = "drift-version",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_VERSION),
		.text = TEXT(
		.tests = "The two captures are of different kernel releases.",
		.why = "Which kernel reads what was handed over decides about some of "
			 "the other rules.",
		.breaks = "Nothing by itself.",
		.exceptions = "none",
		.fix = "Nothing has to be done.",
		.source = "Documentation/filesystems/proc.rst (version)",
		.experiment = "None: another release is no fault."),
	},
};
