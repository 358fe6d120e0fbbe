/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_BINARY_PARSE_KERNEL_IMAGE_H
#define INPUT_BINARY_PARSE_KERNEL_IMAGE_H

#include <sys/types.h>

#include "base/error.h"
#include "capture/installed_kernels.h"

/**
 * struct image_file - a file that may be a kernel image
 * @head:    the first EFIMAP_IMAGE_HEAD bytes, or the complete file if it is shorter
 * @read_at: function that reads bytes at an offset, and applies a filter unless @filter is NULL; it
 *           returns the number of bytes or a negative errno
 */
struct image_file {
	const char *name;
	uint64_t size;
	const uint8_t *head;
	size_t head_len;
	ssize_t (*read_at)(void *context, uint64_t offset, uint8_t *data, size_t size,
			   void (*filter)(char *data, size_t *len));
	void *context;
};

/**
 * kernel_image_parse() - parse a kernel image
 * @ret_kernel: the kernel, which has an initrd only if the file is a unified kernel image
 *
 * Return: 0; -ENOEXEC if the file is an executable without a kernel, such as a boot loader;
 * -EBADMSG if it is no executable, or if its headers or a section of a unified kernel image are
 * truncated; or the error of @read_at.
 */
int kernel_image_parse(const struct image_file *file, struct installed_kernel *ret_kernel,
		       struct err *err);

/*
 * Clear all bytes of the head of an image that kernel_image_parse() does not use. If the
 * file is not an image, keep only the first two bytes, with which the parser also fails.
 */
void filter_image(char *data, size_t *len);

/* Read an image from a file or from standard input. */
int kernel_image_read(const char *name, struct installed_kernel *ret_kernel, struct err *err);

#endif
