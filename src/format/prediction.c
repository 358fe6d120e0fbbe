/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The prediction. For people: a table of addresses beside the computed ones, a sentence on
 * what could be computed, and the findings.
 */
#include <inttypes.h>

#include "format/documents.h"
#include "format/emulation.h"
#include "format/format.h"
#include "format/grid.h"
#include "format/text.h"

/* struct predicted_row - an entry, and what the layout says of it */
struct predicted_row {
	const struct efimap_entry *entry;
	const struct efimap_layout *layout;
	const struct efimap_layout_row *row;
};

static void cell_index(const void *record, struct efimap_out *cell)
{
	const struct predicted_row *row = record;

	efimap_out_printf(cell, "%" PRIu32, row->entry->index);
}

static void cell_type(const void *record, struct efimap_out *cell)
{
	const struct predicted_row *row = record;
	char type[EFIMAP_TYPE_NAME_SIZE];

	efimap_out_puts(cell, efimap_type_name(row->entry->type, type));
}

static void cell_phys(const void *record, struct efimap_out *cell)
{
	const struct predicted_row *row = record;

	efimap_out_hex(cell, row->entry->phys);
}

static void cell_size(const void *record, struct efimap_out *cell)
{
	const struct predicted_row *row = record;
	uint64_t bytes;

	if (__builtin_mul_overflow(row->entry->pages, EFIMAP_PAGE_SIZE, &bytes))
		efimap_out_puts(cell, "16E+");
	else
		text_size(cell, bytes);
}

static void cell_virt(const void *record, struct efimap_out *cell)
{
	const struct predicted_row *row = record;

	if (row->layout->has_virt)
		efimap_out_hex(cell, row->entry->virt);
	else
		efimap_out_putc(cell, '-');
}

static void cell_computed(const void *record, struct efimap_out *cell)
{
	const struct efimap_layout_row *computed = ((const struct predicted_row *)record)->row;

	switch (computed->kind) {
	case EFIMAP_LAYOUT_EXACT:
		efimap_out_hex(cell, computed->predicted);
		return;
	case EFIMAP_LAYOUT_BOUND:
		efimap_out_puts(cell, "<= ");
		efimap_out_hex(cell, computed->bound);
		return;
	case EFIMAP_LAYOUT_OVERFLOW:
		efimap_out_putc(cell, '-');
		return;
	}
}

/* What the two addresses beside each other mean. */
static void cell_says(const void *record, struct efimap_out *cell)
{
	const struct predicted_row *row = record;
	uint64_t gap;

	if (row->row->kind == EFIMAP_LAYOUT_OVERFLOW) {
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

static const struct grid_column columns[] = {
	{ "IDX", GRID_RIGHT, cell_index },
	{ "TYPE", 0, cell_type },
	{ "PHYS", GRID_RIGHT, cell_phys },
	{ "SIZE", GRID_RIGHT, cell_size },
	{ "VIRT", 0, cell_virt },
	{ "COMPUTED", 0, cell_computed },
	{ "SAYS", 0, cell_says },
};

static int write_table(const struct efimap *map, const struct efimap_layout *layout,
		       const struct efimap_text_options *options, struct efimap_out *out)
{
	struct grid grid auto_grid = { .columns = columns,
				       .n_columns = sizeof(columns) / sizeof(columns[0]) };
	int ret = options->headings ? grid_add_headings(&grid) : 0;

	for (size_t i = 0; i < layout->n_rows && !ret; i++)
		ret = grid_add_row(&grid, &(struct predicted_row){ &map->entries[i], layout,
								   &layout->rows[i] });
	return ret ? ret : grid_write(&grid, 0, options->color, out);
}

static void put_summary(const struct efimap_layout *layout, struct efimap_out *out)
{
	text_plural(out, layout->n_rows, "entry", "entries");
	if (layout->mixed)
		efimap_out_puts(out, ", mixed mode: every entry is mapped onto itself");
	else
		efimap_out_printf(out, ", %s, walked by %s physical address",
				  layout->complete ? "the whole layout" :
						     "only bounds: freed boot-services "
						     "regions are missing",
				  efimap_layout_order_name(layout->order));
	if (layout->n_impossible)
		efimap_out_printf(out, "; %zu impossible\n", layout->n_impossible);
	else if (layout->has_virt)
		efimap_out_puts(out, layout->complete ? "; all as computed\n" :
							"; all possible\n");
	else
		efimap_out_putc(out, '\n');
}

int efimap_prediction_write_text(const struct efimap *map,
				 const struct efimap_layout *layout,
				 const struct efimap_report *report,
				 const struct efimap_text_options *options,
				 struct efimap_out *out)
{
	int ret = write_table(map, layout, options, out);

	if (ret || !options->headings)
		return ret;
	put_summary(layout, out);
	if (report->n_findings)
		efimap_out_putc(out, '\n');
	return efimap_report_write_text(report, options, out);
}

/* --- the document --- */

FIELD_WORDS(layout_order)

FIELD_GET(get_predicted_virt, struct predicted_row, number, row->entry->virt,
	  row->layout->has_virt)
FIELD_GET(get_predicted, struct predicted_row, number, row->row->predicted,
	  row->row->kind == EFIMAP_LAYOUT_EXACT)
FIELD_GET(get_bound, struct predicted_row, number,
	  row->row->bound,
	  row->row->kind == EFIMAP_LAYOUT_EXACT || row->row->kind == EFIMAP_LAYOUT_BOUND)
FIELD_GET(get_possible, struct predicted_row, number,
	  !row->layout->has_virt || efimap_layout_row_admits(row->row, row->entry),
	  true)

static const struct field predicted_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, FIELD_AT(struct predicted_row, entry),
	  .of = &efimap_entry_fields, .of_parts = ENTRY_PLACE },
	{ "virt_addr", ABOUT("virtual start; null where the source does not tell (a kernel "
	  "log)"), FIELD_HEX, FIELD_NULL, .get = get_predicted_virt },
	{ "predicted", ABOUT("what the algorithm yields; null where only a bound is known, or "
	  "nothing"), FIELD_HEX, FIELD_NULL, .get = get_predicted },
	{ "bound", ABOUT("the highest that it can yield; null where the window has no room "
	  "left, or the kernel does not map it"), FIELD_HEX, FIELD_NULL, .get = get_bound },
	{ "possible", ABOUT("the algorithm can have yielded virt_addr"), FIELD_BOOL,
	  .get = get_possible },
};
static const struct fields predicted_fields = { FIELDS("predicted", predicted_rows) };

struct prediction_document {
	const struct efimap *map;
	const struct efimap_layout *layout;
	const struct efimap_report *report;
};

FIELD_GET(get_order, struct prediction_document, number, row->layout->order, true)

static bool get_prediction(const void *record, size_t at, struct field_value *ret_value)
{
	const struct prediction_document *document = record;
	const struct predicted_row predicted = { &document->map->entries[at], document->layout,
					     &document->layout->rows[at] };

	document_set_record(ret_value, &predicted, sizeof(predicted));
	return at < document->layout->n_rows;
}

static const struct field prediction_rows[] = {
	{ "order", ABOUT("how physical addresses run along the walk in which the kernel gave "
	  "virtual ones"), FIELD_WORD, .get = get_order,
	  WORD(layout_order, EFIMAP_LAYOUT_ASCENDING) },
	{ "entries", ABOUT("by index"), FIELD_OBJECT, FIELD_LIST, .get = get_prediction,
	  .of = &predicted_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER,
	  FIELD_AT(struct prediction_document, report), .of = &efimap_report_fields,
	  .of_parts = REPORT_FINDINGS },
};
static const struct fields prediction_fields = { FIELDS("prediction", prediction_rows) };
const struct document document_prediction = {
	"efimap-prediction",
	ABOUT("Every virtual address of a runtime map recomputed, as efimapctl "
	      "predict --json writes it."),
	ABOUT(SOURCE_NAMED),
	&prediction_fields,
};

int efimap_prediction_write_json(const struct efimap *map,
				 const struct efimap_layout *layout,
				 const struct efimap_report *report,
				 struct efimap_out *out)
{
	const struct prediction_document document = { map, layout, report };

	return json_put_document(&document_prediction, map->name, false, &document, out);
}
