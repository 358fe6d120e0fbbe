/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what kexec was given and what it did
 *
 * The kernel image that kexec is to load, and the segments that "kexec -d" printed: plain
 * values that src/input fills and rules judge.
 */
#ifndef MODEL_KEXEC_H
#define MODEL_KEXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "base/error.h"
#include "model/kernel.h"

/**
 * struct efimap_image - the header of a bzImage
 * @xloadflags:   0 before protocol 2.12
 * @setup_size:   bytes before the kernel itself: its setup sectors
 * @init_size:    bytes of memory that the kernel takes to start; 0 before protocol 2.10, as the
 *                next two
 * @pref_address: at which, or above, loaders put it
 * @is_relocatable: both loaders refuse an image that is not
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
	char release[EFIMAP_MAX_RELEASE + 1];
};

/** EFIMAP_MAX_SEGMENTS - KEXEC_SEGMENT_MAX (include/linux/kexec.h) */
#define EFIMAP_MAX_SEGMENTS 16

/** EFIMAP_NO_SEGMENT - none of them, or not known which */
#define EFIMAP_NO_SEGMENT SIZE_MAX

/**
 * struct efimap_segments - where kexec loads to
 * @spans:    physical ranges; number i is of segment[i]
 * @kernel:   which is that of the kernel's image, EFIMAP_NO_SEGMENT where the log does not say
 * @initrd:   likewise; where @kernel is known and this is not, kexec was given no initrd
 */
struct efimap_segments {
	const char *name;
	struct efimap_span spans[EFIMAP_MAX_SEGMENTS];
	size_t count;
	size_t kernel;
	size_t initrd;
};

/** EFIMAP_IMAGE_HEAD - the setup sectors of a bzImage, where its header and its release are */
#define EFIMAP_IMAGE_HEAD ((size_t)64 * 512)

/**
 * efimap_bzimage_parse() - the header of a bzImage
 *
 * Documentation/arch/x86/boot.rst. Return: 0, or -EBADMSG for bytes that are no bzImage or
 * end within its header.
 */
int efimap_bzimage_parse(const uint8_t *data, size_t size, const char *where,
			 struct efimap_image *ret_image, struct efimap_err *err);

int efimap_bzimage_read(const char *name, struct efimap_image *ret_image,
			struct efimap_err *err);

/**
 * efimap_kexec_log_parse() - the segments that kexec printed
 * @text:         output of "kexec -d", or a kernel's log of kexec_file_load
 * @ret_segments: those of the last load in the log; untouched on failure
 *
 * kexec-tools kexec.c: print_segments(); kernel/kexec_file.c: kexec_file_load().
 */
int efimap_kexec_log_parse(const char *text, size_t size, const char *where,
			   struct efimap_segments *ret_segments, struct efimap_err *err);

int efimap_kexec_log_read(const char *name, struct efimap_segments *ret_segments,
			  struct efimap_err *err);

#endif
