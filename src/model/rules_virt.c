/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The virtual range of each entry, and the layout as a whole.
 * Words only: the tests are in src/check/virt.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_virt[RULES_VIRT] = {
	{
		.id = EFIMAP_RULE_VIRT_ZERO,
		.name = "virt-zero",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "virt_addr is 0 while phys_addr is not.",
		.why =
			"The region never got a virtual address: the EFI window was "
			"full (\"VA address range overflow!\") or the value was lost. "
			"The firmware was told another address, or none.",
		.breaks =
			"It maps the region over virtual address 0, and the first "
			"firmware call that uses the region faults.",
		.exceptions = "none",
		.fix =
			"Look for \"VA address range overflow\" in the kernel log and "
			"for a very large entry; report it to the firmware's vendor.",
		.source =
			"arch/x86/platform/efi/efi_64.c: efi_map_region, "
			"efi_map_region_fixed",
		.rows = "code-virt-zero",
		.experiment =
			"Page fault in the first firmware call, runtime services "
			"disabled."),
	},
	{
		.id = EFIMAP_RULE_VIRT_UNALIGNED,
		.name = "virt-unaligned",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "virt_addr is not a multiple of 4096.",
		.why =
			"Only whole pages can be mapped, so the firmware was never "
			"given this address.",
		.breaks =
			"It maps another address than the one that the firmware uses; "
			"the first firmware call faults.",
		.exceptions = "none",
		.fix =
			"Take the capture again; on the running system report a "
			"kernel bug.",
		.source =
			"UEFI 2.10 section 7.2.3 (VirtualStart must be aligned on a 4 "
			"KiB boundary); arch/x86/platform/efi/efi_64.c: "
			"efi_map_region_fixed",
		.rows = "code-virt-offset",
		.experiment = "Off by 0x18: runtime services are disabled."),
	},
	{
		.id = EFIMAP_RULE_VIRT_NONCANONICAL,
		.name = "virt-noncanonical",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"The virtual range holds an address that is not canonical: "
			"bits 63 to 47 are not all equal.",
		.why =
			"The CPU cannot use such an address; an access is a general "
			"protection fault.",
		.breaks =
			"It maps some other address; the first firmware call that "
			"uses the region faults.",
		.exceptions =
			"Kernel addresses of 57 bits (5-level paging), from "
			"0xff00000000000000 up.",
		.fix =
			"Take the capture again; on the running system report a "
			"kernel bug.",
		.source =
			"Intel SDM volume 1, 3.3.7.1; arch/x86/platform/efi/efi_64.c: "
			"efi_map_region_fixed",
		.rows = "code-virt-noncanonical",
		.experiment =
			"Works: the page table drops the bit that is wrong, and what "
			"remains was the right address. The runtime code at another "
			"wrong address: runtime services are disabled."),
	},
	{
		.id = EFIMAP_RULE_VIRT_OUTSIDE_WINDOW,
		.name = "virt-outside-window",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"The virtual range lies outside the EFI window, "
			"0xffffffef00000000 to 0xfffffffeffffffff, and is neither an "
			"identity mapping nor in the kernel's own ranges.",
		.why =
			"Linux puts every region into the window; only there do the "
			"page tables of firmware calls differ from everybody else's.",
		.breaks =
			"It maps the address it is given, not the one that the "
			"firmware uses; the first firmware call faults.",
		.exceptions =
			"Maps in which every entry is mapped onto itself (mixed "
			"mode). A 32-bit kernel has no window: its addresses lie in "
			"0x40000000 to 0xffffffff. Kernels 4.9 to 5.9 export the addresses of "
			"efi=old_map, which lie in the direct map: one note, because "
			"the next kernel then turns runtime services off.",
		.fix =
			"Take the capture again; on the running system report a "
			"kernel bug. With efi=old_map, boot without it.",
		.source =
			"arch/x86/platform/efi/efi_64.c: efi_map_region; "
			"arch/x86/include/asm/pgtable_64_types.h: EFI_VA_START, "
			"EFI_VA_END",
		.rows = "code-virt-user, code-virt-outside, extra-virt-user",
		.experiment =
			"The runtime code there: runtime services are disabled. An "
			"extra entry that nobody uses is accepted without a word."),
	},
	{
		.id = EFIMAP_RULE_VIRT_WINDOW_STRADDLE,
		.name = "virt-window-straddle",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"The virtual range begins inside the EFI window and ends "
			"above it, or begins below it and ends inside.",
		.why =
			"Linux hands out addresses from the top of the window "
			"downwards and never across an end of it.",
		.breaks =
			"It maps the part outside over ranges that the kernel uses "
			"for itself; the first firmware call may fault.",
		.exceptions =
			"Maps in which every entry is mapped onto itself (mixed "
			"mode).",
		.fix =
			"Check num_pages and virt_addr against the kernel log "
			"(efi=debug); take the capture again.",
		.source =
			"arch/x86/platform/efi/efi_64.c: efi_map_region; "
			"arch/x86/include/asm/pgtable_64_types.h: EFI_VA_START, "
			"EFI_VA_END",
		.rows = "code-virt-straddle",
		.experiment = "Runtime services are disabled."),
	},
	{
		.id = EFIMAP_RULE_VIRT_OVERLAP,
		.name = "virt-overlap",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "The virtual ranges of two entries share bytes.",
		.why =
			"The kernel does not replace a page that is already mapped: "
			"it only changes its flags. The region mapped second silently "
			"shows the memory of the first.",
		.breaks =
			"Firmware reads and runs the wrong memory; the first call "
			"faults.",
		.exceptions =
			"Entries equal in all five fields are entry-duplicate. Two "
			"entries mapped onto themselves that overlap are "
			"phys-overlap. Touching is not sharing. A note where a "
			"kexec'ed kernel has cut boot services memory in pieces to "
			"reserve a table: each piece keeps the address of the whole.",
		.fix =
			"Find out which of the two is wrong: the one that is also "
			"virt-incongruent or whose size differs from the kernel log "
			"(efi=debug). Take the capture again.",
		.source =
			"arch/x86/mm/pat/set_memory.c: __change_page_attr; "
			"arch/x86/platform/efi/efi_64.c: efi_map_region_fixed; "
			"drivers/firmware/efi/memmap.c: efi_memmap_insert",
		.rows = "data-at-code, extra-at-code",
		.experiment =
			"Runtime services are disabled. An extra entry mapped first "
			"shows its own memory to the end of the region."),
	},
	{
		.id = EFIMAP_RULE_VIRT_INCONGRUENT,
		.name = "virt-incongruent",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"virt_addr and phys_addr differ modulo 2 MiB, in an entry in "
			"the EFI window.",
		.why =
			"Linux keeps the two congruent so that 2 MiB pages can be "
			"used, and the next kernel chooses 2 MiB pages by the virtual "
			"address alone. An incongruent address is none that the "
			"firmware was told.",
		.breaks =
			"A 2 MiB page shows memory below the region. Where virt_addr "
			"is the wrong one, the first firmware call faults; where it is "
			"phys_addr, the CPU runs other bytes as code and the call does "
			"not return. The map does not say which.",
		.exceptions =
			"For runtime data and devices the consequence is "
			"runtime-services-fail. A warning without consequence for a "
			"boot-services, loader or conventional entry that no aligned "
			"2 MiB block of virtual addresses lies in: only 4 KiB pages "
			"are used and no firmware call needs it. The offset inside a "
			"page is virt-unaligned or phys-unaligned.",
		.fix =
			"Take the capture again; compare virt_addr with \"EFI runtime "
			"memory map\" in the kernel log (efi=debug).",
		.source =
			"arch/x86/platform/efi/efi_64.c: efi_map_region; "
			"arch/x86/mm/pat/set_memory.c: populate_pmd",
		.rows =
			"code-virt-page, code-data-swapped, code-phys-page, "
			"old-code-phys-page, crash-code-phys-page",
		.experiment =
			"phys_addr of the runtime code off by one page: hangs in the "
			"first firmware call. Its virt_addr off by one page, virt_addr "
			"of code and data swapped: runtime services are disabled."),
	},
	{
		.id = EFIMAP_RULE_VIRT_1G_INCONGRUENT,
		.name = "virt-1g-incongruent",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"An entry in the EFI window holds a whole aligned GiB of virtual "
			"addresses, and virt_addr and phys_addr differ modulo 1 GiB.",
		.why =
			"Where a GiB of virtual addresses is aligned and the CPU has 1 GiB "
			"pages, Linux maps it with one, without a look at the physical "
			"address. Its layout keeps the two congruent modulo 2 MiB only.",
		.breaks =
			"The page table entry gets address bits that must be 0: the first "
			"access to that GiB faults with a reserved bit set.",
		.exceptions =
			"Entries that differ modulo 2 MiB already (virt-incongruent), and a "
			"CPU whose flags in /proc/cpuinfo lack pdpe1gb. No consequence for "
			"boot-services, loader and conventional entries, which no firmware "
			"call needs.",
		.fix =
			"Boot the next kernel with clearcpuid=pdpe1gb, or ask the vendor for "
			"a firmware whose runtime regions are smaller.",
		.source =
			"arch/x86/mm/pat/set_memory.c: populate_pud; Intel SDM volume 3, "
			"4.5 (bits 29 to 13 of a 1 GiB page are reserved)",
		.rows = "extra-1g",
		.experiment =
			"An extra entry of 2 GiB that nobody uses is accepted without a "
			"word. No firmware at hand has such a region of its own. That "
			"it faults follows from populate_pud, which tests the virtual "
			"address alone; the page table of efimapctl pagetable shows the "
			"reserved bits."),
	},
	{
		.id = EFIMAP_RULE_VIRT_KERNEL_RANGE,
		.name = "virt-kernel-range",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"The virtual range lies where the kernel keeps its direct "
			"map, vmalloc area or memory map, or in its text and modules.",
		.why =
			"Those addresses are shared with the kernel's own page "
			"tables; a firmware region cannot be mapped there.",
		.breaks =
			"The kernel's own mapping stays, or is damaged; the first "
			"firmware call faults.",
		.exceptions =
			"Kernels 4.9 to 5.9 export the addresses of efi=old_map, "
			"which lie in the direct map and in vmalloc: "
			"virt-outside-window says so in one note.",
		.fix =
			"Take the capture again; on the running system report a "
			"kernel bug.",
		.source =
			"Documentation/arch/x86/x86_64/mm.rst; "
			"arch/x86/platform/efi/efi_64.c: efi_sync_low_kernel_mappings",
		.rows = "code-virt-kernel, code-virt-direct",
		.experiment = "The runtime code there: runtime services are disabled."),
	},
};
