/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fingerprint of a runtime map is SHA-256 over its canonical rows. Two kernels that map the
 * runtime regions in the same way have the same fingerprint, even if they number the entries
 * differently. A row is
 *
 *	TYPE PHYS PAGES VIRT ATTRIBUTE '\n'
 *
 * in lower-case hexadecimal with 0x, separated by single spaces, for example
 *
 *	0x6 0x3f4ec000 0x100 0xfffffffeff0ec000 0x800000000000000f
 *
 * Rows are sorted numerically by PHYS, then VIRT, PAGES, TYPE and ATTRIBUTE. Properties that can
 * change without a change of the mapping are left out:
 *
 * - the index, because kexec-tools passes the entries in the order of a directory listing;
 * - EFI_MEMORY_RUNTIME of types 3 and 4 (boot services), because Linux sets this bit in regions
 *   that it reserves (drivers/firmware/efi/memmap.c, arch/x86/platform/efi/quirks.c:
 *   efi_arch_mem_reserve), so the second kernel receives a bit that the first kernel did not
 *   receive;
 * - boundaries between regions: rows that are physically and virtually adjacent, with the same
 *   type and attribute, are merged into one row.
 */
#ifndef CAPTURE_FINGERPRINT_H
#define CAPTURE_FINGERPRINT_H

#include <sys/types.h>

#include <sha2.h>

#include "capture/capture.h"

#define EFIMAP_FINGERPRINT_PREFIX "sha256:"
#define EFIMAP_FINGERPRINT_SIZE                                                            \
	(sizeof(EFIMAP_FINGERPRINT_PREFIX) - 1 + SHA256_DIGEST_STRING_LENGTH)

/*
 * Write "sha256:" and 64 lower-case hexadecimal digits to @ret_text. Return 0; -ENODATA if the map
 * is missing or incomplete, or is from a kernel log; or -ENOMEM.
 */
int efimap_fingerprint(const struct efimap *map, char ret_text[EFIMAP_FINGERPRINT_SIZE]);

#endif
