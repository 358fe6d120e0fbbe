/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The map against /proc/iomem. Words only: the tests are in src/check/iomem.c. */
#include "rules.h"

const struct efimap_rule efimap_rules_iomem[RULES_IOMEM] = {
	{
		.id = EFIMAP_RULE_IOMEM_HIDDEN,
		.name = "iomem-hidden",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_IOMEM),
		.tests = "All addresses in /proc/iomem are zero.",
		.why = "The kernel hides them from users without CAP_SYS_ADMIN.",
		.breaks = "Nothing; the rules against /proc/iomem are skipped.",
		.exceptions = "none",
		.fix = "Run as root.",
		.source = "kernel/resource.c: r_show",
		.experiment = "None needed: it is what the kernel does.",
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IOMEM_RAM,
		.name = "runtime-iomem-ram",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_IOMEM),
		.tests = "A runtime entry lies in what /proc/iomem calls System "
			"RAM.",
		.why = "The running kernel itself may use it.",
		.breaks = "Firmware code or variables are overwritten.",
		.exceptions = "boot-services entries; mixed mode",
		.fix = "Reserve the range with memmap=SIZE$START and report it "
			"to the vendor.",
		.source = "arch/x86/kernel/e820.c: e820__reserve_resources",
		.experiment = "None yet.",
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IN_CRASH,
		.name = "runtime-in-crash",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_IOMEM),
		.tests = "An entry intersects the memory reserved for the crash "
			"kernel.",
		.why = "The crash kernel runs in that memory.",
		.breaks = "The dump kernel overwrites the firmware.",
		.exceptions = "none",
		.fix = "Move the reservation with crashkernel=SIZE@OFFSET.",
		.source = "arch/x86/kernel/setup.c: arch_reserve_crashkernel",
		.experiment = "None yet.",
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IN_KERNEL,
		.name = "runtime-in-kernel",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_IOMEM),
		.tests = "A runtime entry intersects the running kernel's code or "
			"data.",
		.why = "Both cannot be there.",
		.breaks = "Firmware or kernel is already overwritten.",
		.exceptions = "boot-services entries, which are kept because they "
			"overlap",
		.fix = "Report it to the firmware's vendor.",
		.source = "arch/x86/kernel/setup.c: setup_arch",
		.experiment = "None yet.",
	},
};
