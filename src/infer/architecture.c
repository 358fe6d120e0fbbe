/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine the architecture of the kernel, and whether it runs in mixed mode. */
#include <string.h>

#include "capture/boot_params.h"
#include "capture/kernel_release.h"
#include "infer/architecture.h"

/*
 * Return whether the release names a 32-bit kernel of a distribution, such as
 * "6.1.0-50-686-pae", "5.6.13-300.fc32.i686+PAE" or "4.12.14-pae". A number such as 686 counts only
 * at the end, because 586 is a build number in "5.14.0-586.el9.x86_64".
 */
static bool is_named_32bit(const char *release)
{
	static const char *const words[] = { "i386", "i486", "i586", "i686", "pae", "PAE", NULL };
	const char *last = strrchr(release, '-');

	return release_has_word(release, EFIMAP_RELEASE_SIGNS, words) ||
	       (last && (strcmp(last, "-486") == 0 || strcmp(last, "-586") == 0 ||
			 strcmp(last, "-686") == 0));
}

#if defined(__x86_64__)
#define IS_64BIT_HERE true
#else
#define IS_64BIT_HERE false
#endif

static bool has_address_beyond_4g(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (map->entries[i].virt_from == EFIMAP_VIRT_READ &&
		    map->entries[i].virt > UINT32_MAX)
			return true;
	return false;
}

/*
 * Return whether only a 32-bit kernel can have mapped the entries. The firmware must be 32-bit, and
 * every virtual address must be in the kernel's part of the address space and differ from the
 * physical address (arch/x86/platform/efi/efi_32.c: efi_map_region). With 64-bit firmware, only
 * invalid data contains such addresses.
 */
static bool is_mapped_32bit(const struct efimap *map)
{
	if (capture_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE) ? map->platform_size != 32
							  : !has_efi_signature(map, "EL32"))
		return false;
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct map_entry *entry = &map->entries[i];

		if (entry->virt_from != EFIMAP_VIRT_READ || entry->virt < EFIMAP_KERNEL_32_FIRST ||
		    entry_is_identity(entry))
			return false;
	}
	return map->n_entries > 0;
}

static bool exports_memory_of_mixed_mode(const struct efimap *map)
{
	bool any = false;

	for (size_t i = 0; i < map->n_entries; i++) {
		const uint32_t type = map->entries[i].type;

		if (!entry_is_identity(&map->entries[i]))
			return false;
		any |= type == EFIMAP_TYPE_CONVENTIONAL || type == EFIMAP_TYPE_LOADER_CODE ||
		       type == EFIMAP_TYPE_LOADER_DATA;
	}
	return any;
}

enum known find_32bit_kernel(const struct efimap *map)
{
	/*
	 * The EFI stub of Linux 6.1, unlike the stub of 5.10, does not copy xloadflags
	 * (drivers/firmware/efi/libstub/x86-stub.c: efi_pe_entry), and a header constructed for PVH
	 * does not contain the field (arch/x86/platform/pvh/enlighten.c).
	 */
	const bool has_flags = capture_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
			       map->boot_params.version >= EFIMAP_BOOT_PROTOCOL_XLF;
	const unsigned int flags = has_flags ? map->boot_params.xloadflags : 0;

	/* A 64-bit program runs only on a 64-bit kernel. */
	if (IS_64BIT_HERE && map->origin == EFIMAP_ORIGIN_LIVE)
		return EFIMAP_KNOWN_NO;
	if (strstr(map->release.text, "amd64") || strstr(map->release.text, "x86_64"))
		return EFIMAP_KNOWN_NO;
	if (capture_has(map, EFIMAP_SRC_CPUINFO)) {
		if (map->kernel_32bit)
			return EFIMAP_KNOWN_YES;
		/* The line of cpuinfo that shows 32 bits may be missing. */
		return is_named_32bit(map->release.text) ? EFIMAP_NOT_KNOWN : EFIMAP_KNOWN_NO;
	}
	if (flags & EFIMAP_XLF_KERNEL_64)
		return EFIMAP_KNOWN_NO;
	if (is_named_32bit(map->release.text))
		return EFIMAP_KNOWN_YES;
	if (has_address_beyond_4g(map))
		return EFIMAP_KNOWN_NO;
	/* Since 3.8, 64-bit images set EFIMAP_XLF_KERNEL_64, so other flags show a 32-bit image. */
	if (flags || is_mapped_32bit(map))
		return EFIMAP_KNOWN_YES;
	return exports_memory_of_mixed_mode(map) ? EFIMAP_KNOWN_NO : EFIMAP_NOT_KNOWN;
}

bool is_32bit_kernel(const struct efimap *map)
{
	return find_32bit_kernel(map) == EFIMAP_KNOWN_YES;
}

bool is_mixed_mode(const struct efimap *map)
{
	/* Without CONFIG_EFI_MIXED, the kernel reports a mismatch and does not use mixed mode. */
	if (map->width_mismatch)
		return false;
	if (capture_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		return map->platform_size == 32 && !is_32bit_kernel(map);
	if (has_efi_signature(map, "EL64"))
		return false;
	return (has_efi_signature(map, "EL32") || exports_memory_of_mixed_mode(map)) &&
	       !is_32bit_kernel(map);
}

#if defined(__x86_64__) || defined(__i386__)
#define IS_FOREIGN_HERE false
#else
#define IS_FOREIGN_HERE true
#endif

/* Distributions name the architecture in the release, as in "5.14.0-427.el9.aarch64+64k". */
bool is_other_architecture(const struct efimap *map)
{
	static const char *const names[] = { "arm64",	"aarch64",     "armhfp",  "armmp",
					     "armv7hl", "riscv64",     "loong64", "loongarch64",
					     "ppc64le", "powerpc64le", "s390x",	  "ia64",
					     NULL };

	if (map->origin == EFIMAP_ORIGIN_LIVE)
		return IS_FOREIGN_HERE;
	return map->is_foreign_architecture ||
	       release_has_word(map->release.text, EFIMAP_RELEASE_SIGNS, names);
}
