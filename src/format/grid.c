/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The grid itself, and its layout without a library. Knows no entries and no colours. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "format/grid.h"

int grid_add(struct grid *grid, const char *text, size_t len)
{
	char *copy;
	int r = efimap_array_reserve(&grid->cells, grid->n_cells, &grid->capacity,
				     sizeof(*grid->cells));

	if (r)
		return r;
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

const char *grid_cell(const struct grid *grid, size_t row, size_t column)
{
	return grid->cells[row * grid->columns + column];
}

void grid_free(struct grid *grid)
{
	free(grid->cells);
	efimap_arena_free(&grid->arena);
	grid->cells = NULL;
	grid->n_cells = grid->capacity = 0;
}

static size_t line_length(const char *text)
{
	return strcspn(text, "\n");
}

static size_t cell_width(const char *text)
{
	size_t width = line_length(text);

	while (text[line_length(text)]) {
		text += line_length(text) + 1;
		if (line_length(text) > width)
			width = line_length(text);
	}
	return width;
}

static void measure(const struct grid *grid, size_t *widths)
{
	for (size_t i = 0; i < grid->n_cells; i++) {
		size_t width = cell_width(grid->cells[i]);

		if (width > widths[i % grid->columns])
			widths[i % grid->columns] = width;
	}
}

static void put_blanks(struct efimap_out *out, size_t count)
{
	while (count--)
		efimap_out_putc(out, ' ');
}

/* One line of a row; @rest points to what is left of each cell. */
static bool put_line(const struct grid *grid, const size_t *widths, const char **rest,
		     struct efimap_out *out)
{
	bool more = false;

	for (size_t i = 0; i < grid->columns; i++) {
		size_t len = line_length(rest[i]);

		if (i)
			efimap_out_putc(out, ' ');
		if (grid->right[i])
			put_blanks(out, widths[i] - len);
		efimap_out_write(out, rest[i], len);
		if (!grid->right[i] && i + 1 < grid->columns)
			put_blanks(out, widths[i] - len);
		rest[i] += len;
		if (*rest[i]) {
			rest[i]++;
			more = true;
		}
	}
	efimap_out_putc(out, '\n');
	return more;
}

int grid_layout_plain(const struct grid *grid, struct efimap_out *out)
{
	efimap_auto_free size_t *widths = calloc(grid->columns, sizeof(*widths));
	efimap_auto_free const char **rest = calloc(grid->columns, sizeof(*rest));

	if (!widths || !rest)
		return -ENOMEM;
	measure(grid, widths);
	for (size_t row = 0; row < grid_rows(grid); row++) {
		memcpy(rest, grid->cells + row * grid->columns,
		       grid->columns * sizeof(*rest));
		while (put_line(grid, widths, rest, out))
			;
	}
	return out->error;
}
