/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the fingerprint of a runtime map
 *
 * SHA-256 over its canonical rows, so that two kernels that promise the firmware the same
 * have the same fingerprint, however they number the entries. A row is
 *
 *	TYPE PHYS PAGES VIRT ATTRIBUTE '\n'
 *
 * in lower-case hexadecimal with 0x, one blank between, for example
 *
 *	0x6 0x3f4ec000 0x100 0xfffffffeff0ec000 0x800000000000000f
 *
 * Rows are sorted by PHYS, then VIRT, PAGES, TYPE and ATTRIBUTE, as numbers. What is no
 * part of the promise is not in them:
 *
 * - the index: kexec-tools hands the entries on in the order of a directory listing;
 * - EFI_MEMORY_RUNTIME of types 3 and 4 (boot services): Linux sets it in memory that it
 *   reserves (drivers/firmware/efi/memmap.c, arch/x86/platform/efi/quirks.c:
 *   efi_arch_mem_reserve), so the next kernel sees it where the first did not;
 * - where a region is cut: rows that touch, physically and virtually, and agree in type
 *   and attribute are one row.
 */
#ifndef CAPTURE_FINGERPRINT_H
#define CAPTURE_FINGERPRINT_H

#include <sys/types.h>

#include <sha2.h>

#include "capture/capture.h"

/** EFIMAP_FINGERPRINT_PREFIX - what a fingerprint starts with: how it was made */
#define EFIMAP_FINGERPRINT_PREFIX "sha256:"
#define EFIMAP_FINGERPRINT_SIZE                                                            \
	(sizeof(EFIMAP_FINGERPRINT_PREFIX) - 1 + SHA256_DIGEST_STRING_LENGTH)

/**
 * efimap_fingerprint() - the fingerprint of a capture's runtime map
 * @ret_text: "sha256:" and 64 lower-case digits
 *
 * Return: 0; -ENODATA when the map is not known as a whole; -ENOMEM.
 */
int efimap_fingerprint(const struct efimap *map, char ret_text[EFIMAP_FINGERPRINT_SIZE]);

#endif
