/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_BINARY_UNPACKED_SIZE_H
#define INPUT_BINARY_UNPACKED_SIZE_H

#include "capture/installed_kernels.h"

/**
 * unpacked_size_of() - find bounds of the unpacked size of an initrd
 * @fd:       file that contains @size bytes of the initrd at @offset
 * @ret_size: the bounds. They are unknown if the initrd begins with an unknown format. If the size
 *            of a part is unknown, or a later part has an unknown format or is malformed, there is
 *            no upper bound. The initrd is cut if its last part ends before the end that the format
 *            of this part requires.
 *
 * Return: 0 or the negative errno of a read.
 */
int unpacked_size_of(int fd, uint64_t offset, uint64_t size, struct unpacked_size *ret_size);

#endif
