/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the HTML page of report and plot, which contains findings, a picture and tables. */
#ifndef SHOW_REPORT_PAGE_H
#define SHOW_REPORT_PAGE_H

#include "base/output_buffer.h"
#include "show/picture/picture.h"

/**
 * efimap_plot_write_html() - Write a self-contained page
 *
 * The page contains the findings and advice, the picture, and the tables. A page about one kernel
 * also contains a snapshot, so that the page can be used as a SOURCE. The page may be public, so it
 * contains only the parts of the command line that efimap_redact_capture() keeps. The page runs no
 * code and loads nothing.
 *
 * Return: 0, the error of @out, -EFBIG if the snapshot would be too large to read, -EOVERFLOW if
 * there are more than 2^32 ranges, or -ENOMEM.
 */
int efimap_plot_write_html(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out);

#endif
