/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The layout of a grid by libsmartcols: the only file that includes it. Our cells are
 * printable ASCII already, so its own escaping (which would escape our escapes) is off.
 */
#include <errno.h>
#include <stdlib.h>

#include <libsmartcols.h>

#include <efimap/cleanup.h>

#include "grid.h"

static void table_unref(struct libscols_table **table)
{
	scols_unref_table(*table);
}

static int add_columns(const struct grid *grid, struct libscols_table *table)
{
	for (size_t i = 0; i < grid->columns; i++) {
		int flags = SCOLS_FL_WRAP | (grid->right[i] ? SCOLS_FL_RIGHT : 0);
		struct libscols_column *column =
			scols_table_new_column(table, NULL, 0, flags);

		if (!column || scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
							 scols_wrapnl_nextchunk, NULL))
			return -ENOMEM;
	}
	return 0;
}

static int add_row(const struct grid *grid, size_t row, struct libscols_table *table)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);

	if (!line)
		return -ENOMEM;
	for (size_t i = 0; i < grid->columns; i++)
		if (scols_line_set_data(line, i, grid_cell(grid, row, i)))
			return -ENOMEM;
	return 0;
}

static int set_up(struct libscols_table *table)
{
	/* Widths are ours to decide, and must not depend on a terminal. */
	if (scols_table_enable_noheadings(table, 1) ||
	    scols_table_enable_noencoding(table, 1) ||
	    scols_table_enable_nowrap(table, 0) ||
	    scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER) ||
	    scols_table_set_column_separator(table, " "))
		return -ENOMEM;
	return 0;
}

int grid_layout_smartcols(const struct grid *grid, struct efimap_out *out)
{
	__attribute__((cleanup(table_unref))) struct libscols_table *table = NULL;
	efimap_auto_free char *text = NULL;
	int r;

	scols_init_debug(0);
	table = scols_new_table();
	if (!table)
		return -ENOMEM;
	r = set_up(table);
	if (!r)
		r = add_columns(grid, table);
	for (size_t row = 0; !r && row < grid_rows(grid); row++)
		r = add_row(grid, row, table);
	if (r || !grid->n_cells)
		return r;
	r = scols_print_table_to_string(table, &text);
	if (r)
		return r;
	efimap_out_puts(out, text);
	efimap_out_putc(out, '\n');
	return out->error;
}
