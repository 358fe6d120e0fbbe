/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page for a ticket: report writes it, and plot where that is asked for one. */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "cli/cli.h"
#include "plot/plot.h"

/**
 * page_write() - write the page, as of now or of SOURCE_DATE_EPOCH
 * @file:  the operand of -O
 * @input: what is in it
 * @rows:  see &struct efimap_plot_options
 */
enum status page_write(const char *file, const struct efimap_plot_input *input,
		       unsigned int rows);

#endif
