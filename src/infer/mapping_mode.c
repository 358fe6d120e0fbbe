/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine how a single entry or a complete map is mapped. */
#include "base/enum_name.h"
#include "infer/architecture.h"
#include "infer/mapping_mode.h"

static const char *const mapping_names[] = {
	[EFIMAP_MAPPING_UNKNOWN] = "unknown",	[EFIMAP_MAPPING_EFI_VA_RANGE] = "efi-va-range",
	[EFIMAP_MAPPING_IDENTITY] = "identity", [EFIMAP_MAPPING_DIRECT_MAP] = "direct-map",
	[EFIMAP_MAPPING_MIXED] = "mixed",
};
EFIMAP_NAME_OF(mapping)

enum mapping_mode entry_mapping(const struct map_entry *entry)
{
	if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
		return EFIMAP_MAPPING_UNKNOWN;
	if (entry_is_identity(entry))
		return EFIMAP_MAPPING_IDENTITY;
	if (is_in_efi_va_range(entry->virt))
		return EFIMAP_MAPPING_EFI_VA_RANGE;
	if ((entry->virt >= EFIMAP_KERNEL_FIRST && entry->virt < EFIMAP_VA_END) ||
	    (entry->virt >= EFIMAP_KERNEL_32_FIRST && entry->virt <= UINT32_MAX))
		return EFIMAP_MAPPING_DIRECT_MAP;
	return EFIMAP_MAPPING_UNKNOWN;
}

/* Only a 32-bit kernel has its direct map below 4 GiB. */
static enum mapping_mode mapping_in(bool kernel_32bit, const struct map_entry *entry)
{
	const enum mapping_mode mapping = entry_mapping(entry);

	return mapping == EFIMAP_MAPPING_DIRECT_MAP && (entry->virt <= UINT32_MAX) != kernel_32bit
		       ? EFIMAP_MAPPING_UNKNOWN
		       : mapping;
}

enum mapping_mode mapping_mode(const struct efimap *map)
{
	const bool kernel_32bit = is_32bit_kernel(map);
	const struct map_entry *first = NULL;

	for (size_t i = 0; i < map->n_entries; i++) {
		const struct map_entry *entry = &map->entries[i];

		if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
			continue;
		first = first ? first : entry;
		if (mapping_in(kernel_32bit, entry) != mapping_in(kernel_32bit, first))
			return EFIMAP_MAPPING_MIXED;
	}
	return first ? mapping_in(kernel_32bit, first) : EFIMAP_MAPPING_UNKNOWN;
}
