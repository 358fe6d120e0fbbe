/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page for a ticket: report writes it, and plot where that is asked for one. */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "cli/cli.h"
#include "plot/plot.h"

/** page_ends_in() - does the name of a file end so, in any case? */
bool page_ends_in(const char *name, const char *end);

/**
 * page_check_name() - a usage error where @file is called as another kind of picture
 * @file: the operand of -O, or NULL
 * @how:  what it is written as
 *
 * Whoever named it so would find text in a file that no viewer shows.
 */
void page_check_name(const struct argp_state *state, const char *file, const char *how);

/**
 * page_write() - write the page, as of now or of SOURCE_DATE_EPOCH
 * @file:  the operand of -O
 * @input: what is in it
 * @rows:  see &struct efimap_plot_options
 */
enum status page_write(const char *file, const struct efimap_plot_input *input,
		       unsigned int rows);

#endif
