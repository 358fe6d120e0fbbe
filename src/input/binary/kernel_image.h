/* SPDX-License-Identifier: LGPL-2.1-or-later */
/** DOC: reading the image of a kernel, a bzImage or a unified kernel image */
#ifndef INPUT_BINARY_KERNEL_IMAGE_H
#define INPUT_BINARY_KERNEL_IMAGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "capture/installed_kernels.h"

/**
 * struct efimap_image_file - a file that may be the image of a kernel
 * @name:     for messages
 * @size:     bytes of the file
 * @head:     its first @head_len bytes: EFIMAP_IMAGE_HEAD, or all
 * @read_at:  reads as many bytes as there are from an offset on, at most @size; their number
 *            or a negative errno
 */
struct efimap_image_file {
	const char *name;
	uint64_t size;
	const uint8_t *head;
	size_t head_len;
	ssize_t (*read_at)(void *context, uint64_t offset, uint8_t *data, size_t size);
	void *context;
};

/**
 * efimap_kernel_image_parse() - find out what an image says
 * @ret_kernel: its initrd is only known of a unified kernel image
 *
 * Return: 0; -EBADMSG for a file that is no image, or a unified one that was cut; or what @read_at
 * returned.
 */
int efimap_kernel_image_parse(const struct efimap_image_file *file,
			      struct efimap_installed_kernel *ret_kernel,
			      struct efimap_err *err);

/** efimap_kernel_image_read() - the same of the file @name, which must not be cut */
int efimap_kernel_image_read(const char *name, struct efimap_installed_kernel *ret_kernel,
			     struct efimap_err *err);

#endif
