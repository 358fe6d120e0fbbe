/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules that hold the map against /proc/iomem, as words. It must not know how they
 * are tested: that is src/check/iomem.c.
 */
#include "rules.h"

#define NEEDS_BOTH \
	(EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) | EFIMAP_NEEDS(EFIMAP_SRC_IOMEM))

const struct efimap_rule efimap_rules_iomem[RULES_IOMEM] = {
	{
		.id = EFIMAP_RULE_IOMEM_HIDDEN,
		.name = "iomem-hidden",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.tests = "/proc/iomem shows zeros instead of addresses.",
		.why = "Without them the map cannot be held against what the running "
			 "kernel uses, and the other iomem rules are skipped.",
		.breaks = "Nothing: the next kernel does not depend on who reads "
			 "/proc/iomem.",
		.exceptions = "none",
		.fix = "Read it, or collect the capture, as root in the initial user "
			 "namespace (CAP_SYS_ADMIN).",
		.source = "kernel/resource.c: r_show, iomem_is_exclusive "
			 "(file_ns_capable, CAP_SYS_ADMIN)",
		.experiment = "None needed: it says nothing about the next kernel.",
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IOMEM_RAM,
		.name = "runtime-iomem-ram",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = NEEDS_BOTH,
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
		.experiment = "None of its own: QEMU's firmware and Linux agree. Judged "
			 "like \"memmap says System RAM over the runtime code\".",
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IN_CRASH,
		.name = "runtime-in-crash",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = NEEDS_BOTH,
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
			 "patched kernel.",
	},
	{
		.id = EFIMAP_RULE_RUNTIME_IN_KERNEL,
		.name = "runtime-in-kernel",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = NEEDS_BOTH,
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
		.experiment = "None of its own: a loader that overwrites runtime code "
			 "is the row \"runtime code entry dropped\" at best. Judged "
			 "memory-at-risk.",
	},
};
