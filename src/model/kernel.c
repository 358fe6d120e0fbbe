/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel can call itself, and what changed in Linux between 3.14, the first kernel
 * with a runtime map, and today, as far as a verdict rests on it. Knows no rule.
 */
#include <string.h>

#include "model/kernel.h"

static const struct efimap_kernel_change changes[] = {
	[EFIMAP_CHANGE_MAPS_WINDOW] = {
		.first = { 3, 14 },
		.release = "3.14",
		.before = "kernels mapped firmware among their own addresses, and exported no map",
		.since = "kernels map the regions into the EFI window",
		.source = "d2f7cbe7b26a (arch/x86/platform/efi/efi_64.c: efi_map_region)",
	},
	[EFIMAP_CHANGE_WALKS_BACKWARDS] = {
		.first = { 4, 3 },
		.release = "4.3",
		.before = "kernels mapped the firmware's map from its beginning",
		.since = "kernels map the firmware's map from its end, so that addresses fall with "
			"the numbers of entries",
		.source = "a5caa209ba9c (arch/x86/platform/efi/efi.c: efi_map_next_entry_reverse)",
	},
	[EFIMAP_CHANGE_SHOWS_BOOT_SERVICES] = {
		.first = { 4, 9 },
		.release = "4.9",
		.before = "kernels exported no boot services memory",
		.since = "kernels export boot services memory that they keep, marked RUNTIME",
		.source = "816e76129ed5 (arch/x86/platform/efi/quirks.c: efi_arch_mem_reserve); "
			"before: efi.c: save_runtime_map",
	},
	[EFIMAP_CHANGE_APPLIES_MEMATTR] = {
		.first = { 4, 11 },
		.release = "4.11",
		.before = "kernels left runtime code writable",
		.since = "the first kernel applies the Memory Attributes Table",
		.source = "arch/x86/platform/efi/efi_64.c: efi_runtime_update_mappings; not by "
			"efi.c: kexec_enter_virtual_mode",
	},
	[EFIMAP_CHANGE_READS_RUNTIME] = {
		.first = { 5, 7 },
		.release = "5.7",
		.before = "a kexec'ed kernel took the runtime pointer from setup_data",
		.since = "a kexec'ed kernel takes the runtime pointer from the system table, where "
			"it is virtual",
		.source = "0a67361dcdaa, a570b0624b3f (arch/x86/platform/efi/efi.c: "
			"efi_systab_init)",
	},
	[EFIMAP_CHANGE_DEBUG_FREES_NONE] = {
		.first = { 5, 7 },
		.release = "5.7",
		.before = "kernels freed boot services memory with efi=debug, too",
		.since = "with efi=debug no boot services memory is freed, so all of it is "
			"exported",
		.source = "f0df68d5bae8 (arch/x86/platform/efi/quirks.c: efi_free_boot_services)",
	},
	[EFIMAP_CHANGE_NO_OLD_MAP] = {
		.first = { 5, 10 },
		.release = "5.10",
		.before = "efi=old_map put firmware among the kernel's own addresses",
		.since = "there is no efi=old_map",
		.source = "the last user, SGI UV1, went in 2020 (arch/x86/platform/efi/efi_64.c: "
			"efi_call_phys_prolog, efi_ioremap)",
	},
	[EFIMAP_CHANGE_LOADS_FROM_TOP] = {
		.first = { 6, 8 },
		.release = "6.8",
		.before = "kexec_file_load took the lowest range of free memory that was large "
			"enough",
		.since = "kexec_file_load takes the highest",
		.source = "b3ba234171cd (kernel/kexec_file.c: kexec_walk_resources)",
	},
	[EFIMAP_CHANGE_HIDES_SETUP_DATA] = {
		.first = { 7, 2 },
		.lacks = { 6, 12 },
		.release = "7.2",
		.before = "kernels printed where the nodes of setup_data are",
		.since = "kernels say nothing of the nodes of setup_data",
		.source = "arch/x86/kernel/e820.c: e820__reserve_setup_data",
	},
	[EFIMAP_CHANGE_SKIPS_MEMATTR] = {
		.first = { 6, 14 },
		.stable = { { 6, 13, 3 } },
		.release = "6.13.3",
		.before = "a kexec'ed kernel read the Memory Attributes Table",
		.since = "a kexec'ed kernel skips the Memory Attributes Table",
		.source = "64b45dd46e15 (arch/x86/platform/efi/quirks.c: efi_reuse_config), 6.14",
	},
	[EFIMAP_CHANGE_MARKS_TOP_LEVEL] = {
		.first = { 6, 13 },
		.stable = { { 6, 6, 66 }, { 6, 12, 5 } },
		.release = "6.13",
		.before = "in page tables of five levels, kexec set no bits that mean something to "
			"Linux alone",
		.since = "kexec sets bit 58 in the top level of the page tables that the next "
			"kernel starts on",
		.source = "d0ceea662d45 (arch/x86/mm/ident_map.c: _PAGE_NOPTISHADOW)",
	},
	[EFIMAP_CHANGE_MASKS_TOP_LEVEL] = {
		.first = { 6, 19 },
		.stable = { { 6, 1, 160 }, { 6, 12, 63 } },
		.release = "6.19",
		.before = "a kernel that leaves page tables of five levels took all bits of an "
			"entry for an address",
		.since = "a kernel that leaves page tables of five levels masks what is no address",
		.source = "eb2266312507 (arch/x86/boot/compressed/pgtable_64.c)",
	},
	[EFIMAP_CHANGE_PASSES_RSDP] = {
		.first = { 7, 0 },
		.stable = { { 6, 1, 165 }, { 6, 12, 75 } },
		.release = "7.0",
		.before = "kexec_file_load passed on what boot_params says of ACPI's root pointer",
		.since = "where boot_params has none, kexec_file_load takes ACPI's root pointer "
			"from EFI",
		.source = "e00ac9e5afb5 (arch/x86/kernel/kexec-bzimage64.c: setup_efi_state)",
	},
	[EFIMAP_CHANGE_ACCEPTS_MEMORY] = {
		.first = { 6, 15 },
		.release = "6.15",
		.before = "kexec wrote to memory whether it was accepted or not",
		.since = "kexec accepts the memory that it loads to",
		.source = "caeb8ba598f0 (kernel/kexec_core.c: sanity_check_segment_list)",
	},
	[EFIMAP_CHANGE_SHOWS_KEXEC_MEMMAP] = {
		.first = { 6, 15 },
		.release = "6.15",
		.before = "/sys/firmware/memmap showed the firmware's map",
		.since = "/sys/firmware/memmap shows the map that kexec_file_load hands over",
		.source = "a2498e5c453b (arch/x86/kernel/e820.c: e820__reserve_resources)",
	},
	[EFIMAP_CHANGE_WIPES_INITRD] = {
		.first = { 6, 19 },
		.release = "6.19",
		.before = "kernels left the INITRD table as it was",
		.since = "kernels write zeros over the INITRD table, also after a kexec",
		.source = "6e62d1c6f2c7 (drivers/firmware/efi/efi.c: efi_config_parse_tables)",
	},
	[EFIMAP_CHANGE_UPDATES_MAPPINGS] = {
		.first = { 7, 2 },
		.lacks = { 6, 12 },
		.release = "7.2",
		.before = "a kexec'ed kernel left runtime code writable",
		.since = "a kexec'ed kernel applies the Memory Attributes Table, where it reads it",
		.source = "arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode",
	},
	[EFIMAP_CHANGE_BOUNDS_MEMATTR] = {
		.first = { 7, 2 },
		.lacks = { 6, 12 },
		.release = "7.2",
		.before = "a Memory Attributes Table of any size was read",
		.since = "a Memory Attributes Table is refused that has more than 65,536 entries, "
			"or larger ones than the map, as after kexec_load: 48 bytes to 40",
		.source = "drivers/firmware/efi/memattr.c: efi_memattr_init",
	},
	[EFIMAP_CHANGE_NO_PROPERTIES] = {
		.first = { 7, 2 },
		.lacks = { 6, 12 },
		.release = "7.2",
		.before = "kernels knew EFI_PROPERTIES_TABLE, and UGA= in systab",
		.since = "kernels look for neither EFI_PROPERTIES_TABLE nor UGA",
		.source = "include/linux/efi.h; arch/x86/platform/efi/efi.c: arch_tables",
	},
	[EFIMAP_CHANGE_PASSES_KHO] = {
		.first = { 7, 2 },
		.lacks = { 6, 12 },
		.release = "7.2",
		.before = "kexec_file_load made nodes of setup_data for EFI, IMA and the random "
			"seed",
		.since = "kexec_file_load also makes nodes for a device tree and for KHO, which "
			"decides where it loads to",
		.source = "arch/x86/kernel/kexec-bzimage64.c: setup_boot_parameters; "
			"kernel/liveupdate/kexec_handover.c: kho_locate_mem_hole",
	},
	[EFIMAP_CHANGE_PRINTS_GAPS] = {
		.first = { 7, 2 },
		.lacks = { 6, 12 },
		.release = "7.2",
		.before = "the log called ranges of e820 usable or reserved",
		.since = "the log calls ranges of e820 System RAM or device reserved, and has "
			"lines for gaps",
		.source = "arch/x86/kernel/e820.c: e820__print_table",
	},
	[EFIMAP_CHANGE_HAS_KEXEC_DIRECTORY] = {
		.first = { 7, 2 },
		.lacks = { 6, 12 },
		.release = "7.2",
		.before = "what kexec has loaded was in /sys/kernel alone",
		.since = "what kexec has loaded is in /sys/kernel/kexec, and in /sys/kernel as "
			"before",
		.source = "kernel/kexec_core.c: init_kexec_sysctl",
	},
	[EFIMAP_CHANGE_CONVERTS_SNP] = {
		.first = { 7, 2 },
		.lacks = { 6, 12 },
		.release = "7.2",
		.before = "a guest with SEV-SNP left memory shared when it called kexec",
		.since = "a guest with SEV-SNP makes shared memory private before kexec",
		.source = "arch/x86/coco/sev/core.c: snp_kexec_begin",
	},
	[EFIMAP_CHANGE_PASSES_DISK_KEYS] = {
		.first = { 7, 2 },
		.lacks = { 6, 12 },
		.release = "7.2",
		.before = "a crash kernel got no keys of encrypted disks",
		.since = "dmcryptkeys= on a crash kernel's command line says where keys of "
			"encrypted disks lie",
		.source = "kernel/crash_dump_dm_crypt.c: setup_dmcryptkeys",
	},
	[EFIMAP_CHANGE_SKIPS_CHECKSUMS] = {
		.first = { 7, 3 },
		.lacks = { 7, 2 },
		.release = "7.3",
		.before = "purgatory held a checksum of all that kexec_file_load had loaded",
		.since = "with KHO kexec_file_load makes no checksums, so what was overwritten is "
			"started",
		.source = "kernel/kexec_file.c: kexec_calculate_store_digests",
	},
};

_Static_assert(sizeof(changes) / sizeof(changes[0]) == EFIMAP_CHANGE_COUNT,
	       "a row for every change");

const struct efimap_kernel_change *efimap_kernel_change(enum efimap_change change)
{
	return &changes[change];
}

static bool is_of_series(const struct efimap_release *release,
			 const struct efimap_version *version)
{
	return release->major == version->major && release->minor == version->minor;
}

static bool is_from(const struct efimap_release *release,
		    const struct efimap_version *version)
{
	return release->major > version->major ||
	       (release->major == version->major && release->minor >= version->minor);
}

bool efimap_release_has(const struct efimap_release *release, enum efimap_change change,
			bool unknown)
{
	const struct efimap_kernel_change *row = &changes[change];

	if (release->major == 0)
		return unknown;
	for (size_t i = 0; i < EFIMAP_MAX_STABLE && row->stable[i].major != 0; i++)
		if (is_of_series(release, &row->stable[i]))
			return release->patch == 0 ? unknown :
						     release->patch >= row->stable[i].patch;
	if (is_from(release, &row->first))
		return true;
	return row->lacks.major != 0 && is_from(release, &row->lacks) &&
	       !is_of_series(release, &row->lacks) && unknown;
}

/*
 * A release begins with the number in the kernel's Makefile; what follows is up to
 * whoever built it (CONFIG_LOCALVERSION, scripts/setlocalversion) and is looked at by
 * nobody but for its length. But /lib/modules has a directory of that name, and packages
 * have it in theirs: what the names and versions of Debian, RPM and Arch can have,
 * kernels have.
 */
bool efimap_release_is_valid(const char *text, size_t len)
{
	static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ._+~^@:-";

	if (len == 0 || len > EFIMAP_MAX_RELEASE || *text < '0' || *text > '9')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!memchr(allowed, text[i], sizeof(allowed) - 1))
			return false;
	return true;
}
