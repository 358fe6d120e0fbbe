/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the image of a kernel
 *
 * The header of a bzImage, which says how a loader places it: Documentation/arch/x86/boot.rst.
 * src/input/binary/bzimage.c reads it.
 */
#ifndef CAPTURE_KERNEL_IMAGE_H
#define CAPTURE_KERNEL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/kernel_release.h"

/**
 * struct efimap_image - the header of a bzImage
 * @xloadflags:   0 before protocol 2.12
 * @setup_size:   bytes before the kernel itself: its setup sectors
 * @init_size:    bytes of memory that the kernel takes to start; 0 before protocol 2.10, as the
 *                next two
 * @pref_address: at which, or above, loaders put it
 * @is_relocatable: both loaders refuse an image that is not
 * @file_size:    bytes that the file has at least; a signature can follow. 0 where the header
 *                does not tell
 * @release:      "7.2.13-amd64", as uname -r of it would say; "" where the header does not tell
 */
struct efimap_image {
	const char *name;
	uint16_t version;
	uint16_t xloadflags;
	uint32_t setup_size;
	uint32_t init_size;
	uint32_t alignment;
	uint64_t pref_address;
	bool is_relocatable;
	uint64_t file_size;
	char release[EFIMAP_MAX_RELEASE + 1];
};

/** EFIMAP_IMAGE_HEAD - the setup sectors of a bzImage, where its header and its release are */
#define EFIMAP_IMAGE_HEAD ((size_t)64 * 512)

#endif
