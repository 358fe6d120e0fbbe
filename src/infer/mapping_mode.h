/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_MAPPING_MODE_H
#define INFER_MAPPING_MODE_H

#include "capture/capture.h"

/*
 * The kind of address at which runtime regions are mapped.
 *
 * @EFIMAP_MAPPING_UNKNOWN:    the address is unknown, or Linux never maps regions at this address
 * @EFIMAP_MAPPING_IDENTITY:   at the physical addresses, as in mixed mode and in the physical mode
 *                             that was proposed in 2010
 * @EFIMAP_MAPPING_DIRECT_MAP: among the kernel's own addresses, which are below EFI_VA_END
 *                             (efi=old_map) or, in a 32-bit kernel, below 4 GiB
 * @EFIMAP_MAPPING_MIXED:      entries have more than one of these mappings, including UNKNOWN
 */
enum mapping_mode {
	EFIMAP_MAPPING_UNKNOWN,
	EFIMAP_MAPPING_EFI_VA_RANGE,
	EFIMAP_MAPPING_IDENTITY,
	EFIMAP_MAPPING_DIRECT_MAP,
	EFIMAP_MAPPING_MIXED,
};

/* Return the mapping of an entry in a kernel of either width (32-bit or 64-bit), never MIXED. */
enum mapping_mode entry_mapping(const struct map_entry *entry);

/*
 * Return the mapping of a map from its known virtual addresses. An address in the direct map of a
 * kernel of the other width (32-bit or 64-bit) counts as UNKNOWN.
 */
enum mapping_mode mapping_mode(const struct efimap *map);

const char *mapping_name(unsigned int mapping);

#endif
