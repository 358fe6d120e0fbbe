/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The physical range of each entry.
 * Words only: the tests are in src/check/phys.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_phys[RULES_PHYS] = {
	{
		.id = EFIMAP_RULE_PAGES_ZERO,
		.name = "pages-zero",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "num_pages is 0.",
		.why =
			"A region without pages is no region. Kernels since 4.10 drop "
			"such descriptors before they export the map, so the value "
			"was lost or damaged after that, or the kernel is older.",
		.breaks =
			"It removes the entry (\"[Firmware Bug]: Invalid EFI memory "
			"map entries\"). Without a runtime region the first firmware "
			"call faults; without a boot-services entry nothing else "
			"happens.",
		.exceptions =
			"none; for boot-services, loader and conventional memory the "
			"consequence is only entry-dropped",
		.fix =
			"Update the firmware, or the kernel if it is older than 4.10; "
			"take the capture again if it was copied.",
		.source =
			"arch/x86/platform/efi/efi.c: efi_memmap_entry_valid, "
			"efi_clean_memmap; UEFI 2.10 section 7.2.3",
		.rows =
			"code-pages-zero, data-pages-zero, mmio-pages-zero, "
			"boot-pages-zero, extra-pages-zero, file-boot-pages-zero, "
			"old-boot-pages-zero, crash-boot-pages-zero",
		.experiment =
			"The entry is removed; in the runtime code this disables "
			"runtime services, in a boot-services entry the rest works."),
	},
	{
		.id = EFIMAP_RULE_PHYS_UNALIGNED,
		.name = "phys-unaligned",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "phys_addr is not a multiple of 4096.",
		.why =
			"UEFI describes memory in pages of 4096 bytes. The kernel "
			"drops the offset when it maps, but look-ups by address "
			"compare it, so the two disagree about the first and last "
			"bytes.",
		.breaks = "Nothing today: it maps the page and drops the offset.",
		.exceptions = "none",
		.fix =
			"Take the capture again; if the value stays, report it to the "
			"firmware's vendor.",
		.source =
			"UEFI 2.10 section 7.2.3 (PhysicalStart must be aligned on a "
			"4 KiB boundary); arch/x86/platform/efi/efi_64.c: "
			"__map_region",
		.rows = "code-phys-offset, extra-unaligned",
		.experiment = "Off by 0x18: works, the kernel drops the offset."),
	},
	{
		.id = EFIMAP_RULE_RANGE_OVERFLOW,
		.name = "range-overflow",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "phys_addr plus num_pages times 4096 exceeds 2^64.",
		.why =
			"The range wraps around the end of the address space, so one "
			"of the two values is wrong. The kernel makes the same test.",
		.breaks =
			"It removes the entry (\"[Firmware Bug]: Invalid EFI memory "
			"map entries\"). Without a runtime region the first firmware "
			"call faults.",
		.exceptions =
			"A range that ends exactly at 2^64 does not wrap. For "
			"boot-services, loader and conventional memory the "
			"consequence is only entry-dropped.",
		.fix =
			"Take the capture again; if the values stay, report them to "
			"the firmware's vendor.",
		.source = "arch/x86/platform/efi/efi.c: efi_memmap_entry_valid",
		.rows = "boot-wraps, code-wraps",
		.experiment =
			"Removed as a firmware bug: of boot services the rest works, "
			"without the runtime code runtime services are disabled."),
	},
	{
		.id = EFIMAP_RULE_RANGE_ABOVE_52,
		.name = "range-above-52",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "The range reaches 2^52 or beyond.",
		.why =
			"x86 page tables hold physical addresses of 52 bits; the bits "
			"above are reserved and fault when they are set.",
		.breaks =
			"It maps the entry without a word; the first access to it "
			"faults. If the firmware uses the region, runtime services "
			"are disabled.",
		.exceptions =
			"none; for boot-services, loader and conventional memory the "
			"consequence is none",
		.fix =
			"Take the capture again; if the values stay, report them to "
			"the firmware's vendor.",
		.source =
			"Intel SDM volume 3, 4.5 (MAXPHYADDR is at most 52); "
			"arch/x86/include/asm/page_types.h: __PHYSICAL_MASK_SHIFT",
		.rows = "code-above-52, extra-above-52",
		.experiment =
			"An extra entry that nobody uses is accepted without a word. "
			"Runtime code with bit 53 set works: the page table drops the "
			"bit, and what remained was the right address; another one "
			"would fault."),
	},
	{
		.id = EFIMAP_RULE_RANGE_EXCEEDS_WINDOW,
		.name = "range-exceeds-window",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "The entry is larger than 64 GiB, the size of the EFI window.",
		.why =
			"Linux places every region between 0xffffffef00000000 and "
			"0xffffffff00000000. What does not fit gets no virtual "
			"address, and neither does any region after it.",
		.breaks =
			"The entry runs out of the window and over the addresses of the "
			"next kernel itself, whose own code is then gone from the page "
			"tables of firmware calls: it hangs in the first one.",
		.exceptions =
			"Maps in which every entry is mapped onto itself (mixed mode) "
			"do not use the window.",
		.fix =
			"Check num_pages against the firmware's map in the kernel log "
			"(efi=debug); report it to the firmware's vendor.",
		.source =
			"arch/x86/platform/efi/efi_64.c: efi_map_region (\"VA address "
			"range overflow!\"); arch/x86/include/asm/pgtable_64_types.h: "
			"EFI_VA_START, EFI_VA_END",
		.rows = "extra-exceeds-window, old-extra-exceeds",
		.experiment =
			"An extra entry of 128 GiB at the lower end of the window: the "
			"next kernel hangs before init, after a NULL pointer "
			"dereference in a firmware call."),
	},
	{
		.id = EFIMAP_RULE_PHYS_ZERO,
		.name = "phys-zero",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "An entry starts at physical address 0.",
		.why =
			"The kernel maps page 0 for itself, readable and writable, because some "
			"firmware writes there. Firmware that keeps data there is rare, but "
			"works. A range that begins there and reaches 0xa0000 or beyond is a "
			"warning: it takes in the video memory of old.",
		.breaks = "It maps page 0 twice, not executable the second time.",
		.exceptions =
			"Boot services below 0xa0000: Linux keeps page 0, and low memory that "
			"it has reserved, by such an entry. Mixed mode, which exports "
			"conventional memory.",
		.fix =
			"Nothing for an entry below 0xa0000; otherwise compare with the \"efi: "
			"mem\" lines of the kernel log (efi=debug).",
		.source =
			"arch/x86/platform/efi/efi_64.c: efi_setup_page_tables "
			"(kernel_map_pages_in_pgd of page 0); arch/x86/kernel/setup.c: "
			"trim_bios_range",
		.rows = "none",
		.experiment =
			"The unchanged map has a boot-services page at 0: works. None "
			"with runtime data there; one of 22 real machines has it."),
	},
	{
		.id = EFIMAP_RULE_RANGE_BELOW_1M,
		.name = "range-below-1m",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"An entry that is neither reserved nor memory-mapped I/O has pages "
			"between 0xa0000 and 0xfffff.",
		.why =
			"Video memory and the ROMs of add-in cards live there since the first "
			"PC: what is written may be lost, and the kernel never counts it as "
			"memory.",
		.breaks =
			"It maps the range as this kernel does; runtime services keep working "
			"if they work now.",
		.exceptions =
			"Reserved memory and memory-mapped I/O (types 0, 11, 12): Macs list the "
			"video memory so. A range that starts at 0 is phys-zero.",
		.fix =
			"Compare with the \"efi: mem\" lines of the kernel log (efi=debug) and "
			"report it to the vendor of the firmware.",
		.source =
			"arch/x86/kernel/setup.c: trim_bios_range; "
			"arch/x86/include/asm/e820/api.h: ISA_START_ADDRESS, ISA_END_ADDRESS",
		.experiment =
			"None: QEMU's firmware keeps nothing there that a call needs."),
	},
	{
		.id = EFIMAP_RULE_RANGE_ABOVE_MAXPHYS,
		.name = "range-above-maxphys",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_CPUINFO),
		.text = TEXT(
		.tests =
			"An entry reaches beyond the physical addresses that the CPU "
			"has, by \"address sizes\" in /proc/cpuinfo.",
		.why =
			"A page table entry with such an address has reserved bits set, "
			"and the first access faults.",
		.breaks =
			"It maps the range without a word; a firmware call that touches "
			"it faults, and runtime services are disabled.",
		.exceptions =
			"Ranges beyond 2^52 are range-above-52. Memory encryption takes "
			"up to six bits away, and then firmware may rightly name a "
			"device above: look at mem-encrypt before you blame it.",
		.fix =
			"Compare with the \"efi: mem\" lines of the kernel log "
			"(efi=debug). In a capture, make sure that /proc/cpuinfo is of "
			"the same machine.",
		.source =
			"arch/x86/kernel/cpu/common.c: get_cpu_address_sizes; "
			"arch/x86/kernel/cpu/proc.c: show_cpuinfo",
		.rows = "extra-above-52",
		.experiment =
			"An extra entry above 2^52 that nobody uses is accepted without "
			"a word. None with an address that only this processor lacks."),
	},
};
