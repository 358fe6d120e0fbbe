/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PICTURE_TERMINAL_H
#define SHOW_PICTURE_TERMINAL_H

#include "base/output_buffer.h"
#include "show/picture/picture.h"

/**
 * efimap_plot_write_text() - draw a picture on a terminal
 *
 * Return: 0, the error of @out, -ENOMEM, or -EOVERFLOW if memmap or iomem has 2^32 - 1 or more
 * ranges. After -EOVERFLOW, nothing has been written.
 */
int efimap_plot_write_text(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out);

#endif
