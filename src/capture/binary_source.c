/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of the kinds of binary sources, and the destructor of struct efimap_binary. */
#include <stdlib.h>

#include "capture/binary_source.h"

const char *const efimap_binary_kind_names[] = {
	[EFIMAP_BINARY_UNKNOWN] = "",
	[EFIMAP_BINARY_SETUP_DATA] = "setup-data",
	[EFIMAP_BINARY_EFI_PAYLOAD] = "efi-payload",
	[EFIMAP_BINARY_EFI_MEMMAP] = "efi-memmap",
	[EFIMAP_BINARY_BOOT_PARAMS] = "boot-params",
	NULL,
};

const char *efimap_binary_kind_name(unsigned int kind)
{
	return efimap_binary_kind_names[kind];
}

void efimap_binary_free(struct efimap_binary *binary)
{
	if (!binary)
		return;
	free(binary->nodes);
	free(binary->problems);
	free(binary);
}
