/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules about the virtual layout of the map as a whole, as words. They are tested in
 * src/check/virt_layout.c and virt_identity.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_layout[RULES_LAYOUT] = {
	{
		.id = EFIMAP_RULE_LAYOUT_BOUND,
		.name = "layout-bound",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"Taken by descending virtual address, an entry lies higher "
			"than the kernel's algorithm can have put it below its "
			"neighbour.",
		.why =
			"The algorithm goes from the top of the window downwards, "
			"leaves no region out of order and keeps virt_addr and "
			"phys_addr congruent. Removed boot-services entries only make "
			"gaps larger, so what remains is an upper bound: a map above "
			"it was edited or damaged, or another system made it.",
		.breaks =
			"Nothing by itself; virt-overlap and virt-incongruent say "
			"what the entry does.",
		.exceptions =
			"Entries mapped onto themselves, efi=old_map, and entries "
			"whose virtual address is outside the window: those are "
			"findings of their own. Gaps of any size are normal. Silent "
			"where the map is complete: layout-exact says more.",
		.fix =
			"Run efimapctl predict to see every address beside the "
			"computed one; take the capture again.",
		.source = "arch/x86/platform/efi/efi_64.c: efi_map_region",
		.rows =
			"code-data-swapped, data-at-code, extra-at-code, data-virt-2m, "
			"data-over-code",
		.experiment =
			"What a wrong address does is in these rows: runtime services "
			"are disabled where the address is used. That it is wrong "
			"follows from the algorithm, which reproduces all 107 addresses "
			"of a complete map."),
	},
	{
		.id = EFIMAP_RULE_LAYOUT_EXACT,
		.name = "layout-exact",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS(EFIMAP_SRC_CMDLINE) |
			 EFIMAP_NEEDS(EFIMAP_SRC_VERSION) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"With the complete map (efi=debug), the recomputed virtual "
			"address of an entry differs from the exported one.",
		.why =
			"With efi=debug the kernel keeps every region that it mapped, "
			"so its algorithm gives every address exactly. Another value "
			"is not the one that the firmware was told.",
		.breaks =
			"It maps the region elsewhere; the first firmware call "
			"faults.",
		.exceptions =
			"Only where the map is complete: efi=debug on the command "
			"line of a kernel since 4.9, no entry unreadable, and a "
			"kernel booted by the firmware, or one that still has "
			"boot-services entries without the RUNTIME bit, which only a "
			"first kernel with efi=debug hands over.",
		.fix =
			"Run efimapctl predict to see every address beside the "
			"computed one; on the running system report a kernel bug.",
		.source =
			"arch/x86/platform/efi/efi_64.c: efi_map_region; "
			"arch/x86/platform/efi/quirks.c: efi_free_boot_services "
			"(efi_unmap_boot_services in newer kernels)",
		.rows = "code-virt-2m",
		.experiment =
			"A wrong virt_addr of the runtime code: runtime services are "
			"disabled. On the emulated machine the algorithm reproduces 107 "
			"of 107 addresses."),
	},
	{
		.id = EFIMAP_RULE_IDENTITY_PARTIAL,
		.name = "identity-partial",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "Some entries are mapped onto themselves and others are not.",
		.why =
			"Linux either puts every entry into the EFI window or, in "
			"mixed mode, maps every entry onto itself. A map that does "
			"both is put together from two sources, or damaged.",
		.breaks =
			"The entries of the wrong kind are not where the firmware was "
			"told; the first call that uses one faults.",
		.exceptions = "none",
		.fix = "Take the capture again from one running kernel.",
		.source =
			"arch/x86/platform/efi/efi_64.c: efi_map_region; "
			"arch/x86/platform/efi/efi.c: efi_map_regions",
		.rows = "code-identity, mixed-code-virt-page",
		.experiment =
			"Runtime code with virt_addr = phys_addr: runtime services are "
			"disabled."),
	},
	{
		.id = EFIMAP_RULE_IDENTITY_NATIVE,
		.name = "identity-native",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"All entries are mapped onto themselves although the firmware is "
			"64-bit, or the kernel 32-bit.",
		.why =
			"Linux on 64-bit firmware uses the EFI window. An identity "
			"map means that the virtual addresses were lost, or that "
			"something else called SetVirtualAddressMap.",
		.breaks =
			"If the firmware was told other addresses, the first call "
			"faults and runtime services are disabled.",
		.exceptions =
			"Mixed mode (32-bit firmware), unless --expect=virtual; "
			"--expect=identity. An error in a kernel that was kexec'ed, "
			"and under --expect=virtual. Skipped where the capture does "
			"not say how wide the firmware is.",
		.fix =
			"Take the capture again; compare with the capture of the "
			"first kernel.",
		.source =
			"arch/x86/platform/efi/efi_64.c: efi_map_region; "
			"arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode",
		.rows =
			"all-identity, file-all-identity, old-all-identity, "
			"crash-all-identity",
		.experiment = "Runtime services are disabled."),
	},
	{
		.id = EFIMAP_RULE_NONIDENTITY,
		.name = "nonidentity",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests =
			"Entries have a virtual address that differs from the "
			"physical one.",
		.why =
			"This is what Linux does on 64-bit firmware: the firmware "
			"runs at addresses in the EFI window, and every later kernel "
			"must use the same ones.",
		.breaks = "Nothing: it maps each entry at both addresses.",
		.exceptions =
			"Silent in mixed mode. An error under --expect=identity, "
			"where every entry should be mapped onto itself. Of a 32-bit "
			"kernel, which maps every entry among its own addresses, the "
			"note says that the next kernel boots without EFI: kexec-tools "
			"for i386 passes EFI to no kernel, and there is no "
			"kexec_file_load.",
		.fix =
			"Nothing to do; with --expect=identity, find out who set the "
			"virtual addresses.",
		.source =
			"UEFI 2.10 section 8.4 (SetVirtualAddressMap); "
			"arch/x86/platform/efi/efi_64.c, efi_32.c: efi_map_region; "
			"kexec-tools kexec/arch/i386/kexec-bzImage.c",
		.rows = "none, file-none, old-none",
		.experiment =
			"An untouched map, which is never identity, works. From a "
			"32-bit kernel, kexec -l and kexec -p start kernels of 32 and "
			"64 bits without any EFI, and without one message."),
	},
};
