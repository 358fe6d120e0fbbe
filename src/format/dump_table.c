/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dump as a table for people: the grid of cells, one line that sums it up, and the
 * findings. On a terminal that is too narrow, lists go on below themselves after a comma;
 * nothing is ever cut.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "format/dump.h"
#include "format/grid.h"
#include "format/style.h"
#include "format/text.h"
#include "model/traits.h"

/* A list is not made narrower than this: it would be a ladder of single words. */
#define MIN_LIST_WIDTH ((size_t)12)
/* The blank that every line of a table starts with. */
#define MARGIN ((size_t)1)

static size_t longest(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Columns of the grid: which one of dump, how wide, how wide it may become. */
struct layout {
	const size_t *columns;
	size_t count;
	bool right[EFIMAP_MAX_COLUMNS];
	size_t widths[EFIMAP_MAX_COLUMNS];
	size_t limits[EFIMAP_MAX_COLUMNS];
};

static bool is_set_off(const struct layout *layout, size_t i)
{
	return i && column_is_set_off(layout->columns[i]);
}

static int add_cell(struct grid *grid, struct layout *layout, struct efimap_out *cell)
{
	size_t i = grid->n_cells % grid->columns;

	if (cell->error)
		return cell->error;
	layout->widths[i] = longest(layout->widths[i], cell->used);
	return grid_add(grid, cell->used ? cell->data : "", cell->used);
}

static int add_headings(struct grid *grid, struct layout *layout)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;
	int r = 0;

	for (size_t i = 0; i < layout->count && !r; i++) {
		cell.used = 0;
		if (is_set_off(layout, i))
			efimap_out_putc(&cell, ' ');
		efimap_out_puts(&cell, efimap_dump_column(layout->columns[i])->name);
		r = add_cell(grid, layout, &cell);
	}
	return r;
}

static int add_entry(struct grid *grid, struct layout *layout, struct dump_view *view,
		     size_t position)
{
	struct efimap_out raw efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;
	int r = 0;

	for (size_t i = 0; i < layout->count && !r; i++) {
		raw.used = cell.used = 0;
		column_put_cell(layout->columns[i], view, position, &raw);
		efimap_out_putc(&raw, '\0');
		if (raw.error)
			return raw.error;
		if (is_set_off(layout, i))
			efimap_out_putc(&cell, ' ');
		text_ascii(&cell, raw.data);
		r = add_cell(grid, layout, &cell);
	}
	return r;
}

/* The width of a column whose lists are broken at @cap. */
static size_t capped(const struct layout *layout, size_t i, size_t cap)
{
	bool fits = !column_is_list(layout->columns[i]) || layout->widths[i] <= cap;

	return fits ? layout->widths[i] : cap;
}

static size_t total_width(const struct layout *layout, size_t cap)
{
	size_t total = MARGIN + layout->count - 1;

	for (size_t i = 0; i < layout->count; i++)
		total += capped(layout, i, cap);
	return total;
}

/*
 * Where the table is too wide for the terminal, the widest lists give way first: one cap
 * for all of them, as large as fits. Return: is there anything to break?
 */
static bool find_limits(struct layout *layout, size_t width)
{
	size_t cap = MIN_LIST_WIDTH, too_large = SIZE_MAX;

	if (!width || total_width(layout, too_large) <= width)
		return false;
	while (too_large - cap > 1) {
		size_t middle = cap + (too_large - cap) / 2;

		if (total_width(layout, middle) <= width)
			cap = middle;
		else
			too_large = middle;
	}
	for (size_t i = 0; i < layout->count; i++)
		layout->limits[i] = capped(layout, i, cap);
	return true;
}

/*
 * Break a list after commas so that no line is longer than @limit, if words allow. The
 * blank that sets a column off is repeated on each line.
 */
static void break_list(const char *text, size_t limit, bool set_off,
		       struct efimap_out *out)
{
	size_t line = 0;

	if (set_off && *text == ' ') {
		efimap_out_putc(out, ' ');
		text++;
		line = 1;
	}
	while (*text) {
		size_t len = strcspn(text, ",");

		if (text[len])
			len++;
		if (line > (set_off ? 1 : 0) && line + len > limit) {
			efimap_out_puts(out, set_off ? "\n " : "\n");
			line = set_off ? 1 : 0;
		}
		efimap_out_write(out, text, len);
		line += len;
		text += len;
	}
}

/* The same grid with its lists broken. */
static int narrow(struct grid *grid, const struct layout *layout)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < grid->n_cells; i++) {
		size_t column = i % grid->columns;
		const char *text = grid->cells[i];

		if (!column_is_list(layout->columns[column]) ||
		    strlen(text) <= layout->limits[column])
			continue;
		cell.used = 0;
		break_list(text, layout->limits[column], is_set_off(layout, column),
			   &cell);
		if (cell.error)
			return cell.error;
		text = efimap_arena_strndup(&grid->arena, cell.data, cell.used);
		if (!text)
			return -ENOMEM;
		grid->cells[i] = text;
	}
	return 0;
}

static int fill(struct grid *grid, struct layout *layout, struct dump_view *view,
		const struct efimap_dump_options *options)
{
	int r = options->headings ? add_headings(grid, layout) : 0;

	for (size_t i = 0; i < view->map->n_entries && !r; i++)
		r = add_entry(grid, layout, view, i);
	if (!r && find_limits(layout, options->width))
		r = narrow(grid, layout);
	return r;
}

static int put_grid(struct dump_view *view, const struct efimap_dump_options *options,
		    struct efimap_out *out)
{
	struct layout layout = { .columns = options->columns,
				 .count = options->n_columns };
	struct grid grid = { .columns = layout.count, .right = layout.right };
	int r;

	for (size_t i = 0; i < layout.count; i++)
		layout.right[i] = column_is_right(layout.columns[i]);
	r = fill(&grid, &layout, view, options);
	if (!r)
		r = grid_write(&grid, options->headings && options->color, out);
	grid_free(&grid);
	return r;
}

int dump_write_table(struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out)
{
	int r = put_grid(view, options, out);

	if (r || !options->headings)
		return r;
	return dump_write_summary(view, options, out);
}
