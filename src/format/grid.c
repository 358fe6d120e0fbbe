/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A grid of short texts, and its way out: laid out by libsmartcols, which no other file
 * includes, then a margin, and the heading in its style. Our cells are printable ASCII
 * already, so the library's own escaping (which would escape our escapes) is off.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/cleanup.h"
#include "format/grid.h"
#include "format/style.h"

int grid_add(struct grid *grid, const char *text, size_t len)
{
	char *copy;
	int ret = efimap_array_reserve(&grid->cells, grid->n_cells, &grid->capacity,
				       sizeof(*grid->cells));

	if (ret)
		return ret;
	copy = efimap_arena_strndup(&grid->arena, text, len);
	if (!copy)
		return -ENOMEM;
	grid->cells[grid->n_cells++] = copy;
	return 0;
}

size_t grid_rows(const struct grid *grid)
{
	return grid->n_cells / grid->columns;
}

void grid_free(struct grid *grid)
{
	free(grid->cells);
	efimap_arena_free(&grid->arena);
	grid->cells = NULL;
	grid->n_cells = grid->capacity = 0;
}

/*
 * Cells go on below themselves where they have a newline. The library has functions for
 * that too, but measures them character by character for the locale: half of its time.
 */
static size_t longest_line(const struct libscols_column *column, const char *text, void *data)
{
	size_t longest = 0;

	while (text && *text) {
		const size_t len = strcspn(text, "\n");

		longest = len > longest ? len : longest;
		text += len + (text[len] == '\n');
	}
	return longest;
}

static char *end_line(const struct libscols_column *column, char *text, void *data)
{
	char *end = text ? strchr(text, '\n') : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	return end + 1;
}

/* Widths are ours to decide, and must not depend on a terminal. */
static int set_up(struct libscols_table *table)
{
	return scols_table_enable_noheadings(table, 1) ||
			       scols_table_enable_noencoding(table, 1) ||
			       scols_table_enable_nowrap(table, 0) ||
			       scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER) ||
			       scols_table_set_column_separator(table, " ") ?
		       -ENOMEM :
		       0;
}

static int add_columns(struct libscols_table *table, const struct grid *grid)
{
	for (size_t i = 0; i < grid->columns; i++) {
		const int flags = SCOLS_FL_WRAP | (grid->right[i] ? SCOLS_FL_RIGHT : 0);
		struct libscols_column *column = scols_table_new_column(table, NULL, 0, flags);

		if (!column ||
		    scols_column_set_wrapfunc(column, longest_line, end_line, NULL))
			return -ENOMEM;
	}
	return 0;
}

static int add_rows(struct libscols_table *table, const struct grid *grid)
{
	struct libscols_line *line = NULL;

	for (size_t i = 0; i < grid->n_cells; i++) {
		if (i % grid->columns == 0)
			line = scols_table_new_line(table, NULL);
		if (!line || scols_line_set_data(line, i % grid->columns, grid->cells[i]))
			return -ENOMEM;
	}
	return 0;
}

static void unref_table(struct libscols_table **table)
{
	scols_unref_table(*table);
}

static int lay_out(const struct grid *grid, char **ret_text)
{
	efimap_cleanup(unref_table) struct libscols_table *table = scols_new_table();
	int ret = table ? set_up(table) : -ENOMEM;

	if (!ret)
		ret = add_columns(table, grid);
	if (!ret)
		ret = add_rows(table, grid);
	if (!ret)
		ret = scols_print_table_to_string(table, ret_text);
	/* Where its stream in memory could not be closed, it says 0 and gives nothing. */
	return ret ? ret : *ret_text ? 0 : -ENOMEM;
}

static void put_line(const char *line, const char *stop, bool heading, struct efimap_out *out)
{
	while (stop > line && stop[-1] == ' ')
		stop--;
	style_begin(out, heading, STYLE_HEADING);
	if (stop > line)
		efimap_out_putc(out, ' ');
	efimap_out_write(out, line, (size_t)(stop - line));
	style_end(out, heading);
	efimap_out_putc(out, '\n');
}

int grid_write(const struct grid *grid, bool heading, struct efimap_out *out)
{
	efimap_auto_free char *laid = NULL;
	const char *line, *end;
	int ret = grid->n_cells ? lay_out(grid, &laid) : 0;

	if (ret || !laid)
		return ret;
	for (line = laid; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		put_line(line, end, heading && line == laid, out);
	}
	return out->error;
}
