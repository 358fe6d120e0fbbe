/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives of cpio's "newc" format, which the kernel unpacks and the guest sends
 * (Documentation/driver-api/early-userspace/buffer-format.rst).
 */
#ifndef REHEARSE_CPIO_ARCHIVE_H
#define REHEARSE_CPIO_ARCHIVE_H

#include <stddef.h>

#include "base/error.h"
#include "base/output_buffer.h"
#include "capture/capture.h"

/**
 * archive_put_initrd() - our init as an archive, behind what is there already
 * @then: a kernel that it starts, with an initramfs of the same init; @size 0 for none
 */
void archive_put_initrd(struct efimap_out *out, const void *then, size_t size);

/**
 * archive_read() - the next archive that a guest sent, as the tree that it is of
 * @ret_map: NULL where there is none, or not its end
 *
 * The guest is whatever the user boots: nothing in it is believed.
 */
int archive_read(const char **data, const char *end, struct efimap **ret_map,
		 struct efimap_err *err);

#endif
