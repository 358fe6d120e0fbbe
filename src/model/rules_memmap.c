/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The map against /sys/firmware/memmap. Words only: the tests are in src/check/memmap.c. */
#include "rules.h"

const struct efimap_rule efimap_rules_memmap[RULES_MEMMAP] = {
	{
		.id = EFIMAP_RULE_RUNTIME_IN_RAM,
		.name = "runtime-in-ram",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.tests = "Runtime code or data overlaps a range that memmap calls "
			"System RAM.",
		.why = "kexec places segments in System RAM, and the next kernel "
			"allocates from it.",
		.breaks = "Firmware code or variables are overwritten.",
		.exceptions = "boot-services entries; loader and conventional memory in "
			"mixed mode",
		.fix = "Reserve the range with memmap=SIZE$START and report it "
			"to the vendor.",
		.source = "drivers/firmware/memmap.c",
		.experiment = "memmap says System RAM over the runtime code: worked in "
			"that run, the region may be given to anyone.",
	},
	{
		.id = EFIMAP_RULE_MMIO_IN_RAM,
		.name = "mmio-in-ram",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.tests = "A memory-mapped I/O entry overlaps a range that memmap "
			"calls System RAM.",
		.why = "The same address cannot be a device and memory.",
		.breaks = "Device registers are used as memory.",
		.exceptions = "none",
		.fix = "Report it to the firmware's vendor.",
		.source = "drivers/firmware/memmap.c",
		.experiment = "None: the emulated machine has no such region.",
	},
	{
		.id = EFIMAP_RULE_BOOT_SERVICES_IN_RAM,
		.name = "boot-services-in-ram",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.tests = "A boot-services entry that the kernel kept lies in what "
			"memmap calls System RAM.",
		.why = "The reservation is known to the running kernel only; "
			"kexec_load does not see it.",
		.breaks = "Tables kept there may be overwritten.",
		.exceptions = "none",
		.fix = "Load with kexec_file_load (kexec -s).",
		.source = "arch/x86/platform/efi/quirks.c: efi_arch_mem_reserve",
		.experiment = "MEMATTR, BGRT or ESRT pages overwritten: table lost.",
	},
	{
		.id = EFIMAP_RULE_RUNTIME_UNCOVERED,
		.name = "runtime-uncovered",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.tests = "Runtime code or data is not fully covered by memmap "
			"ranges.",
		.why = "Nothing keeps PCI resources off an address that no range "
			"claims.",
		.breaks = "A device may be placed over the firmware.",
		.exceptions = "kdump kernels; OEM types",
		.fix = "Reserve the range with memmap=SIZE$START.",
		.source = "drivers/firmware/memmap.c",
		.experiment = "None: needs a device that is assigned there.",
	},
	{
		.id = EFIMAP_RULE_MEMMAP_BAD_RANGE,
		.name = "memmap-bad-range",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.tests = "A range of memmap ends below its start, or its files are "
			"malformed.",
		.why = "kexec-tools stops at such a range.",
		.breaks = "The next kernel cannot be loaded.",
		.exceptions = "none",
		.fix = "Take the capture again; if it stays, report a kernel "
			"bug.",
		.source = "kexec-tools kexec/firmware_memmap.c: parse_memmap_entry",
		.experiment = "None yet.",
	},
	{
		.id = EFIMAP_RULE_MEMMAP_COUNT,
		.name = "memmap-count",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.tests = "memmap has more ranges than the loaders hand over.",
		.why = "kexec-tools refuses more than 2048, kexec_file_load cuts "
			"at 128.",
		.breaks = "Ranges are lost in the next kernel.",
		.exceptions = "none",
		.fix = "Use kexec_load (kexec -c) between 129 and 2048 ranges.",
		.source = "kexec-tools kexec/firmware_memmap.c; "
			"arch/x86/kernel/kexec-bzimage64.c: setup_e820_entries",
		.experiment = "None yet.",
	},
	{
		.id = EFIMAP_RULE_TABLE_IN_RAM,
		.name = "table-in-ram",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_KERNEL_LOG) |
			 EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
		.tests = "A configuration table whose address the kernel log names "
			"lies in what memmap calls System RAM.",
		.why = "kexec may overwrite it.",
		.breaks = "The next kernel reads a corrupt table.",
		.exceptions = "none",
		.fix = "Load with kexec_file_load (kexec -s).",
		.source = "drivers/firmware/efi/efi.c: efi_config_parse_tables",
		.experiment = "MEMATTR, BGRT or ESRT pages overwritten: table lost.",
	},
};
