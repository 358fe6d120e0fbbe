/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules about entries against each other, as words. It must not know how they are
 * tested: that is src/check/overlap.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_overlap[RULES_OVERLAP] = {
	{
		.id = EFIMAP_RULE_PHYS_OVERLAP,
		.name = "phys-overlap",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Two entries share a physical page. Entries are taken page by "
			 "page, as the kernel takes them; touching is not sharing.",
		.why = "A page then has two types and two sets of attributes. The "
			 "kernel looks up the first entry that matches and maps both, "
			 "so which of them counts depends on their order, and "
			 "kexec_load changes the order.",
		.breaks = "The next kernel accepts the map without a message. The flags "
			 "of the entry that it maps last win in the 1:1 mapping; where "
			 "code becomes non-executable or an entry was enlarged over its "
			 "neighbour, the first firmware call faults and runtime "
			 "services are disabled.",
		.exceptions = "Entries equal in all fields are entry-duplicate. A range "
			 "that cannot be right (pages-zero, range-overflow, "
			 "range-above-52, range-exceeds-window) takes no part: it has "
			 "its finding.",
		.fix = "Compare the entries with the firmware's own map (boot once with "
			 "efi=debug and read the \"efi: mem\" lines). If the firmware "
			 "lists the overlap, report it to the vendor; if not, the "
			 "capture was edited or the kernel split an entry wrongly "
			 "(efi_fake_mem=, kernels before 6.11).",
		.source = "UEFI 2.10 section 7.2.3 (GetMemoryMap: one descriptor per "
			 "range); drivers/firmware/efi/efi.c: efi_mem_desc_lookup, "
			 "arch/x86/platform/efi/efi_64.c: efi_map_region_fixed",
		.rows = "data-over-code, extra-phys-overlap",
		.experiment =
			"Data enlarged over the code: runtime services are disabled. An "
			"extra entry over the code region that no call needs showed "
			"nothing on the same machine."),
	},
	{
		.id = EFIMAP_RULE_ENTRY_DUPLICATE,
		.name = "entry-duplicate",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Two entries are equal in all five fields.",
		.why = "Neither firmware nor kernel lists a region twice: what built "
			 "this map is broken. Every copy takes 40 or 48 of the 256 KiB "
			 "that the next kernel can map.",
		.breaks = "Nothing today: the next kernel maps the same pages to the "
			 "same addresses twice.",
		.exceptions = "A range that cannot be right (pages-zero, "
			 "range-overflow, range-above-52, range-exceeds-window) takes "
			 "no part: it has its finding.",
		.fix = "Find out what wrote the map: a capture that was put together by "
			 "hand, or efi_fake_mem= on a kernel before 6.11. On an "
			 "unmodified kernel, report it with the \"efi: mem\" lines of a "
			 "boot with efi=debug.",
		.source = "UEFI 2.10 section 7.2.3 (GetMemoryMap); "
			 "drivers/firmware/efi/fake_mem.c: efi_fake_memmap",
		.rows = "entry-duplicate, entry-400",
		.experiment = "Works."),
	},
	{
		.id = EFIMAP_RULE_PHYS_ADJACENT,
		.name = "phys-adjacent",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"Two entries follow each other in number, touch, and have the same type "
			"and attributes.",
		.why =
			"The kernel joins such neighbours before it hands the map to the "
			"firmware. That it did not means that something else made this map, or "
			"changed it later.",
		.breaks = "Nothing: it maps the two as one.",
		.exceptions =
			"Silent in kernels reached by kexec, which join nothing; where the "
			"firmware lists the upper region first, or another region lay between "
			"the two in its list, which the virtual addresses tell; on boot "
			"services, which the kernel may split later; in mixed mode and before "
			"4.3.",
		.fix =
			"Compare with \"EFI runtime memory map\" in the kernel log (efi=debug).",
		.source =
			"arch/x86/platform/efi/efi.c: efi_merge_regions, "
			"efi_map_next_entry_reverse",
		.experiment =
			"None needed: entries of a known machine touch each other in 3 of 4 "
			"maps, and second kernels map them without a word."),
	},
	{
		.id = EFIMAP_RULE_PHYS_UNSORTED,
		.name = "phys-unsorted",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"The physical addresses neither rise nor fall from each entry to the "
			"next.",
		.why =
			"UEFI asks for no order, and the kernel keeps the firmware's. Whoever "
			"reads the map must not search it as if it were sorted.",
		.breaks = "Nothing: it looks at each entry.",
		.exceptions =
			"Silent in kernels reached by kexec, where the order is that of the "
			"directory listing that kexec-tools read; silent where the capture does "
			"not say who booted the kernel.",
		.fix = "Nothing to do.",
		.source =
			"UEFI 2.10 section 7.2.3; arch/x86/platform/efi/efi.c: efi_map_regions; "
			"drivers/firmware/efi/efi.c: efi_mem_desc_lookup",
		.rows = "extra-virt-user, extra-above-52",
		.experiment = "Works; kexec_load changes the order in every run."),
	},
};
