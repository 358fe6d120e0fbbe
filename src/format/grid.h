/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A grid of short texts that is laid out as a table. */
#ifndef FORMAT_GRID_H
#define FORMAT_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/out.h"

/**
 * struct grid - rows and columns of texts
 * @columns:  how many
 * @n_cells:  cells so far, a heading row included
 * @cells:    row by row; printable ASCII, and in a column that is not right-aligned '\n'
 *            where a cell goes on in a further line
 * @right:    per column: right-aligned?
 * @capacity: of @cells
 * @arena:    owns the texts
 */
struct grid {
	size_t columns;
	size_t n_cells;
	const char **cells;
	const bool *right;
	size_t capacity;
	struct efimap_arena arena;
};

/** grid_add() - append a cell (a row is complete after @columns of them); 0 or -ENOMEM */
int grid_add(struct grid *grid, const char *text, size_t len);
/** grid_rows() - complete rows */
size_t grid_rows(const struct grid *grid);
/** grid_free() - free all */
void grid_free(struct grid *grid);

/**
 * grid_write() - lay it out and write it: each line behind a margin of one blank, without
 * blanks at its end
 * @heading: show the first line as a heading
 */
int grid_write(const struct grid *grid, bool heading, struct efimap_out *out);

#endif
