/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Show predicted addresses in a dump: cells, lines below the table, and members of the document. */
#include <inttypes.h>

#include "document/json_writer.h"
#include "show/dump_predicted_addresses.h"
#include "show/dump_view.h"
#include "show/text_style.h"

/* Maximum number of entries that a list names. */
#define MAX_LISTED 16

/* The rows of the layout are in the order of the entries. */
const struct efimap_layout_row *dump_predicted(const struct dump_view *view, size_t position)
{
	return view->layout && position < view->layout->n_rows ? &view->layout->rows[position] :
								 NULL;
}

void dump_cell_predicted(const void *record, struct efimap_out *out)
{
	const struct dump_row *row = record;
	const struct efimap_layout_row *predicted = dump_predicted(row->view, row->position);

	if (predicted && predicted->kind == EFIMAP_LAYOUT_EXACT)
		efimap_out_hex(out, predicted->predicted);
}

void dump_cell_bound(const void *record, struct efimap_out *out)
{
	const struct dump_row *row = record;
	const struct efimap_layout_row *predicted = dump_predicted(row->view, row->position);

	if (predicted && predicted->kind != EFIMAP_LAYOUT_NO_SPACE)
		efimap_out_hex(out, predicted->bound);
}

static bool is_impossible(const struct dump_view *view, size_t position)
{
	const struct efimap_layout_row *predicted = dump_predicted(view, position);

	return predicted && !efimap_layout_row_allows(predicted, &view->map->entries[position]);
}

static bool has_no_space(const struct dump_view *view, size_t position)
{
	const struct efimap_layout_row *predicted = dump_predicted(view, position);

	return predicted && predicted->kind == EFIMAP_LAYOUT_NO_SPACE;
}

/* If @is_listed is true for any entries, write @text and their list, as in "runtime-map/6,8". */
static void put_list(const struct dump_view *view, const char *text,
		     bool (*is_listed)(const struct dump_view *view, size_t position),
		     struct efimap_out *out)
{
	size_t count = 0;

	for (size_t i = 0; i < view->map->n_entries; i++) {
		if (!is_listed(view, i) || count++ >= MAX_LISTED)
			continue;
		if (count == 1)
			efimap_out_printf(out, "%sruntime-map/", text);
		else
			efimap_out_putc(out, ',');
		efimap_out_printf(out, "%" PRIu32, view->map->entries[i].index);
	}
	if (count > MAX_LISTED)
		efimap_out_printf(out, " and %zu more", count - MAX_LISTED);
}

void dump_write_layout(const struct dump_view *view, const struct efimap_text_options *options,
		       struct efimap_out *out)
{
	const struct efimap_layout *layout = view->layout;
	efimap_auto_out struct efimap_out sentence = EFIMAP_OUT_MEM;

	efimap_out_puts(&sentence, "predicted addresses: ");
	if (layout->reason)
		efimap_out_printf(&sentence, "unknown: %s", layout->reason);
	else if (layout->mixed)
		efimap_out_puts(&sentence, "mixed mode identity-maps every entry");
	else
		efimap_out_printf(&sentence, "%s; the kernel maps regions in %s order of "
				  "physical address",
				  layout->complete ? "exact" :
						     "upper bounds, because freed boot services "
						     "regions are missing",
				  efimap_layout_order_name(layout->order));
	if (!layout->reason)
		put_list(view, "; no space left in the EFI runtime virtual address range for ",
			 has_no_space, &sentence);
	if (!layout->reason && layout->has_virt && layout->n_impossible)
		put_list(view, "; impossible: ", is_impossible, &sentence);
	else if (!layout->reason && layout->has_virt)
		efimap_out_puts(&sentence, layout->complete ? "; all match" : "; all possible");
	text_sentence(out, &sentence, 0, options->width);
}

FIELD_GET(get_reason, struct efimap_layout, text, row->reason, row->reason)
FIELD_GET(get_order, struct efimap_layout, number, row->order, !row->reason)
FIELD_GET(get_complete, struct efimap_layout, number, row->complete, true)
FIELD_GET(get_mixed, struct efimap_layout, number, row->mixed, true)
FIELD_GET(get_impossible, struct efimap_layout, number, row->n_impossible,
	  row->has_virt && !row->reason)

static const struct field dump_layout_rows[] = {
	{ "reason", ABOUT("why no address is predicted; null if addresses are predicted"),
	  FIELD_TEXT, FIELD_NULL, .get = get_reason },
	{ "order",
	  ABOUT("order in which the kernel assigns virtual addresses to the regions: by "
		"ascending or descending physical address; null if no address is predicted"),
	  FIELD_WORD, FIELD_NULL, .get = get_order,
	  WORD(layout_order, EFIMAP_LAYOUT_ASCENDING) },
	{ "complete",
	  ABOUT("whether all predicted addresses are exact, not upper bounds"),
	  FIELD_BOOL, .get = get_complete },
	{ "mixed",
	  ABOUT("whether the kernel runs in mixed mode (a 64-bit kernel on 32-bit "
		"firmware), where it identity-maps every entry"),
	  FIELD_BOOL, .get = get_mixed },
	{ "impossible",
	  ABOUT("number of entries whose virtual address the kernel's algorithm cannot "
		"yield; null if virtual addresses were not read, or no address is "
		"predicted"),
	  FIELD_NUMBER, FIELD_NULL, .get = get_impossible },
};
const struct fields dump_layout_fields = {
	FIELDS("dump_layout", dump_layout_rows),
	.on_lines = true,
};
