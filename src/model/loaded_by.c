/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which loader wrote what a kernel received: told apart by the marks that each of them
 * leaves. Whether what they wrote is right is for the check room.
 */
#include "model/boot_params.h"
#include "model/traits.h"

static const char *const names[] = {
	[EFIMAP_LOADED_BY_NONE] = "none",
	[EFIMAP_LOADED_BY_UNKNOWN] = "unknown",
	[EFIMAP_LOADED_BY_KEXEC_LOAD] = "kexec-load",
	[EFIMAP_LOADED_BY_KEXEC_FILE_LOAD] = "kexec-file-load",
};

static enum efimap_loaded_by by_marks(const struct efimap *map)
{
	const uint32_t size = efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) ?
				      map->boot_params.efi_info.desc_size :
				      0;
	struct efimap_efi_payload payload;

	if (size != 0 && size != EFIMAP_DESC_SIZE)
		return EFIMAP_LOADED_BY_KEXEC_FILE_LOAD;
	if (efimap_efi_payload_find(map, &payload))
		return payload.runtime ? EFIMAP_LOADED_BY_KEXEC_LOAD :
					 EFIMAP_LOADED_BY_KEXEC_FILE_LOAD;
	return size ? EFIMAP_LOADED_BY_KEXEC_LOAD : EFIMAP_LOADED_BY_UNKNOWN;
}

enum efimap_loaded_by efimap_loaded_by(const struct efimap *map)
{
	switch (efimap_booted_by(map)) {
	case EFIMAP_BOOTED_BY_FIRMWARE:
		return EFIMAP_LOADED_BY_NONE;
	case EFIMAP_BOOTED_BY_KEXEC:
		return by_marks(map);
	case EFIMAP_BOOTED_BY_UNKNOWN:
		break;
	}
	return EFIMAP_LOADED_BY_UNKNOWN;
}

const char *efimap_loaded_by_name(enum efimap_loaded_by loaded_by)
{
	return names[loaded_by];
}
