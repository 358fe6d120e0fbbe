/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lay out and write a table: aligned cells after a margin, with a styled heading. Cells are
 * printable ASCII, so a byte is a column of the terminal. If the terminal is too narrow, lists
 * continue on further lines.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape_text.h"
#include "show/text_style.h"
#include "show/text_table.h"

/* The smallest width of a list. A narrower one would have a single word on each line. */
#define MIN_LIST_WIDTH ((size_t)12)
/* Number of blanks at the start of each line */
#define MARGIN ((size_t)1)

/* --- rows --- */

static const struct text_table_column *column_at(const struct text_table *table, size_t at)
{
	return &table->columns[table->chosen ? table->chosen[at] : at];
}

static bool is_set_off(const struct text_table *table, size_t at)
{
	return at && column_at(table, at)->flags & TABLE_SET_OFF;
}

static int add_cell(struct text_table *table, const char *text)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;
	char *copy;
	int ret = efimap_array_reserve(&table->cells, table->n_cells, &table->capacity,
				       sizeof(*table->cells));

	if (ret)
		return ret;
	if (is_set_off(table, table->n_cells % table->n_columns))
		efimap_out_putc(&cell, ' ');
	efimap_out_ascii(&cell, text);
	if (cell.error)
		return cell.error;
	copy = efimap_arena_strndup(&table->arena, cell.used ? cell.data : "", cell.used);
	if (!copy)
		return -ENOMEM;
	table->cells[table->n_cells++] = copy;
	return 0;
}

int text_table_add_headings(struct text_table *table)
{
	int ret = 0;

	table->is_headed = true;
	for (size_t i = 0; i < table->n_columns && !ret; i++)
		ret = add_cell(table, column_at(table, i)->name);
	return ret;
}

static void put_both(text_table_cell_fn *cell, const struct efimap_entry *const *both,
		     struct efimap_out *out)
{
	size_t first, second;

	cell(both[0] ? &both[0] : &both[1], out);
	first = out->used;
	if (!both[0] || !both[1])
		return;
	efimap_out_puts(out, " -> ");
	second = out->used;
	cell(&both[1], out);
	if (!out->error && out->used - second == first &&
	    memcmp(out->data, out->data + second, first) == 0)
		out->used = first;
}

void text_table_put_cell(const struct text_table_column *column, const void *row,
			 struct efimap_out *out)
{
	if (column->missing_values &&
	    column->missing_values & text_table_entry_of(row)->missing_values)
		efimap_out_putc(out, '?');
	else if (column->flags & TABLE_BOTH)
		put_both(column->cell, row, out);
	else
		column->cell(row, out);
}

int text_table_add_row(struct text_table *table, const void *row)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;
	int ret = 0;

	for (size_t i = 0; i < table->n_columns && !ret; i++) {
		cell.used = 0;
		text_table_put_cell(column_at(table, i), row, &cell);
		efimap_out_putc(&cell, '\0');
		ret = cell.error ? cell.error : add_cell(table, cell.data);
	}
	return ret;
}

void text_table_free(struct text_table *table)
{
	free(table->cells);
	efimap_arena_free(&table->arena);
}

/* --- lists on a narrow terminal --- */

/* Return the width of the longest line in a cell. */
static size_t longest_line(const char *text)
{
	size_t longest = 0;

	while (*text) {
		const size_t len = strcspn(text, "\n");

		longest = len > longest ? len : longest;
		text += len + (text[len] == '\n');
	}
	return longest;
}

/* Return the width of the table if lists are at most @cap wide. */
static size_t total_width(const struct text_table *table, const size_t *widths, size_t cap)
{
	size_t total = MARGIN + table->n_columns - 1;

	for (size_t i = 0; i < table->n_columns; i++) {
		const bool is_broken = column_at(table, i)->flags & TABLE_LIST && widths[i] > cap;

		total += is_broken ? cap : widths[i];
	}
	return total;
}

/* Store the width of each column. */
static void find_widths(const struct text_table *table, size_t widths[TABLE_MAX_COLUMNS])
{
	memset(widths, 0, TABLE_MAX_COLUMNS * sizeof(*widths));
	for (size_t i = 0; i < table->n_cells; i++) {
		const size_t width = longest_line(table->cells[i]);

		if (widths[i % table->n_columns] < width)
			widths[i % table->n_columns] = width;
	}
}

/*
 * Return the widest limit of lists with which the table fits the terminal, or SIZE_MAX if it fits
 * without. One limit for all lists makes the widest ones shrink first.
 */
static size_t find_cap(const struct text_table *table, const size_t *widths, size_t width)
{
	size_t cap = MIN_LIST_WIDTH, too_large = SIZE_MAX;

	if (!width || total_width(table, widths, too_large) <= width)
		return SIZE_MAX;
	while (too_large - cap > 1) {
		const size_t middle = cap + (too_large - cap) / 2;

		if (total_width(table, widths, middle) <= width)
			cap = middle;
		else
			too_large = middle;
	}
	return cap;
}

/*
 * Break a list after commas so that no line is longer than @limit, unless a word is. The blank
 * that sets a column off is repeated on each line.
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

/* Break all lists that are wider than @cap. */
static int narrow_lists(struct text_table *table, size_t cap)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < table->n_cells; i++) {
		const size_t column = i % table->n_columns;

		if (!(column_at(table, column)->flags & TABLE_LIST) ||
		    strlen(table->cells[i]) <= cap)
			continue;
		cell.used = 0;
		break_list(table->cells[i], cap, is_set_off(table, column), &cell);
		if (cell.error)
			return cell.error;
		table->cells[i] = efimap_arena_strndup(&table->arena, cell.data, cell.used);
		if (!table->cells[i])
			return -ENOMEM;
	}
	return 0;
}

/* --- output --- */

/*
 * Write the first line of the rest of each cell, and advance @left. Return whether any text is
 * left.
 */
static bool lay_out(const struct text_table *table, const size_t *widths,
		    const char **left, struct efimap_out *line)
{
	bool is_left = false;

	line->used = 0;
	for (size_t i = 0; i < table->n_columns; i++) {
		const size_t len = strcspn(left[i], "\n");
		const size_t blanks = widths[i] - len;
		const bool is_right = column_at(table, i)->flags & TABLE_RIGHT;

		text_blanks(line, i ? 1 : 0);
		text_blanks(line, is_right ? blanks : 0);
		efimap_out_write(line, left[i], len);
		text_blanks(line, is_right ? 0 : blanks);
		left[i] += len + (left[i][len] == '\n');
		is_left |= *left[i] != '\0';
	}
	return is_left;
}

static void put_line(const struct efimap_out *line, bool heading, struct efimap_out *out)
{
	size_t len = line->used;

	while (len && line->data[len - 1] == ' ')
		len--;
	style_begin(out, heading, STYLE_HEADING);
	if (len)
		text_blanks(out, MARGIN);
	efimap_out_write(out, line->data, len);
	style_end(out, heading);
	efimap_out_putc(out, '\n');
}

int text_table_write(struct text_table *table, size_t width, bool color,
		     struct efimap_out *out)
{
	struct efimap_out line efimap_auto_out = EFIMAP_OUT_MEM;
	size_t widths[TABLE_MAX_COLUMNS], cap;
	int ret = 0;

	find_widths(table, widths);
	cap = find_cap(table, widths, width);
	if (cap != SIZE_MAX) {
		ret = narrow_lists(table, cap);
		find_widths(table, widths);
	}
	for (size_t at = 0; at < table->n_cells && !ret; at += table->n_columns) {
		const char *left[TABLE_MAX_COLUMNS];
		bool is_left;

		memcpy(left, &table->cells[at], table->n_columns * sizeof(*left));
		do {
			is_left = lay_out(table, widths, left, &line);
			put_line(&line, color && table->is_headed && at == 0, out);
			ret = line.error;
		} while (!ret && is_left);
	}
	return ret ? ret : out->error;
}
