/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the kernel is a 32-bit one, by what a capture happens to hold: no file says it by
 * itself. It must not ask whether this is mixed mode, which asks here.
 */
#include <string.h>

#include "model/boot_params.h"
#include "model/traits.h"

/*
 * The header of the kernel's image, where the loader has copied it. The kernel's own EFI
 * stub leaves it out (drivers/firmware/efi/libstub/x86-stub.c: efi_pe_entry).
 */
static bool has_header(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       map->boot_params.version >= EFIMAP_BOOT_PROTOCOL_XLF;
}

/* "6.1.0-56-amd64", "6.5.6-300.fc39.x86_64" */
static bool is_named_64bit(const char *release)
{
	return strstr(release, "amd64") || strstr(release, "x86_64");
}

/*
 * arch/x86/platform/pvh/enlighten.c: init_pvh_bootparams makes up a header of 2.12 without a
 * flag, also in a 64-bit kernel, which its release then tells.
 */
static bool is_without_flags(const struct efimap *map)
{
	return !map->boot_params.xloadflags && is_named_64bit(map->release.text);
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(text, word, len) == 0;
}

static bool is_one_of(const char *text, size_t len, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_word(text, len, words[i]))
			return true;
	return false;
}

/*
 * A release says it as the distributions do: "6.1.0-50-686-pae", "6.1.0-50-686",
 * "5.6.13-300.fc32.i686+PAE", "4.12.14-pae". A bare number is only the last word of
 * Debian's: "5.14.0-586.el9.x86_64" counts builds.
 */
static bool is_named_32bit(const char *release)
{
	static const char *const words[] = { "i386", "i486", "i586", "i686", "pae", "PAE" };
	static const char *const numbers[] = { "486", "586", "686" };

	for (const char *at = release; (at = strpbrk(at, "-.+")); at++) {
		const size_t len = strcspn(at + 1, "-.+");

		if (is_one_of(at + 1, len, words, sizeof(words) / sizeof(words[0])))
			return true;
		if (*at == '-' && at[1 + len] == '\0' &&
		    is_one_of(at + 1, len, numbers, sizeof(numbers) / sizeof(numbers[0])))
			return true;
	}
	return false;
}

/*
 * arch/x86/platform/efi/efi_32.c: efi_map_region takes the kernel's own addresses, which no
 * 64-bit kernel has there, nor ever one that is the physical one. A fault can bring all of
 * a map there, so what contradicts it counts: such a kernel has no map of 64-bit firmware.
 */
static bool is_mapped_32bit(const struct efimap *map)
{
	if (is_named_64bit(map->release.text) ||
	    (efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE) && map->platform_size == 64))
		return false;
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];

		if (entry->virt_from != EFIMAP_VIRT_READ || entry->virt < EFIMAP_KERNEL_32_FIRST ||
		    entry->virt > UINT32_MAX || efimap_entry_is_identity(entry))
			return false;
	}
	return map->n_entries > 0;
}

bool efimap_is_32bit_kernel(const struct efimap *map)
{
	if (efimap_has(map, EFIMAP_SRC_CPUINFO) && map->kernel_32bit)
		return true;
	if (has_header(map) && !is_without_flags(map))
		return !(map->boot_params.xloadflags & EFIMAP_XLF_KERNEL_64);
	return is_named_32bit(map->release.text) || is_mapped_32bit(map);
}
