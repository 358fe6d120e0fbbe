/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_BINARY_BZIMAGE_H
#define INPUT_BINARY_BZIMAGE_H

#include "base/error.h"
#include "capture/installed_kernels.h"

/* Copy the bytes that bzimage_parse() uses. Return false if there is no header. */
bool bzimage_copy_used(const uint8_t *data, size_t size, uint8_t *ret_used);

int bzimage_parse(const uint8_t *data, size_t size, const char *where,
		  struct kernel_image *ret_image, struct err *err);

/*
 * Check that a bzImage is not truncated. Both kexec-tools and kexec_file_load(2) accept a truncated
 * bzImage, but its kernel crashes.
 */
int bzimage_check_size(const struct kernel_image *image, uint64_t size, struct err *err);

#endif
