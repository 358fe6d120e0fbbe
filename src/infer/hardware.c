/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine which hardware the machine has, from kernel messages and other files. */
#include <string.h>

#include "capture/boot_params.h"
#include "infer/hardware.h"

bool log_is_whole(const struct efimap *map)
{
	/* The kernel prints "Freeing unused kernel image" immediately before it starts init. */
	return log_contains(map, "Linux version") &&
	       log_contains(map, "Freeing unused kernel image");
}

bool uses_sme(const struct efimap *map)
{
	/* Linux 5.17, 5.5 and 4.14 introduced these messages (arch/x86/mm/mem_encrypt*.c). */
	return log_contains(map, "Memory Encryption Features active: AMD SME") ||
	       log_contains(map, "AMD Memory Encryption Features active: SME") ||
	       log_contains(map, "AMD Secure Memory Encryption (SME) active");
}

bool is_snp_guest(const struct efimap *map)
{
	/* Linux 6.0 and 5.19 introduced these messages (arch/x86/mm/mem_encrypt.c). */
	return log_contains(map, "Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP") ||
	       log_contains(map, "AMD Memory Encryption Features active: SEV SEV-ES SEV-SNP");
}

enum known is_hyperv_guest(const struct efimap *map)
{
	const char *vendor = map->dmi[EFIMAP_DMI_SYS_VENDOR];
	const char *product = map->dmi[EFIMAP_DMI_PRODUCT_NAME];

	if (*vendor && *product)
		return strcmp(vendor, "Microsoft Corporation") == 0 &&
				       strcmp(product, "Virtual Machine") == 0
			       ? EFIMAP_KNOWN_YES
			       : EFIMAP_KNOWN_NO;
	if (map->is_bare_machine)
		return EFIMAP_KNOWN_NO;
	if (log_contains(map, "Hypervisor detected: Microsoft Hyper-V"))
		return EFIMAP_KNOWN_YES;
	return log_is_whole(map) ? EFIMAP_KNOWN_NO : EFIMAP_NOT_KNOWN;
}

bool is_under_xen(const struct efimap *map)
{
	/*
	 * In dom0 with EFI, the kernel itself sets the signature (arch/x86/xen/efi.c:
	 * xen_efi_init). Under Xen, a kernel has no runtime map, so a capture with a runtime map is
	 * not from the boot in the log.
	 */
	return has_efi_signature(map, "Xen") ||
	       (map->log_is_of_xen && map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT);
}
