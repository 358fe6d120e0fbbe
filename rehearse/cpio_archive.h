/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read and write archives in cpio's "newc" format
 * (Documentation/driver-api/early-userspace/buffer-format.rst). The guest kernel unpacks such an
 * archive as its initramfs, and the guest's init sends another archive back.
 */
#ifndef REHEARSE_CPIO_ARCHIVE_H
#define REHEARSE_CPIO_ARCHIVE_H

#include "base/error.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "capture/recording.h"

/**
 * archive_put_initrd() - append an archive with the guest's init to @out
 * @image: image of the second kernel, which the guest's init loads with an initramfs that contains
 *         the same init
 * @size:  size of @image; 0 if there is no second kernel
 */
void archive_put_initrd(struct out *out, const void *image, size_t size);

/**
 * archive_read() - read the next archive that the guest sent
 * @data:    the start of the archive; advanced beyond the members that were read
 * @record:  an empty recording, which receives the parts of the archive that are used
 * @ret_map: the capture in the archive, or NULL if there is no archive or its end is missing
 *
 * The user may boot any kernel in the guest, so the data from the guest is untrusted.
 *
 * Return: 0, or a negative errno. On failure, set @err.
 */
int archive_read(const char **data, const char *end, struct recording *record,
		 struct efimap **ret_map, struct err *err);

/**
 * archive_load_error() - read the errno with which the guest failed to load the second kernel
 * @data: the data after the archive of the first kernel
 *
 * Return: a positive errno, or 0 if the guest did not send one.
 */
int archive_load_error(const char *data, const char *end);

#endif
