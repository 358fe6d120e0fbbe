/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REHEARSE_KERNELS_H
#define REHEARSE_KERNELS_H

#include "base/error.h"
#include "capture/capture.h"
#include "capture/installed_kernels.h"
#include "cli/cmd_rehearse.h"
#include "guest_memory.h"
#include "rules/load_case.h"

/**
 * struct kernel_choice - a kernel to rehearse
 * @name:      path of the image; without --kernel, a path on the machine of SOURCE
 * @installed: the entry for this kernel in SOURCE, or NULL
 * @unread:    the entry for this kernel in SOURCE if its image could not be read, or NULL
 * @question:  the question that verify answers for the kernel
 * @loader:    the loader whose data is passed to the kernel
 */
struct kernel_choice {
	const char *name;
	const struct installed_kernel *installed;
	const struct unread_kernel *unread;
	enum load_question question;
	enum kexec_loader loader;
};

struct kernel_list {
	struct kernel_choice choices[EFIMAP_MAX_KERNELS];
	size_t count;
};

/**
 * kernels_choose() - choose the kernels to rehearse
 *
 * The option --kernel names the kernels. Without this option, the kernels are the images for which
 * verify has an answer, each with the loader of its first answer. The list borrows from @asked and
 * @map.
 */
void kernels_choose(const struct rehearse *asked, const struct efimap *map,
		    struct kernel_list *ret_list);

/**
 * struct kernel_file - the image of a kernel
 * @data:      the content of the file, which the caller frees; NULL if @image is borrowed
 * @image:     the bzImage, which is the complete file or a section of a unified kernel image
 * @installed: the description of the kernel for verify
 */
struct kernel_file {
	uint8_t *data;
	struct machine_file image;
	struct installed_kernel installed;
};

/**
 * kernel_file_parse() - parse an image, and find the bzImage in a unified kernel image
 * @data: must outlive @file
 */
int kernel_file_parse(const char *name, const uint8_t *data, size_t size, struct kernel_file *file,
		      struct err *err);

/**
 * kernel_file_read() - read the image that --kernel or --second-kernel names
 *
 * The caller frees @file->data even after a failure.
 */
int kernel_file_read(const char *name, struct kernel_file *file, struct err *err);

/**
 * kernel_file_read_installed() - read the image of an installed kernel
 * @source: SOURCE, as for read_machine_file()
 * @arena: memory for the name of the image in @err
 *
 * Return: 0, -EBADMSG if the file is not the image that SOURCE describes, or another negative
 * errno.
 */
int kernel_file_read_installed(const char *source, const struct installed_kernel *installed,
			       struct kernel_file *file, struct arena *arena, struct err *err);

#endif
