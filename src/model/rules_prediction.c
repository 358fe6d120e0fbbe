/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules of predict, as words: what the virtual addresses of a healthy map tell. They
 * are tested in src/check/predict.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_prediction[RULES_PREDICTION] = {
	{
		.id = EFIMAP_RULE_LAYOUT_GAP,
		.name = "layout-gap",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "Entries lie a multiple of 2 MiB lower than directly below their "
			 "neighbour.",
		.why = "The first kernel gave virtual addresses to boot-services regions "
		       "too and freed them afterwards. What they used of the window is "
		       "the gap, so without them (without efi=debug) an address can only "
		       "be bounded, not computed.",
		.breaks = "Nothing.",
		.exceptions = "Entries whose address is impossible (layout-bound), maps that "
			      "are whole (efi=debug), identity maps.",
		.fix = "Nothing to do. To have every address computed exactly, boot once with "
		       "efi=debug.",
		.source = "arch/x86/platform/efi/efi_64.c: efi_map_region; "
			  "arch/x86/platform/efi/quirks.c: efi_free_boot_services",
		.experiment =
			"None needed. Measured under OVMF: gaps of 0, 2, 0, 4, 18, 0 "
			"and 6 times 2 MiB; with efi=debug none."),
	},
	{
		.id = EFIMAP_RULE_ORDER_DESCENDING,
		.name = "order-descending",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "Taken by index, the virtual addresses do not descend.",
		.why = "A first kernel gives addresses from the top of the window downwards "
		       "and keeps the entries in that order, and kexec_file_load leaves it. "
		       "kexec-tools reads the entries in the order in which sysfs lists "
		       "them, so another order tells that the map has been through "
		       "kexec_load.",
		.breaks = "Nothing: no kernel relies on the order.",
		.exceptions = "Mixed mode, where every entry is mapped onto itself.",
		.fix = "Nothing to do.",
		.source = "arch/x86/platform/efi/efi.c: efi_map_regions; fs/kernfs/dir.c: "
			  "kernfs_name_hash; kexec-tools x86-linux-setup.c: "
			  "get_efi_runtime_map",
		.experiment =
			"None needed: every capture of a kernel that kexec_load started "
			"is in that order, and works."),
	},
};
