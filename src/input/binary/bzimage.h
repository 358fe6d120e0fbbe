/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_BINARY_BZIMAGE_H
#define INPUT_BINARY_BZIMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/kernel_image.h"

/* Return -EBADMSG if the data is not a bzImage or ends within its header. */
int efimap_bzimage_parse(const uint8_t *data, size_t size, const char *where,
			 struct efimap_image *ret_image, struct efimap_err *err);

/*
 * Return -EBADMSG if a file of @size bytes is truncated. Both loaders load a truncated bzImage, and
 * the kernel then crashes.
 */
int efimap_bzimage_check_size(const struct efimap_image *image, uint64_t size,
			      struct efimap_err *err);

#endif
