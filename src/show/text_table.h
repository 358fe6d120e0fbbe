/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_TEXT_TABLE_H
#define SHOW_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/alloc.h"
#include "base/output_buffer.h"

/*
 * Flags of a column.
 *
 * @TABLE_RIGHT:   the column is right-aligned
 * @TABLE_LIST:    cells are lists of words, which may be cut
 * @TABLE_SET_OFF: a second blank precedes the column
 * @TABLE_DEFAULT: dump shows the column unless -o selects other columns
 * @TABLE_ADDRESS: dump shows the column only with --address, and then by default
 * @TABLE_LAYOUT:  dump predicts addresses for the column
 */
#define TABLE_RIGHT 1
#define TABLE_LIST 2
#define TABLE_SET_OFF 4
#define TABLE_DEFAULT 8
#define TABLE_ADDRESS 16
#define TABLE_LAYOUT 32

#define TABLE_MAX_COLUMNS 64

struct text_table_column;

/** text_table_cell_fn - append the cell of a row without escaping it */
typedef void text_table_cell_fn(const struct text_table_column *column, const void *row,
				struct out *out);

/**
 * struct text_table_column - a column
 * @flags: bitwise OR of TABLE_* flags
 * @members: members of an entry in JSON that contain the column, separated by commas
 */
struct text_table_column {
	const char *name;
	unsigned int flags;
	text_table_cell_fn *cell;
	const char *members;
};

/**
 * struct text_table - the cells of a table
 * @chosen:    indices of the columns to use; NULL for the first @n_columns columns
 * @is_headed: the first row contains the headings
 * @cells:     the cells row by row, in printable ASCII
 * @arena:     owns the strings of @cells
 */
struct text_table {
	const struct text_table_column *columns;
	const size_t *chosen;
	size_t n_columns;
	bool is_headed;
	const char **cells;
	size_t n_cells;
	size_t capacity;
	struct arena arena;
};

/** text_table_add_headings() - add the headings as the first row */
void text_table_add_headings(struct text_table *table);
void text_table_add_row(struct text_table *table, const void *row);
void text_table_free(struct text_table *table);
#define auto_table __attribute__((cleanup(text_table_free)))

/**
 * text_table_write() - lay out a table and write it
 * @width: width of the terminal in columns, 0 for no limit
 * @color: write the headings in their style
 *
 * Lines have no trailing blanks. If the table is wider than @width, lists are cut and columns are
 * dropped from the right. A line below the table names the dropped columns.
 */
void text_table_write(struct text_table *table, size_t width, bool color, struct out *out);

#endif
