/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a loader hands EFI over at all. Neither says so when it does not, except for
 * the descriptor version. It must not know the bytes.
 */
#include "emulate/handover.h"
#include "model/traits.h"

static const char *const texts[] = {
	[EFIMAP_HANDOVER_PASSES] = "EFI is passed on",
	[EFIMAP_HANDOVER_NOT_EFI] = "this kernel was booted without EFI",
	[EFIMAP_HANDOVER_NO_PARAMS] = "sys/kernel/boot_params/data cannot be read",
	[EFIMAP_HANDOVER_NO_INFO] =
		"boot_params.efi_info has no memory map: this kernel was given no EFI",
	[EFIMAP_HANDOVER_VERSION] =
		"the descriptor version in boot_params.efi_info is not 1",
	[EFIMAP_HANDOVER_NO_SYSTAB] = "sys/firmware/efi/systab cannot be read",
	[EFIMAP_HANDOVER_NO_FW_VENDOR] = "sys/firmware/efi/fw_vendor cannot be read",
	[EFIMAP_HANDOVER_NO_RUNTIME] = "sys/firmware/efi/runtime cannot be read",
	[EFIMAP_HANDOVER_NO_CONFIG_TABLE] =
		"sys/firmware/efi/config_table cannot be read",
	[EFIMAP_HANDOVER_ALL_ONES] = "an EFI pointer is 0xffffffffffffffff",
	[EFIMAP_HANDOVER_NO_MAP] = "there is no runtime map, or an empty one",
	[EFIMAP_HANDOVER_RUNTIME_OFF] = "EFI runtime services are off",
	[EFIMAP_HANDOVER_KERNEL_32BIT] = "this is a 32-bit kernel, which hands EFI to none",
};

const char *efimap_handover_reason_text(enum efimap_handover_reason reason)
{
	return texts[reason];
}

struct pointer_file {
	enum efimap_source source;
	enum efimap_handover_reason reason;
};

/* In the order in which setup_efi_data() and get_efi_values() open them. */
static const struct pointer_file files[] = {
	{ EFIMAP_SRC_SYSTAB, EFIMAP_HANDOVER_NO_SYSTAB },
	{ EFIMAP_SRC_FW_VENDOR, EFIMAP_HANDOVER_NO_FW_VENDOR },
	{ EFIMAP_SRC_RUNTIME, EFIMAP_HANDOVER_NO_RUNTIME },
	{ EFIMAP_SRC_CONFIG_TABLE, EFIMAP_HANDOVER_NO_CONFIG_TABLE },
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

/* A malformed file is opened all the same, and its value stays 0. */
static bool is_unreadable(const struct efimap *map, enum efimap_source source)
{
	return map->states[source] == EFIMAP_STATE_ABSENT ||
	       map->states[source] == EFIMAP_STATE_DENIED;
}

/* Offline, absent only means "not collected", unless others of its kind were. */
static bool has_pointers(const struct efimap *map)
{
	for (size_t i = 0; i < N_FILES; i++)
		if (map->states[files[i].source] != EFIMAP_STATE_ABSENT)
			return true;
	return false;
}

static enum efimap_handover_reason kexec_tools_pointers(const struct efimap *map)
{
	uint64_t smbios = 0;

	if (efimap_is_offline(map) && !has_pointers(map))
		return EFIMAP_HANDOVER_PASSES;
	for (size_t i = 0; i < N_FILES; i++)
		if (is_unreadable(map, files[i].source))
			return files[i].reason;
	handover_find_smbios(map, EFIMAP_LOADER_KEXEC_TOOLS, &smbios);
	if (smbios == UINT64_MAX)
		return EFIMAP_HANDOVER_ALL_ONES;
	if ((efimap_has(map, EFIMAP_SRC_FW_VENDOR) && map->fw_vendor == UINT64_MAX) ||
	    (efimap_has(map, EFIMAP_SRC_RUNTIME) && map->runtime == UINT64_MAX) ||
	    (efimap_has(map, EFIMAP_SRC_CONFIG_TABLE) && map->config_table == UINT64_MAX))
		return EFIMAP_HANDOVER_ALL_ONES;
	return EFIMAP_HANDOVER_PASSES;
}

/* x86-linux-setup.c: setup_efi_info() */
static enum efimap_handover_reason kexec_tools_reason(const struct efimap *map)
{
	const struct efimap_efi_info *info = &map->boot_params.efi_info;
	enum efimap_handover_reason reason;

	if (is_unreadable(map, EFIMAP_SRC_BOOT_PARAMS) &&
	    !(efimap_is_offline(map) &&
	      map->states[EFIMAP_SRC_BOOT_PARAMS] == EFIMAP_STATE_ABSENT))
		return EFIMAP_HANDOVER_NO_PARAMS;
	if (efimap_has(map, EFIMAP_SRC_BOOT_PARAMS)) {
		if (info->memmap_size == 0)
			return EFIMAP_HANDOVER_NO_INFO;
		if (info->desc_version != 1)
			return EFIMAP_HANDOVER_VERSION;
	}
	reason = kexec_tools_pointers(map);
	if (reason != EFIMAP_HANDOVER_PASSES)
		return reason;
	/* It counts directories, not what it could read in them. */
	return map->n_names == 0 && map->n_entries == 0 ? EFIMAP_HANDOVER_NO_MAP
							: EFIMAP_HANDOVER_PASSES;
}

/* kexec-bzimage64.c: setup_efi_state() */
static enum efimap_handover_reason kernel_reason(const struct efimap *map)
{
	if (efimap_runtime_off_reason(map))
		return EFIMAP_HANDOVER_RUNTIME_OFF;
	if (efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	    map->boot_params.efi_info.memmap_size == 0)
		return EFIMAP_HANDOVER_NO_INFO;
	return map->n_names == 0 && map->n_entries == 0 ? EFIMAP_HANDOVER_NO_MAP
							: EFIMAP_HANDOVER_PASSES;
}

enum efimap_handover_reason handover_find_reason(const struct efimap *map,
						 enum efimap_loader loader)
{
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT)
		return EFIMAP_HANDOVER_NOT_EFI;
	if (efimap_is_32bit_kernel(map))
		return EFIMAP_HANDOVER_KERNEL_32BIT;
	return loader == EFIMAP_LOADER_KERNEL ? kernel_reason(map)
					      : kexec_tools_reason(map);
}
