/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The format of unified kernel images (UKI) is specified by the UAPI Group (UAPI.5). */
#ifndef INPUT_BINARY_UNIFIED_IMAGE_H
#define INPUT_BINARY_UNIFIED_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Location of a section in the file. @size is 0 if the section is missing or empty. If @is_padded,
 * @size includes padding up to the file alignment.
 */
struct efimap_section {
	uint64_t offset;
	uint64_t size;
	bool is_padded;
};

/**
 * struct efimap_unified_image - sections of a unified kernel image, which may extend beyond the end
 *                               of the file
 * @kernel:  .linux, a bzImage
 * @initrd:  .initrd
 * @release: .uname, the release of the kernel in .linux, as printed by uname -r
 */
struct efimap_unified_image {
	struct efimap_section kernel;
	struct efimap_section initrd;
	struct efimap_section release;
};

/**
 * efimap_unified_image_parse() - find the sections of a unified kernel image
 * @data: the beginning of the file, which must contain all headers
 *
 * If an image has several profiles, only the sections of the first profile are used: those before
 * the first section .profile that follows .linux.
 *
 * Return: 0; -ENOEXEC for an executable without a kernel in a section .linux, such as a boot
 * loader; or -EBADMSG. The boot loader of Lanzaboote has no kernel either: its .linux contains only
 * the path of a kernel. @err is filled in unless NULL.
 */
int efimap_unified_image_parse(const uint8_t *data, size_t size, const char *where,
			       struct efimap_unified_image *ret_image, struct efimap_err *err);

/* Copy the bytes that efimap_unified_image_parse() uses. */
void efimap_unified_image_copy_used(const uint8_t *data, size_t size, uint8_t *ret_used);

#endif
