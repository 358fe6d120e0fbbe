/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Determine whether runtime regions are mapped in the EFI runtime virtual address range,
 * identity-mapped, or mapped in the kernel's direct map.
 */
#ifndef INFER_MAPPING_MODE_H
#define INFER_MAPPING_MODE_H

#include "capture/capture.h"

/*
 * Where virtual addresses are.
 *
 * @EFIMAP_MAPPING_UNKNOWN:    no virtual address is known, or Linux never maps regions there
 * @EFIMAP_MAPPING_IDENTITY:   mixed mode, or the physical mode proposed in 2010
 * @EFIMAP_MAPPING_DIRECT_MAP: the kernel's own addresses: below EFI_VA_END with efi=old_map, or
 *                             below 4 GiB in a 32-bit kernel
 * @EFIMAP_MAPPING_MIXED:      entries have more than one of these mappings, including UNKNOWN
 */
enum efimap_mapping {
	EFIMAP_MAPPING_UNKNOWN,
	EFIMAP_MAPPING_EFI_VA_RANGE,
	EFIMAP_MAPPING_IDENTITY,
	EFIMAP_MAPPING_DIRECT_MAP,
	EFIMAP_MAPPING_MIXED,
};

/* Determine where the virtual address of an entry is, for any kernel. MIXED is never returned. */
enum efimap_mapping efimap_entry_mapping(const struct efimap_entry *entry);

/*
 * Determine where the known virtual addresses of a map are. Addresses that the map's kernel (32-bit
 * or 64-bit) does not use count as UNKNOWN.
 */
enum efimap_mapping efimap_mapping(const struct efimap *map);

const char *efimap_mapping_name(unsigned int mapping);

#endif
