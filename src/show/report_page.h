/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_REPORT_PAGE_H
#define SHOW_REPORT_PAGE_H

#include "base/output_buffer.h"
#include "show/picture/picture.h"

/**
 * efimap_plot_write_html() - write a self-contained page
 *
 * A page about one kernel contains a snapshot, so that the page can be used as a SOURCE. The page
 * contains only the parts of the command line that efimap_redact_capture() keeps.
 *
 * Return: 0, the error of @out, -EFBIG if the snapshot would be too large to read, -EOVERFLOW if
 * memmap or iomem has 2^32 - 1 or more ranges, or -ENOMEM.
 */
int efimap_plot_write_html(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out);

#endif
