/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the sections of a unified kernel image
 *
 * A unified kernel image (UKI) is an EFI program with a kernel, an initrd and more in sections of
 * its own: UAPI Group Specifications, UAPI.5.
 */
#ifndef INPUT_BINARY_UNIFIED_IMAGE_H
#define INPUT_BINARY_UNIFIED_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/** struct efimap_section - where a section lies in the file; @size 0 where there is none */
struct efimap_section {
	uint64_t offset;
	uint64_t size;
};

/**
 * struct efimap_unified_image - the sections that say which kernel it is, and what comes with it
 * @kernel: .linux, a bzImage
 * @initrd: .initrd
 * @release: .uname: what uname -r of the kernel would say
 *
 * Nothing is said of whether the file holds them.
 */
struct efimap_unified_image {
	struct efimap_section kernel;
	struct efimap_section initrd;
	struct efimap_section release;
};

/**
 * efimap_unified_image_parse() - find the sections of a unified kernel image
 * @data: the beginning of the file, in which all headers must lie
 *
 * Of an image with several profiles the sections of the first one count, which stand before
 * .profile. Return: 0, or -EBADMSG for bytes that are no such image, or end within its headers.
 */
int efimap_unified_image_parse(const uint8_t *data, size_t size, const char *where,
			       struct efimap_unified_image *ret_image, struct efimap_err *err);

#endif
