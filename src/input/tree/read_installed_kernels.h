/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_READ_INSTALLED_KERNELS_H
#define INPUT_TREE_READ_INSTALLED_KERNELS_H

#include "input/tree/capture_file.h"

/*
 * Parse an image. Return 0; -ENODATA if the file is empty; -ENOEXEC if it is an executable without
 * a kernel; -EBADMSG if it is truncated or not an x86 image; or another negative errno.
 */
int read_image_file(struct root *root, const char *path, struct installed_kernel *ret_kernel);

/*
 * Add an image that the kdump service loads or, if @is_for_reboot is true, that a reboot loads.
 *
 * @image:   absolute path of the image
 * @initrds: NULL-terminated list of paths of the initrd. The first path that exists is used. If
 *           none exists, the initrd is unknown. NULL means that no initrd is loaded.
 *
 * Return 0, or a negative errno as read_image_file() does.
 */
int add_named_kernel(struct root *root, struct efimap *map, const char *image,
		     const char *const *initrds, bool is_for_reboot);

/*
 * Add the kernel that the default boot loader entry names.
 *
 * @image:  absolute path of the image
 * @initrd: absolute path of the initrd, or NULL
 * @entry:  path of the entry
 *
 * Return 0; 1 if the image cannot be read; or a fatal negative errno.
 */
int add_entry_kernel(struct root *root, struct efimap *map, const char *image, const char *initrd,
		     const char *entry);

/*
 * Find the initrd at @path, which a boot loader entry names for an installed kernel. If the initrd
 * cannot be read, keep the reason. Return 0, or a fatal negative errno.
 */
int find_entry_initrd(struct root *root, struct efimap *map, struct installed_kernel *kernel,
		      const char *path);

/*
 * Add a kernel whose image or initrd could not be read. Do nothing if @error is 0.
 *
 * @kernel: the kernel. The path in its fault is that of the file that could not be read: the image,
 *          the initrd or a configuration file.
 * @error:  the negative errno of reading the file; if it is fatal, it is returned
 */
int add_unread_named(struct efimap *map, struct unread_kernel kernel, int error);

/* Add a crash kernel with add_unread_named(). @setting names @file, or is "". */
int add_unread_crash_kernel(struct efimap *map, const char *image, const char *file,
			    const char *setting, int error);

#endif
