/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REHEARSE_INITRD_H
#define REHEARSE_INITRD_H

#include "base/out.h"

/** initrd_pad() - zeros up to where an archive may begin */
void initrd_pad(struct efimap_out *out);
/**
 * initrd_put() - append the archive that has our init; @out is padded
 * @then: @size bytes of the kernel that init starts when it is done; none if @size is 0
 */
void initrd_put(struct efimap_out *out, const void *then, size_t size);

#endif
