/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CAPTURE_KERNEL_IMAGE_H
#define CAPTURE_KERNEL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/kernel_release.h"

/*
 * The header of a kernel image (Documentation/arch/x86/boot.rst). @init_size, @alignment,
 * @pref_address, @is_relocatable and @file_size are 0 or false before boot protocol 2.10, or if the
 * header is truncated.
 *
 * @name:         path of the image
 * @version:      version of the boot protocol
 * @xloadflags:   EFIMAP_XLF_... (boot_params.h); 0 before boot protocol 2.12
 * @setup_size:   size in bytes of the setup sectors, which precede the kernel itself
 * @init_size:    number of bytes of memory that the kernel needs during startup
 * @is_relocatable: the kernel can be loaded at any address (CONFIG_RELOCATABLE)
 * @file_size:    minimum size of the file in bytes, without signatures; 0 if the header does not
 *                contain it
 * @has_signature: the PE header of the image refers to signatures; false if the image has no PE
 *                header, because the kernel refuses such an image like an unsigned image
 * @keys:         first 8 bytes, as a big-endian number, of the identifiers of the signer's key and
 * of its issuer's key; the others are 0, and all if they are unknown
 * @is_preempt_rt: the version of the kernel names PREEMPT_RT
 * @release:      release as printed by uname -r; "" if the header does not contain it
 * @patch:        patch level of the kernel.org release; 0 if it is unknown
 */
#define EFIMAP_IMAGE_KEYS 4

struct kernel_image {
	const char *name;
	uint16_t version;
	uint16_t xloadflags;
	uint32_t setup_size;
	uint32_t init_size;
	uint32_t alignment;
	uint64_t pref_address;
	bool is_relocatable;
	uint64_t file_size;
	bool has_signature;
	uint32_t signature_offset;
	uint32_t signature_size;
	uint64_t keys[EFIMAP_IMAGE_KEYS];
	bool is_preempt_rt;
	char release[EFIMAP_MAX_RELEASE + 1];
	unsigned int patch;
};

#define EFIMAP_IMAGE_HEAD ((size_t)64 * 512)

#endif
