/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find bounds of the size of an unpacked initrd without decompressing it. */
#ifndef INPUT_BINARY_UNPACKED_SIZE_H
#define INPUT_BINARY_UNPACKED_SIZE_H

#include <stdint.h>
#include <sys/types.h>

#include "capture/installed_kernels.h"

/**
 * struct efimap_packed_file - an initrd, or the section .initrd of a unified kernel image
 * @offset:  offset of the initrd in the file
 * @size:    size of the initrd in bytes
 * @read_at: function that reads bytes at an offset of the file; it returns the number of bytes or a
 *           negative errno
 */
struct efimap_packed_file {
	uint64_t offset;
	uint64_t size;
	ssize_t (*read_at)(void *context, uint64_t offset, uint8_t *data, size_t size);
	void *context;
};

/**
 * efimap_unpacked_size_find() - find bounds of the unpacked size
 * @ret_size: the bounds. They are unknown if the file begins with an unknown format. If
 *            the size of a part is unknown, or a later part has an unknown format or is malformed,
 *            there is no upper bound.
 *
 * Return: 0 or the error of @read_at.
 */
int efimap_unpacked_size_find(const struct efimap_packed_file *file,
			      struct efimap_unpacked_size *ret_size);

/* Find bounds of the unpacked size of an initrd at @offset in an open file. */
int efimap_unpacked_size_of(int fd, uint64_t offset, uint64_t size,
			    struct efimap_unpacked_size *ret_size);

#endif
