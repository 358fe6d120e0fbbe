/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find out whether the machine is a guest of Hyper-V. */
#include <string.h>

#include "infer/hyperv.h"

enum efimap_known efimap_is_hyperv_guest(const struct efimap *map)
{
	const char *vendor = map->dmi[EFIMAP_DMI_SYS_VENDOR];
	const char *product = map->dmi[EFIMAP_DMI_PRODUCT_NAME];

	if (efimap_log_contains(map, "Hypervisor detected: Microsoft Hyper-V") ||
	    (strcmp(vendor, "Microsoft Corporation") == 0 &&
	     strcmp(product, "Virtual Machine") == 0))
		return EFIMAP_KNOWN_YES;
	/* The kernel detects the hypervisor before it prints the EFI tables. */
	if (map->is_bare_machine || (*vendor && *product) ||
	    (efimap_log_contains(map, "Linux version") &&
	     efimap_log_contains(map, "efi: EFI v")))
		return EFIMAP_KNOWN_NO;
	return EFIMAP_NOT_KNOWN;
}
