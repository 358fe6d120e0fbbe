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
 * struct kernel_files - the files of a kernel to add
 * @images:  NULL-terminated list of absolute paths, of which the first that exists is used
 * @initrds: as @images; NULL if no initrd is loaded
 * @release: release of the kernel, which is used if the image does not contain it; "" if unknown
 * @setting: the setting that names the files, such as "linux in /boot/loader/entries/x.conf". The
 *           running system must have the files. "" if no setting names them
 * @as:      roles of the kernel
 */
struct kernel_files {
	const char *const *images;
	const char *const *initrds;
	const char *release;
	const char *setting;
	struct installed_kernel as;
};

/*
 * Add a kernel, or an unread kernel if its image cannot be read. If no image exists, add nothing,
 * unless a setting names the image on the running system. Return the added kernel in @ret_kernel,
 * or NULL. Return 0, or a fatal negative errno.
 */
int add_kernel(struct root *root, struct efimap *map, const struct kernel_files *files,
	       struct installed_kernel **ret_kernel);

/*
 * Add the kernel that a boot loader entry names. It takes the place of an installed kernel with the
 * same release.
 *
 * @entry:  path of the entry if its files must exist; or NULL
 * @mount:  absolute path of the directory in which @image and @initrd are. If it is no file system
 *          of its own, the entry names the files with it, and it is twice in the paths.
 * @image:  absolute path of the image
 * @initrd: absolute path of the initrd, or NULL
 */
int add_entry_kernel(struct root *root, struct efimap *map, const char *entry, const char *mount,
		     const char *image, const char *initrd);

/* Add a crash kernel that is unknown because of @why in the file @where. */
int add_unknown_crash_kernel(struct efimap *map, const char *where, const char *setting,
			     const char *why);

#endif
