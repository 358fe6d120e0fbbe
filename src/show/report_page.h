/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page of report, and of plot: findings, a picture and tables in HTML. */
#ifndef SHOW_REPORT_PAGE_H
#define SHOW_REPORT_PAGE_H

#include "base/output_buffer.h"
#include "show/picture/picture.h"

/**
 * efimap_plot_write_html() - one self-contained page
 *
 * The findings and what to do, the picture, the tables, and of one kernel a snapshot, so
 * that a page is a SOURCE. It is for strangers: of the command line only what
 * efimap_redact_capture() leaves is in it. Nothing in it runs, and it loads nothing.
 *
 * Return: 0; -EFBIG the snapshot would be longer than what is read; or -ENOMEM.
 */
int efimap_plot_write_html(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out);

#endif
