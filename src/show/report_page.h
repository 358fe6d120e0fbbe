/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTML page of report and plot: findings, a picture and tables */
#ifndef SHOW_REPORT_PAGE_H
#define SHOW_REPORT_PAGE_H

#include "base/output_buffer.h"
#include "show/picture/picture.h"

/**
 * efimap_plot_write_html() - Write a self-contained page
 *
 * It has the findings and advice, the picture, the tables, and for one kernel a snapshot, so that
 * the page is a SOURCE. It is for strangers, so it contains only what efimap_redact_capture()
 * keeps of the command line. It runs no code and loads nothing.
 *
 * Return: 0; -EFBIG if the snapshot is longer than what can be read; or -ENOMEM.
 */
int efimap_plot_write_html(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out);

#endif
