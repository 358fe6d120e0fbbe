/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the runtime map that a kernel made
 *
 * A kernel's log shows lists of memory, not the map that sysfs would. What the kernel makes
 * of them is computed here: which descriptors it keeps, how it numbers them, where it maps
 * them (arch/x86/platform/efi/efi.c: efi_merge_regions, efi_map_regions; quirks.c:
 * efi_free_boot_services).
 */
#ifndef EMULATE_DERIVE_H
#define EMULATE_DERIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/capture.h"

/**
 * struct efimap_printed - one list of memory, ascending by index
 * @entries: their index is the number in the log; numbers may be missing
 */
struct efimap_printed {
	const struct efimap_entry *entries;
	size_t count;
};

/**
 * efimap_derive() - make the runtime map of a capture from lists in a kernel's log
 * @map:      receives entries, their names and where they are from; its release and its
 *            command line must be there already, and its firmware map when the log has it
 * @runtime:  the list below "EFI runtime memory map:", count 0 for none
 *
 * From @runtime if there is one, else from the firmware map: what a first kernel makes of
 * the firmware's list, or, without conventional memory in it, the map that a kexec'ed
 * kernel received, as it is. Nothing is made where the command line turns the map off, of
 * another architecture than x86, nor of an excerpt, of which nobody knows what list it is.
 *
 * Virtual addresses are predicted while the list is whole up to there, by the algorithm of
 * the kernel's release, or that of Linux 4.3 and later where that is not known.
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_derive(struct efimap *map, struct efimap_printed runtime);

#endif
