/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A grid of short texts, and its way out: laid out by libsmartcols, which no other file
 * includes, then a margin, and the heading in its style. Our cells are printable ASCII
 * already, so the library's own escaping (which would escape our escapes) is off. On a
 * terminal that is too narrow, lists go on below themselves after a comma.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/cleanup.h"
#include "format/grid.h"
#include "format/style.h"
#include "format/text.h"

/* A list is not made narrower than this: it would be a ladder of single words. */
#define MIN_LIST_WIDTH ((size_t)12)
/* The blank that every line of a table starts with. */
#define MARGIN ((size_t)1)

/* --- rows --- */

static bool is_set_off(const struct grid *grid, size_t column)
{
	return column && grid->columns[column].flags & GRID_SET_OFF;
}

static int add_cell(struct grid *grid, const char *text)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;
	char *copy;
	int ret = efimap_array_reserve(&grid->cells, grid->n_cells, &grid->capacity,
				       sizeof(*grid->cells));

	if (ret)
		return ret;
	if (is_set_off(grid, grid->n_cells % grid->n_columns))
		efimap_out_putc(&cell, ' ');
	text_ascii(&cell, text);
	if (cell.error)
		return cell.error;
	copy = efimap_arena_strndup(&grid->arena, cell.used ? cell.data : "", cell.used);
	if (!copy)
		return -ENOMEM;
	grid->cells[grid->n_cells++] = copy;
	return 0;
}

int grid_add_headings(struct grid *grid)
{
	int ret = 0;

	grid->is_headed = true;
	for (size_t i = 0; i < grid->n_columns && !ret; i++)
		ret = add_cell(grid, grid->columns[i].name);
	return ret;
}

int grid_add_row(struct grid *grid, const void *row)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;
	int ret = 0;

	for (size_t i = 0; i < grid->n_columns && !ret; i++) {
		const struct grid_column *column = &grid->columns[i];

		cell.used = 0;
		if (grid->unread && grid->unread(row) & column->unread)
			efimap_out_puts(&cell, "?");
		else
			column->cell(row, &cell);
		efimap_out_putc(&cell, '\0');
		ret = cell.error ? cell.error : add_cell(grid, cell.data);
	}
	return ret;
}

void grid_free(struct grid *grid)
{
	free(grid->cells);
	efimap_arena_free(&grid->arena);
	grid->cells = NULL;
	grid->n_cells = grid->capacity = 0;
}

/* --- lists on a narrow terminal --- */

/* The width of a column whose lists are broken at @cap. */
static size_t capped_width(const struct grid *grid, const size_t *widths, size_t i, size_t cap)
{
	const bool fits = !(grid->columns[i].flags & GRID_LIST) || widths[i] <= cap;

	return fits ? widths[i] : cap;
}

static size_t total_width(const struct grid *grid, const size_t *widths, size_t cap)
{
	size_t total = MARGIN + grid->n_columns - 1;

	for (size_t i = 0; i < grid->n_columns; i++)
		total += capped_width(grid, widths, i, cap);
	return total;
}

/*
 * Where the table is too wide for the terminal, the widest lists give way first: one cap
 * for all of them, as large as fits; SIZE_MAX where all fits as it is.
 */
static size_t find_cap(const struct grid *grid, size_t width)
{
	size_t widths[GRID_MAX_COLUMNS] = { 0 };
	size_t cap = MIN_LIST_WIDTH, too_large = SIZE_MAX;

	for (size_t i = 0; i < grid->n_cells; i++) {
		const size_t len = strlen(grid->cells[i]);

		if (widths[i % grid->n_columns] < len)
			widths[i % grid->n_columns] = len;
	}
	if (!width || total_width(grid, widths, too_large) <= width)
		return SIZE_MAX;
	while (too_large - cap > 1) {
		const size_t middle = cap + (too_large - cap) / 2;

		if (total_width(grid, widths, middle) <= width)
			cap = middle;
		else
			too_large = middle;
	}
	return cap;
}

/*
 * Break a list after commas so that no line is longer than @limit, if words allow. The
 * blank that sets a column off is repeated on each line.
 */
static void break_list(const char *text, size_t limit, bool set_off, struct efimap_out *out)
{
	const size_t indent = set_off ? 1 : 0;
	size_t line = 0;

	while (*text) {
		size_t len = strcspn(text, ",");

		if (text[len])
			len++;
		if (line > indent && line + len > limit) {
			efimap_out_puts(out, set_off ? "\n " : "\n");
			line = indent;
		}
		efimap_out_write(out, text, len);
		line += len;
		text += len;
	}
}

/* The same grid with its lists broken. */
static int narrow_lists(struct grid *grid, size_t cap)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < grid->n_cells; i++) {
		const size_t column = i % grid->n_columns;

		if (!(grid->columns[column].flags & GRID_LIST) || strlen(grid->cells[i]) <= cap)
			continue;
		cell.used = 0;
		break_list(grid->cells[i], cap, is_set_off(grid, column), &cell);
		if (cell.error)
			return cell.error;
		grid->cells[i] = efimap_arena_strndup(&grid->arena, cell.data, cell.used);
		if (!grid->cells[i])
			return -ENOMEM;
	}
	return 0;
}

/* --- the way out --- */

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
	for (size_t i = 0; i < grid->n_columns; i++) {
		const bool is_right = grid->columns[i].flags & GRID_RIGHT;
		const int flags = SCOLS_FL_WRAP | (is_right ? SCOLS_FL_RIGHT : 0);
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
		if (i % grid->n_columns == 0)
			line = scols_table_new_line(table, NULL);
		if (!line || scols_line_set_data(line, i % grid->n_columns, grid->cells[i]))
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

int grid_write(struct grid *grid, size_t width, bool color, struct efimap_out *out)
{
	const size_t cap = find_cap(grid, width);
	efimap_auto_free char *laid = NULL;
	const char *line, *end;
	int ret = cap == SIZE_MAX ? 0 : narrow_lists(grid, cap);

	if (!ret && grid->n_cells)
		ret = lay_out(grid, &laid);
	if (ret || !laid)
		return ret;
	for (line = laid; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		put_line(line, end, color && grid->is_headed && line == laid, out);
	}
	return out->error;
}
