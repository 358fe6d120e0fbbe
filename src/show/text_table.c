/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lay out and write a table of short texts. If the terminal is too narrow, lists are cut and
 * columns are dropped.
 */
#include <stdlib.h>
#include <string.h>

#include "base/escape_text.h"
#include "base/utf8.h"
#include "show/text_style.h"
#include "show/text_table.h"

/* Before a list is cut below this width, trailing columns with lists are dropped. */
#define GOOD_LIST_WIDTH ((size_t)12)
/* A list is never cut below this width. */
#define MIN_LIST_WIDTH ((size_t)7)
#define CUT "..."

static const struct text_table_column *column_at(const struct text_table *table, size_t at)
{
	return &table->columns[table->chosen ? table->chosen[at] : at];
}

static size_t cell_width(const char *cell)
{
	return utf8_columns(cell, strlen(cell));
}

static void add_cell(struct text_table *table, const char *text)
{
	struct out cell auto_out = EFIMAP_OUT_MEM;
	const size_t at = table->n_cells % table->n_columns;
	char *copy;

	if (at && column_at(table, at)->flags & TABLE_SET_OFF)
		out_putc(&cell, ' ');
	out_escaped(&cell, text);
	copy = arena_strndup(&table->arena, cell.data, cell.used);
	array_append(&table->cells, &table->n_cells, &table->capacity, &copy, sizeof(copy));
}

void text_table_add_headings(struct text_table *table)
{
	table->is_headed = true;
	for (size_t i = 0; i < table->n_columns; i++)
		add_cell(table, column_at(table, i)->name);
}

void text_table_add_row(struct text_table *table, const void *row)
{
	struct out cell auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < table->n_columns; i++) {
		const struct text_table_column *column = column_at(table, i);

		cell.used = 0;
		column->cell(column, row, &cell);
		add_cell(table, out_text(&cell));
	}
}

void text_table_free(struct text_table *table)
{
	free(table->cells);
	arena_free(&table->arena);
}

/* struct fit - the part of a table that fits: @n_columns columns, with lists cut to @cap columns */
struct fit {
	size_t n_columns;
	size_t cap;
};

static size_t total_width(const struct text_table *table, const size_t *widths,
			  const struct fit *fit)
{
	size_t total = fit->n_columns - 1;

	for (size_t i = 0; i < fit->n_columns; i++) {
		const bool is_cut = column_at(table, i)->flags & TABLE_LIST && widths[i] > fit->cap;

		total += is_cut ? fit->cap : widths[i];
	}
	return total;
}

static void find_widths(const struct text_table *table, size_t widths[TABLE_MAX_COLUMNS])
{
	memset(widths, 0, TABLE_MAX_COLUMNS * sizeof(*widths));
	for (size_t i = 0; i < table->n_cells; i++) {
		const size_t width = cell_width(table->cells[i]);

		if (widths[i % table->n_columns] < width)
			widths[i % table->n_columns] = width;
	}
}

/*
 * Drop columns from the right until the table fits with lists at most @cap wide, but keep at least
 * @least columns. Return whether the table fits.
 */
static bool drop_columns(const struct text_table *table, const size_t *widths, size_t width,
			 size_t least, size_t cap, struct fit *fit)
{
	fit->cap = cap;
	for (fit->n_columns = table->n_columns; fit->n_columns > least; fit->n_columns--)
		if (total_width(table, widths, fit) <= width)
			return true;
	return total_width(table, widths, fit) <= width;
}

/*
 * Return the part of a table that fits into @width columns. If the table is too wide, cut lists to
 * GOOD_LIST_WIDTH and drop trailing lists. If that is not sufficient, cut all lists to
 * MIN_LIST_WIDTH and drop columns from the right, but never the first column. Then raise the
 * maximum width of all lists as long as the table still fits, so that only the widest lists are
 * cut.
 */
static struct fit find_fit(const struct text_table *table, const size_t *widths, size_t width)
{
	struct fit fit = { table->n_columns, SIZE_MAX };
	size_t n_before_lists = table->n_columns;

	if (!width || total_width(table, widths, &fit) <= width)
		return fit;
	while (n_before_lists > 1 && column_at(table, n_before_lists - 1)->flags & TABLE_LIST)
		n_before_lists--;
	if (!drop_columns(table, widths, width, n_before_lists, GOOD_LIST_WIDTH, &fit))
		drop_columns(table, widths, width, 1, MIN_LIST_WIDTH, &fit);
	for (struct fit tried = fit;
	     tried.cap <= width && total_width(table, widths, &tried) <= width; tried.cap++)
		fit = tried;
	return fit;
}

void text_table_write(struct text_table *table, size_t width, bool color, struct out *out)
{
	auto_out struct out line = EFIMAP_OUT_MEM, dropped = EFIMAP_OUT_MEM;
	size_t widths[TABLE_MAX_COLUMNS];
	struct fit fit;

	find_widths(table, widths);
	fit = find_fit(table, widths, width);
	for (size_t i = 0; i < table->n_cells; i++) {
		const char **cell = &table->cells[i];

		if (!(column_at(table, i % table->n_columns)->flags & TABLE_LIST) ||
		    cell_width(*cell) <= fit.cap)
			continue;
		*cell = arena_printf(&table->arena, "%.*s" CUT,
				     (int)utf8_prefix(*cell, fit.cap - strlen(CUT)), *cell);
	}
	find_widths(table, widths);
	for (size_t at = 0; at < table->n_cells; at += table->n_columns) {
		const bool is_heading = color && table->is_headed && at == 0;

		line.used = 0;
		for (size_t i = 0; i < fit.n_columns; i++) {
			const char *cell = table->cells[at + i];
			const size_t blanks = widths[i] - cell_width(cell);
			const bool is_right = column_at(table, i)->flags & TABLE_RIGHT;

			text_blanks(&line, i ? 1 : 0);
			text_blanks(&line, is_right ? blanks : 0);
			out_puts(&line, cell);
			text_blanks(&line, is_right ? 0 : blanks);
		}
		while (line.used && line.data[line.used - 1] == ' ')
			line.used--;
		style_begin(out, is_heading, STYLE_HEADING);
		out_write(out, line.data, line.used);
		style_end(out, is_heading);
		out_putc(out, '\n');
	}
	for (size_t i = fit.n_columns; i < table->n_columns; i++)
		out_printf(&dropped, "%s%s",
			   dropped.used ? ", " : "not shown (terminal too narrow): ",
			   column_at(table, i)->name);
	if (dropped.used)
		text_sentence(out, &dropped, 0, (unsigned int)width);
}
