/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine which hardware the machine has, from kernel messages and other files. */
#include <stdio.h>
#include <string.h>

#include "capture/boot_params.h"
#include "infer/hardware.h"

bool log_is_whole(const struct efimap *map)
{
	/* The kernel prints "Freeing unused kernel image" immediately before it starts init. */
	return log_contains(map, "Linux version") &&
	       log_contains(map, "Freeing unused kernel image");
}

/*
 * Return whether the running kernel printed @message before it started init. If the log lacks both
 * @message and the beginning or the end of this part of the boot, the result is EFIMAP_NOT_KNOWN.
 */
static enum known was_printed(const struct efimap *map, const char *message)
{
	if (log_contains(map, message))
		return EFIMAP_KNOWN_YES;
	return log_is_whole(map) ? EFIMAP_KNOWN_NO : EFIMAP_NOT_KNOWN;
}

bool uses_sme(const struct efimap *map)
{
	/* Linux 5.17, 5.5 and 4.14 introduced these messages (arch/x86/mm/mem_encrypt*.c). */
	return log_contains(map, "Memory Encryption Features active: AMD SME") ||
	       log_contains(map, "AMD Memory Encryption Features active: SME") ||
	       log_contains(map, "AMD Secure Memory Encryption (SME) active");
}

bool is_sev_guest(const struct efimap *map, const char *features)
{
	/* From Linux 6.0 and later, 5.10 to 5.19, and earlier releases */
	static const char *const starts[] = {
		"Memory Encryption Features active: AMD SEV",
		"AMD Memory Encryption Features active: SEV",
		"AMD Secure Encrypted Virtualization (SEV) active",
	};
	char message[128];

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		snprintf(message, sizeof(message), "%s%s", starts[i], features);
		if (log_contains(map, message))
			return true;
	}
	return false;
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
	return map->is_bare_machine ? EFIMAP_KNOWN_NO
				    : was_printed(map, "Hypervisor detected: Microsoft Hyper-V");
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
