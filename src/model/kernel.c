/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel can call itself, and what changed in Linux between 3.14, the first kernel with
 * a runtime map, and today, as far as a verdict rests on it. Knows no rule.
 */
#include <string.h>

#include "model/kernel.h"

static const struct efimap_kernel_change changes[] = {
	[EFIMAP_CHANGE_MAPS_WINDOW] = {
		3, 14, 0, "3.14",
		"kernels mapped firmware among their own addresses, and exported no map",
		"kernels map the regions into the EFI window",
		"d2f7cbe7b26a (arch/x86/platform/efi/efi_64.c: efi_map_region)",
	},
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
	[EFIMAP_CHANGE_DEBUG_FREES_NONE] = {
		5, 7, 0, "5.7",
		"kernels freed boot services memory with efi=debug, too",
		"with efi=debug no boot services memory is freed, so all of it is exported",
		"f0df68d5bae8 (arch/x86/platform/efi/quirks.c: efi_free_boot_services)",
	},
	[EFIMAP_CHANGE_NO_OLD_MAP] = {
		5, 10, 0, "5.10",
		"efi=old_map put firmware among the kernel's own addresses",
		"there is no efi=old_map",
		"the last user, SGI UV1, went in 2020 (arch/x86/platform/efi/efi_64.c: "
		"efi_call_phys_prolog, efi_ioremap)",
	},
	[EFIMAP_CHANGE_LOADS_FROM_TOP] = {
		6, 8, 0, "6.8",
		"kexec_file_load took the lowest range of free memory that was large enough",
		"kexec_file_load takes the highest",
		"kernel/kexec_file.c: kexec_walk_resources; not in the sources of 6.1, in those of "
		"6.12",
	},
	[EFIMAP_CHANGE_SKIPS_MEMATTR] = {
		6, 13, 3, "6.13.3",
		"a kexec'ed kernel read the Memory Attributes Table",
		"a kexec'ed kernel skips the Memory Attributes Table",
		"64b45dd46e15 (arch/x86/platform/efi/quirks.c: efi_reuse_config), 6.14",
	},
	[EFIMAP_CHANGE_WIPES_INITRD] = {
		7, 0, 0, "7.0",
		"kernels left the INITRD table as it was",
		"kernels write zeros over the INITRD table, also after a kexec",
		"\"efi: Wipe INITRD config table from memory after consumption\" "
		"(drivers/firmware/efi/efi.c: efi_config_parse_tables)",
	},
	[EFIMAP_CHANGE_UPDATES_MAPPINGS] = {
		7, 0, 0, "7.0",
		"a kexec'ed kernel left runtime code writable",
		"a kexec'ed kernel applies the Memory Attributes Table, where it reads it",
		"arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode",
	},
};

_Static_assert(sizeof(changes) / sizeof(changes[0]) == EFIMAP_CHANGE_COUNT,
	       "a row for every change");

const struct efimap_kernel_change *efimap_kernel_change(enum efimap_change change)
{
	return &changes[change];
}

bool efimap_release_has(const struct efimap_release *release, enum efimap_change change,
			bool unknown)
{
	const struct efimap_kernel_change *row = &changes[change];

	if (release->major == 0)
		return unknown;
	if (release->major != row->major)
		return release->major > row->major;
	if (release->minor != row->minor)
		return release->minor > row->minor;
	return release->patch >= row->patch;
}

/*
 * A release begins with the number in the kernel's Makefile; what follows is up to whoever
 * built it (CONFIG_LOCALVERSION, scripts/setlocalversion) and is looked at by nobody but for
 * its length. But /lib/modules has a directory of that name, and packages have it in theirs:
 * what the names and versions of Debian, RPM and Arch can have, kernels have.
 */

static bool is_release_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_sign(char c)
{
	static const char signs[] = "._+~^@:-";

	return memchr(signs, c, sizeof(signs) - 1);
}

bool efimap_release_is_valid(const char *text, size_t len)
{
	if (len == 0 || len > EFIMAP_MAX_RELEASE || !is_release_digit(*text))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_release_digit(text[i]) && !is_letter(text[i]) && !is_sign(text[i]))
			return false;
	return true;
}
