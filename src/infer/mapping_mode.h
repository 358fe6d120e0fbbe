/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: how the runtime regions are mapped
 *
 * Whether virtual addresses are in the EFI runtime virtual address range, identity-mapped, or in
 * the direct map of the kernel.
 */
#ifndef INFER_MAPPING_MODE_H
#define INFER_MAPPING_MODE_H

#include "capture/capture.h"

/**
 * enum efimap_mapping - where the virtual addresses lie
 * @EFIMAP_MAPPING_UNKNOWN:    no entries, or nowhere Linux puts them
 * @EFIMAP_MAPPING_IDENTITY:   virt equals phys: mixed mode, or the 2010 physical mode
 * @EFIMAP_MAPPING_DIRECT_MAP: the kernel's own addresses below the window: efi=old_map, or
 *                             below 4 GiB: a 32-bit kernel
 * @EFIMAP_MAPPING_MIXED:      more than one of these, nowhere included: a map with one
 *                             stray entry is mixed
 */
enum efimap_mapping {
	EFIMAP_MAPPING_UNKNOWN,
	EFIMAP_MAPPING_EFI_VA_RANGE,
	EFIMAP_MAPPING_IDENTITY,
	EFIMAP_MAPPING_DIRECT_MAP,
	EFIMAP_MAPPING_MIXED,
};

/**
 * efimap_entry_mapping() - where one entry's virtual address lies (never MIXED), whichever kernel
 * gave it
 */
enum efimap_mapping efimap_entry_mapping(const struct efimap_entry *entry);

/**
 * efimap_mapping() - where those of the whole map lie, as far as they are known; what is not the
 * kernel's by its width (efimap_is_32bit_kernel()) is nowhere Linux puts them
 */
enum efimap_mapping efimap_mapping(const struct efimap *map);

const char *efimap_mapping_name(unsigned int mapping);

#endif
