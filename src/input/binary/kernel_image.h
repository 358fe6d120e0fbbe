/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_BINARY_KERNEL_IMAGE_H
#define INPUT_BINARY_KERNEL_IMAGE_H

#include <sys/types.h>

#include "base/error.h"
#include "capture/installed_kernels.h"
#include "capture/recording.h"

/**
 * struct efimap_image_file - a file that may be a kernel image
 * @head:    the first EFIMAP_IMAGE_HEAD bytes, or the complete file if it is shorter
 * @read_at: function that reads bytes at an offset, and applies a filter unless @filter is NULL; it
 *           returns the number of bytes or a negative errno
 */
struct efimap_image_file {
	const char *name;
	uint64_t size;
	const uint8_t *head;
	size_t head_len;
	ssize_t (*read_at)(void *context, uint64_t offset, uint8_t *data, size_t size,
			   int (*filter)(char *data, size_t *len));
	void *context;
};

/*
 * Location of a section in the file. @size is 0 if the section is missing or empty. If @is_padded,
 * @size includes padding up to the file alignment.
 */
struct efimap_section {
	uint64_t offset;
	uint64_t size;
	bool is_padded;
};

/**
 * struct efimap_unified_image - sections of a unified kernel image (UAPI.5), which may extend
 *                               beyond the end of the file
 * @kernel:  .linux, a bzImage
 * @initrd:  .initrd
 * @release: .uname, the release of the kernel in .linux, as printed by uname -r
 */
struct efimap_unified_image {
	struct efimap_section kernel;
	struct efimap_section initrd;
	struct efimap_section release;
};

/**
 * efimap_unified_image_parse() - find the sections of a unified kernel image
 * @data: the beginning of the file, which must contain all headers
 *
 * If an image has several profiles, only the sections of the first profile are used: those before
 * the first section .profile that follows .linux.
 *
 * Return: 0; -ENOEXEC for an executable without a kernel in a section .linux, such as a boot
 * loader; or -EBADMSG. The boot loader of Lanzaboote has no kernel either: its .linux contains only
 * the path of a kernel.
 */
int efimap_unified_image_parse(const uint8_t *data, size_t size,
			       struct efimap_unified_image *ret_image);

/**
 * efimap_kernel_image_parse() - parse a kernel image
 * @ret_kernel: the kernel, which has an initrd only if the file is a unified kernel image
 *
 * Return: 0; -ENOEXEC if the file is an executable without a kernel, such as a boot loader;
 * -EBADMSG if it is no executable, or if its headers or a section of a unified kernel image are
 * truncated; or the error of @read_at.
 */
int efimap_kernel_image_parse(const struct efimap_image_file *file,
			      struct efimap_installed_kernel *ret_kernel, struct efimap_err *err);

/*
 * Clear all bytes of the head of an image that efimap_kernel_image_parse() does not use. If the
 * file is not an image, keep only the first two bytes, with which the parser also fails. Return 0
 * or -ENOMEM.
 */
int efimap_filter_image(char *data, size_t *len);

/*
 * Read an image from a file or from standard input. If @record is not NULL, record the used data,
 * with the path @key.
 */
int efimap_kernel_image_read(const char *name, struct efimap_recording *record, const char *key,
			     struct efimap_installed_kernel *ret_kernel, struct efimap_err *err);

#endif
