/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images and initrds of kernels that are installed. */
#ifndef INPUT_TREE_INSTALLED_KERNELS_H
#define INPUT_TREE_INSTALLED_KERNELS_H

#include "input/tree/capture_file.h"

efimap_read_fn efimap_read_installed_kernels;

/**
 * efimap_add_crash_kernel() - add the image at a path, as what the kdump service loads
 * @image:   absolute path
 * @initrds: paths, the first of which that is there is its initrd; ends with NULL. None of them
 *           is there: the initrd is not known. NULL: it is loaded without one
 *
 * Return: 0; 1 where the image is not there, or is no bzImage; or a fatal errno.
 */
int efimap_add_crash_kernel(struct efimap_root *root, struct efimap *map, const char *image,
			    const char *const *initrds);

#endif
