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
 * @name:    name for messages
 * @size:    size of the file in bytes
 * @head:    the first @head_len bytes: EFIMAP_IMAGE_HEAD, or the whole file
 * @read_at: read at most @size bytes at an offset; return their number or a negative errno
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
 * efimap_kernel_image_parse() - Parse the image of a kernel
 * @ret_kernel: has an initrd only for a unified kernel image
 *
 * Return: 0; -EBADMSG if the file is not an image, or is a truncated unified one; or the error of
 * @read_at.
 */
int efimap_kernel_image_parse(const struct efimap_image_file *file,
			      struct efimap_installed_kernel *ret_kernel,
			      struct efimap_err *err);

/** efimap_kernel_image_read() - Read and parse the image @name; -EBADMSG if it is truncated */
int efimap_kernel_image_read(const char *name, struct efimap_installed_kernel *ret_kernel,
			     struct efimap_err *err);

#endif
