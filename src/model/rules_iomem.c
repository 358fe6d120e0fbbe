/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules that hold the map against /proc/iomem, as words. It must not know how they
 * are tested: that is src/check/iomem.c.
 */
#include "model/rules.h"

#define NEEDS_BOTH \
	(EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) | EFIMAP_NEEDS(EFIMAP_SRC_IOMEM))

const struct efimap_rule efimap_rules_iomem[RULES_IOMEM] = {
	{
		.id = EFIMAP_RULE_IOMEM_HIDDEN,
		.name = "iomem-hidden",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests = "/proc/iomem shows zeros instead of addresses.",
		.why = "Without them the map cannot be held against what the running "
			 "kernel uses, and the other iomem rules are skipped.",
		.breaks = "Nothing: the next kernel does not depend on who reads "
			 "/proc/iomem.",
		.exceptions = "None. Where a rule is run that needs them, verify ends "
			      "with \"denied\".",
		.fix = "Read it, or collect the capture, as root in the initial user "
			 "namespace (CAP_SYS_ADMIN).",
		.source = "kernel/resource.c: r_show, iomem_is_exclusive "
			 "(file_ns_capable, CAP_SYS_ADMIN)",
		.experiment = "None needed: it says nothing about the next kernel."),
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IOMEM_RAM,
		.name = "runtime-iomem-ram",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests = "An entry of type RuntimeCode, RuntimeData, MMIO or Reserved "
			 "shares a byte with a top-level \"System RAM\" line of "
			 "/proc/iomem.",
		.why = "\"System RAM\" there is what the running kernel uses itself and "
			 "what kexec_file_load fills with segments, whatever "
			 "/sys/firmware/memmap says.",
		.breaks = "The running kernel may give the pages to anyone, and "
			 "kexec_file_load may put a segment over them: crashes inside "
			 "firmware calls, or corrupted EFI variables.",
		.exceptions = "Boot services entries: Linux keeps them by memblock "
			 "inside System RAM. Conventional and loader memory, which "
			 "mixed mode exports, is RAM.",
		.fix = "Look for memmap=, mem= or efi_fake_mem= on the command line and "
			 "take it away. Otherwise compare the BIOS-e820 lines of the "
			 "kernel log with its \"efi: mem\" lines (efi=debug) and report "
			 "the contradiction to the firmware vendor.",
		.source = "arch/x86/kernel/e820.c: e820__reserve_resources; "
			 "kernel/kexec_file.c: kexec_locate_mem_hole, "
			 "kernel/resource.c: walk_system_ram_res",
		.experiment =
			"None where only iomem says so: QEMU's firmware and Linux "
			"agree. With phys_addr of the runtime code in free memory the "
			"second kernel hangs in a firmware call (code-phys-2m)."),
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IN_CRASH,
		.name = "runtime-in-crash",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests = "An entry shares a byte with a \"Crash kernel\" line of "
			 "/proc/iomem.",
		.why = "The crash kernel is loaded there and has this memory as its "
			 "RAM. Linux reserves every exported entry before it looks for "
			 "room, so an intersection means that a reservation failed.",
		.breaks = "Loading the crash kernel overwrites what firmware keeps "
			 "there, or the crash kernel runs over it: corrupted variables, "
			 "or a dump that never starts.",
		.exceptions = "Boot services entries are no exception. Only the "
			 "conventional and loader memory without EFI_MEMORY_RUNTIME "
			 "that mixed mode exports is: the crash kernel has to lie in it.",
		.fix = "Give crashkernel= another size or an explicit offset "
			 "(crashkernel=SIZE@OFFSET), reboot and look again.",
		.source = "arch/x86/platform/efi/quirks.c: efi_reserve_boot_services; "
			 "arch/x86/kernel/setup.c: arch_reserve_crashkernel",
		.experiment = "None: Linux does not place the crash kernel over "
			 "reserved memory, so the fault cannot be made without a "
			 "patched kernel."),
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IN_KERNEL,
		.name = "runtime-in-kernel",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests = "An entry shares a byte with a line \"Kernel code\", \"Kernel "
			 "rodata\", \"Kernel data\" or \"Kernel bss\" of /proc/iomem.",
		.why = "The running kernel was loaded over memory that the firmware "
			 "still uses.",
		.breaks = "The firmware's code or data there is gone already: the first "
			 "call that needs it fails, in this kernel and in the next.",
		.exceptions = "Boot services entries: Linux tags such an entry because "
			 "it overlaps the kernel. Conventional and loader memory, which "
			 "mixed mode exports, is where the kernel belongs.",
		.fix = "Find out who placed the kernel: the boot loader, KASLR (try "
			 "nokaslr), or kexec with a memmap that calls the region System "
			 "RAM (runtime-in-ram).",
		.source = "arch/x86/platform/efi/quirks.c: efi_reserve_boot_services; "
			 "arch/x86/kernel/setup.c: setup_arch (insert_resource of "
			 "code_resource); arch/x86/boot/compressed/kaslr.c: "
			 "process_efi_entries",
		.experiment =
			"None: a loader that overwrites runtime code does what a lost "
			"entry does at best (code-dropped). Judged memory-at-risk."),
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IOMEM_NONE,
		.name = "runtime-iomem-none",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests = "Runtime code or data lies under no line of /proc/iomem.",
		.why =
			"What no line lists is free for the kernel to put a PCI BAR "
			"there.",
		.breaks =
			"It reads its own table. This is about the running kernel: if "
			"memmap lists the region, the next kernel has it again.",
		.exceptions =
			"Where memmap does not list the region either, that is "
			"runtime-uncovered. A note where memmap was not read and none "
			"of them lies under a line: then the boot loader passed RAM "
			"only. Large MMIO regions, which kernels from 6.2 "
			"on take out of iomem on purpose, are no code or data. A crash "
			"kernel only knows what it was given.",
		.fix =
			"Look for memmap= or mem= on the command line and take it away. "
			"Otherwise report it with /proc/iomem and the BIOS-e820 lines "
			"of the kernel log.",
		.source =
			"arch/x86/kernel/e820.c: e820__reserve_resources; "
			"drivers/firmware/efi/efi.c",
		.experiment = "None: it says nothing about the next kernel."),
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IN_PCI_WINDOW,
		.name = "runtime-in-pci-window",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests =
			"Runtime code or data lies in the window of a PCI bus, without "
			"a reserved line of /proc/iomem around it.",
		.why =
			"The kernel assigns PCI BARs out of that window, and nothing "
			"tells it to leave the region out.",
		.breaks =
			"It may put a device over firmware code or data; the first "
			"firmware call then runs into device registers.",
		.exceptions =
			"MMIO entries: that is where they belong. Regions that a line "
			"such as Reserved, PCI MMCONFIG, Local APIC, IOAPIC, HPET or "
			"pnp takes in as a whole.",
		.fix =
			"Report it to the vendor of the firmware: runtime regions must "
			"be left out of _CRS of the PCI host bridge. Until then boot "
			"with pci=nocrs, or reserve the region with memmap=nn$ss.",
		.source =
			"drivers/acpi/pci_root.c: acpi_pci_root_validate_resources; "
			"drivers/pci/setup-bus.c; arch/x86/kernel/e820.c: "
			"e820__reserve_resources_late",
		.rows = "extra-virt-user, extra-unaligned",
		.experiment =
			"Works: nothing on the emulated machine uses the addresses. "
			"OVMF keeps its own regions out of the windows."),
	},
	{
		.id = EFIMAP_RULE_IOMEM_LABEL,
		.name = "iomem-label",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = NEEDS_BOTH,
		.text = TEXT(
		.tests =
			"/proc/iomem calls the memory of runtime code or data neither "
			"reserved nor ACPI.",
		.why =
			"Another name means another owner: a ROM, a buffer behind RAM, "
			"a driver.",
		.breaks = "Nothing by the name alone.",
		.exceptions =
			"\"System RAM\" is runtime-iomem-ram, a PCI window is "
			"runtime-in-pci-window. Names of fixed devices (IOAPIC, HPET, "
			"Local APIC, pnp, PCI MMCONFIG and ECAM, dmar), any name with a "
			"reserved line inside it that takes in the entry, and what "
			"runtime-wrong-label has said of the same name in memmap.",
		.fix = "Find out what claims the line, in the kernel log.",
		.source =
			"kernel/resource.c; arch/x86/kernel/e820.c: "
			"e820_type_to_string; arch/x86/kernel/probe_roms.c",
		.experiment = "None: it says nothing about the next kernel."),
	},
	{
		.id = EFIMAP_RULE_IOMEM_VS_MEMMAP,
		.name = "iomem-vs-memmap",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_IOMEM) |
			 EFIMAP_NEEDS(EFIMAP_SRC_CMDLINE),
		.text = TEXT(
		.tests =
			"A memmap range that is reserved shares a byte with a top-level "
			"\"System RAM\" line of /proc/iomem.",
		.why =
			"The running kernel uses memory that the firmware has told it "
			"to leave alone.",
		.breaks =
			"kexec_file_load may place a segment there, because it goes by "
			"/proc/iomem.",
		.exceptions =
			"mem= and memmap= on the command line: somebody asked for it. "
			"Hot-added memory has names of its own, \"System RAM (kmem)\". "
			"The region of a runtime entry is runtime-iomem-ram, or one "
			"that Linux keeps inside System RAM. The reverse is normal: "
			"page 0 and tables that Linux reserves itself.",
		.fix =
			"Compare the BIOS-e820 lines of the kernel log with "
			"/proc/iomem, and report a kernel bug if nothing on the command "
			"line explains it.",
		.source =
			"arch/x86/kernel/e820.c: e820__reserve_resources, "
			"e820__memory_setup; kernel/resource.c: walk_system_ram_res",
		.experiment =
			"None: unmodified kernels agree with their firmware. Judged "
			"like memmap saying System RAM (code-in-ram)."),
	},
};
