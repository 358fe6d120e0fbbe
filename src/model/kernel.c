/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What changed in Linux between 3.14, the first kernel with a runtime map, and today, as
 * far as a verdict rests on it. Knows no rule.
 */
#include "model/kernel.h"

static const struct efimap_kernel_change changes[] = {
	[EFIMAP_CHANGE_WALKS_BACKWARDS] = {
		4, 3, 0, "4.3",
		"kernels mapped the firmware's map from its beginning",
		"kernels map the firmware's map from its end, so that addresses fall with "
		"the numbers of entries",
		"a5caa209ba9c (arch/x86/platform/efi/efi.c: efi_map_next_entry_reverse)",
	},
	[EFIMAP_CHANGE_SHOWS_BOOT_SERVICES] = {
		4, 9, 0, "4.9",
		"kernels exported no boot services memory",
		"kernels export boot services memory that they keep, marked RUNTIME",
		"816e76129ed5 (arch/x86/platform/efi/quirks.c: efi_arch_mem_reserve); before: "
		"efi.c: save_runtime_map",
	},
	[EFIMAP_CHANGE_APPLIES_MEMATTR] = {
		4, 11, 0, "4.11",
		"kernels left runtime code writable",
		"the first kernel applies the Memory Attributes Table",
		"arch/x86/platform/efi/efi_64.c: efi_runtime_update_mappings; not by "
		"efi.c: kexec_enter_virtual_mode",
	},
	[EFIMAP_CHANGE_READS_RUNTIME] = {
		5, 7, 0, "5.7",
		"a kexec'ed kernel took the runtime pointer from setup_data",
		"a kexec'ed kernel takes the runtime pointer from the system table, where it "
		"is virtual",
		"0a67361dcdaa, a570b0624b3f (arch/x86/platform/efi/efi.c: efi_systab_init)",
	},
	[EFIMAP_CHANGE_NO_OLD_MAP] = {
		5, 10, 0, "5.10",
		"efi=old_map put firmware among the kernel's own addresses",
		"there is no efi=old_map",
		"the last user, SGI UV1, went in 2020 (arch/x86/platform/efi/efi_64.c: "
		"efi_call_phys_prolog, efi_ioremap)",
	},
	[EFIMAP_CHANGE_SKIPS_MEMATTR] = {
		6, 13, 3, "6.13.3",
		"a kexec'ed kernel read the Memory Attributes Table",
		"a kexec'ed kernel skips the Memory Attributes Table",
		"64b45dd46e15 (arch/x86/platform/efi/quirks.c: efi_reuse_config), 6.14",
	},
};

_Static_assert(sizeof(changes) / sizeof(changes[0]) == EFIMAP_CHANGE_COUNT,
	       "a row for every change");

const struct efimap_kernel_change *efimap_kernel_change(enum efimap_change change)
{
	return &changes[change];
}

bool efimap_kernel_has(const struct efimap *map, enum efimap_change change, bool unknown)
{
	const struct efimap_release *release = &map->release;
	const struct efimap_kernel_change *row = &changes[change];

	if (!efimap_kernel_is_known(map))
		return unknown;
	if (release->major != row->major)
		return release->major > row->major;
	if (release->minor != row->minor)
		return release->minor > row->minor;
	return release->patch >= row->patch;
}
