/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The prediction for people: a table of addresses beside the computed ones, a sentence on
 * what could be computed, and the findings.
 */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "format/emulation.h"
#include "format/format.h"
#include "format/grid.h"
#include "format/style.h"
#include "format/text.h"

static const char *const headings[] = { "IDX", "TYPE", "PHYS", "SIZE", "VIRT", "COMPUTED",
					"SAYS" };
static const bool is_right[] = { true, false, true, true, false, false, false };

#define N_COLUMNS (sizeof(headings) / sizeof(headings[0]))

struct row {
	const struct efimap_entry *entry;
	const struct efimap_layout *layout;
	const struct efimap_layout_row *row;
};

static void put_computed(const struct row *row, struct efimap_out *cell)
{
	switch (row->row->kind) {
	case EFIMAP_LAYOUT_EXACT:
		efimap_out_hex(cell, row->row->predicted);
		return;
	case EFIMAP_LAYOUT_BOUND:
		efimap_out_puts(cell, "<= ");
		efimap_out_hex(cell, row->row->bound);
		return;
	case EFIMAP_LAYOUT_OVERFLOW:
	case EFIMAP_LAYOUT_UNMAPPED:
		efimap_out_putc(cell, '-');
		return;
	}
}

/* What the two addresses beside each other mean. */
static void put_says(const struct row *row, struct efimap_out *cell)
{
	uint64_t gap;

	if (row->row->kind == EFIMAP_LAYOUT_UNMAPPED) {
		efimap_out_puts(cell, "not mapped");
	} else if (row->row->kind == EFIMAP_LAYOUT_OVERFLOW) {
		efimap_out_puts(cell, "no room left in the window");
	} else if (!row->layout->has_virt) {
		efimap_out_puts(cell, "computed");
	} else if (!efimap_layout_row_admits(row->row, row->entry)) {
		efimap_out_puts(cell, "impossible");
	} else if (row->entry->virt == row->row->bound) {
		efimap_out_puts(cell, "as computed");
	} else {
		gap = (row->row->bound - row->entry->virt) / EFIMAP_LAYOUT_STEP;
		efimap_out_printf(cell, "possible, %" PRIu64 " x 2 MiB lower", gap);
	}
}

static void put_size(const struct efimap_entry *entry, struct efimap_out *cell)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(entry->pages, EFIMAP_PAGE_SIZE, &bytes))
		efimap_out_puts(cell, "16E+");
	else
		text_size(cell, bytes);
}

static void put_cell(const struct row *row, size_t column, struct efimap_out *cell)
{
	char type[EFIMAP_TYPE_NAME_SIZE];

	switch (column) {
	case 0:
		efimap_out_printf(cell, "%" PRIu32, row->entry->index);
		return;
	case 1:
		efimap_out_puts(cell, efimap_type_name(row->entry->type, type));
		return;
	case 2:
		efimap_out_hex(cell, row->entry->phys);
		return;
	case 3:
		put_size(row->entry, cell);
		return;
	case 4:
		if (row->layout->has_virt)
			efimap_out_hex(cell, row->entry->virt);
		else
			efimap_out_putc(cell, '-');
		return;
	case 5:
		put_computed(row, cell);
		return;
	default:
		put_says(row, cell);
		return;
	}
}

static int add_row(struct grid *grid, const struct row *row)
{
	efimap_auto_out struct efimap_out cell = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < N_COLUMNS && !cell.error; i++) {
		cell.used = 0;
		put_cell(row, i, &cell);
		if (!cell.error)
			cell.error = grid_add(grid, cell.data, cell.used);
	}
	return cell.error;
}

static int fill(struct grid *grid, const struct efimap *map,
		const struct efimap_layout *layout, bool with_headings)
{
	int ret = 0;

	for (size_t i = 0; with_headings && i < N_COLUMNS && !ret; i++)
		ret = grid_add(grid, headings[i], strlen(headings[i]));
	for (size_t i = 0; i < layout->n_rows && !ret; i++)
		ret = add_row(grid, &(struct row){ &map->entries[i], layout,
						   &layout->rows[i] });
	return ret;
}

static size_t count_impossible(const struct efimap *map, const struct efimap_layout *layout)
{
	size_t count = 0;

	for (size_t i = 0; layout->has_virt && i < layout->n_rows; i++)
		count += !efimap_layout_row_admits(&layout->rows[i], &map->entries[i]);
	return count;
}

static void put_summary(const struct efimap *map, const struct efimap_layout *layout,
			struct efimap_out *out)
{
	const size_t impossible = count_impossible(map, layout);

	text_plural(out, layout->n_rows, "entry", "entries");
	if (layout->mixed)
		efimap_out_puts(out, ", mixed mode: every entry is mapped onto itself");
	else
		efimap_out_printf(out, ", %s, walked by %s physical address",
				  layout->complete ? "the whole layout" :
						     "only bounds: freed boot-services "
						     "regions are missing",
				  efimap_layout_order_name(layout->order));
	if (layout->has_virt && impossible)
		efimap_out_printf(out, "; %zu impossible\n", impossible);
	else if (layout->has_virt)
		efimap_out_puts(out, layout->complete ? "; all as computed\n" :
							"; all possible\n");
	else
		efimap_out_putc(out, '\n');
}

int efimap_prediction_write_text(const struct efimap *map,
				 const struct efimap_layout *layout,
				 const struct efimap_report *report,
				 const struct efimap_emulation_options *options,
				 struct efimap_out *out)
{
	const struct efimap_text_options text = {
		.color = options->color,
		.verbose = options->verbose,
		.notes = true,
	};
	struct grid grid = { .columns = N_COLUMNS, .right = is_right };
	int ret = fill(&grid, map, layout, options->headings);

	if (!ret)
		ret = grid_write(&grid, options->headings && options->color, out);
	grid_free(&grid);
	if (ret || !options->headings)
		return ret;
	put_summary(map, layout, out);
	if (report->n_findings)
		efimap_out_putc(out, '\n');
	return efimap_report_write_text(report, &text, out);
}
