/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the efimap-dump document, and choose the writer for each output format of dump. */

#include "document/json_writer.h"
#include "infer/mapping_mode.h"
#include "show/dump.h"
#include "show/dump_columns.h"
#include "show/dump_text.h"
#include "show/dump_view.h"

/* Get the next label of an entry. If @at is FIELD_WHOLE, return whether the labels are known. */
static bool next_label(const struct covering_labels *labels, const struct dump_row *row,
		       size_t at, struct field_value *ret_value)
{
	size_t next = (size_t)ret_value->place;

	if (at == FIELD_WHOLE)
		return !covering_labels_not_read(labels, row->position);
	ret_value->text = covering_labels_next(labels, row->position, &next);
	ret_value->place = next;
	return ret_value->text;
}

static bool get_dump_memmap(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;

	return next_label(&row->view->memmap, row, at, ret_value);
}

static bool get_dump_iomem(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;

	return next_label(&row->view->iomem, row, at, ret_value);
}

#define PREDICTED(row) dump_predicted((row)->view, (row)->position)
FIELD_GET(get_dump_predicted, struct dump_row, number, PREDICTED(row)->predicted,
	  PREDICTED(row) && PREDICTED(row)->kind == EFIMAP_LAYOUT_EXACT)
FIELD_GET(get_dump_bound, struct dump_row, number, PREDICTED(row)->bound,
	  PREDICTED(row) && PREDICTED(row)->kind != EFIMAP_LAYOUT_NO_SPACE)
FIELD_GET(get_dump_possible, struct dump_row, number,
	  efimap_layout_row_allows(PREDICTED(row), row->entry),
	  PREDICTED(row) && row->view->layout->has_virt)

static bool get_phys_at(const void *record, size_t at, struct field_value *ret_value)
{
	return dump_row_phys_at(record, &ret_value->number);
}

static bool get_virt_at(const void *record, size_t at, struct field_value *ret_value)
{
	return dump_row_virt_at(record, &ret_value->number);
}

static const struct field at_rows[] = {
	{ "phys_addr", ABOUT("the physical address; null if it is unknown or above 2^64 - 1"),
	  FIELD_HEX, FIELD_NULL, .get = get_phys_at },
	{ "virt_addr", ABOUT("the virtual address; null if it is unknown or above 2^64 - 1"),
	  FIELD_HEX, FIELD_NULL, .get = get_virt_at },
};
static const struct fields at_fields = { FIELDS("dump_at", at_rows) };

FIELD_GET(get_at, struct dump_row, record, row, row->view->address)
FIELD_GET(get_address, struct dump_view, number, *row->address, row->address)

static bool get_virt_end(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;
	struct efimap_span span = { 0 };
	const int ret = efimap_entry_virt(row->entry, &span);

	ret_value->number = span.last;
	return row->view->members && !ret;
}

FIELD_GET(get_offset, struct dump_row, number, row->entry->virt - row->entry->phys,
	  row->view->members && row->entry->virt_from != EFIMAP_VIRT_UNKNOWN)
FIELD_GET(get_entry_mapping, struct dump_row, number, efimap_entry_mapping(row->entry),
	  row->view->members)

static const struct field dump_entry_rows[] = {
	{ .kind = FIELD_INLINE,
	  .flags = FIELD_POINTER,
	  FIELD_AT(struct dump_row, entry),
	  .of = &efimap_entry_fields,
	  .of_parts = ENTRY_SHOWN },
	{ "at",
	  ABOUT("the address that --address specifies, and the other address to which the "
		"entry maps it; absent without --address"),
	  FIELD_OBJECT, FIELD_OMIT, .get = get_at, .of = &at_fields },
	{ "memmap",
	  ABOUT("types of the memmap ranges that the entry overlaps, in ascending order "
		"of address; \"...\" at the end means that the list is incomplete; "
		"null if the entry's address, its size or the ranges are unknown"),
	  FIELD_TEXT, FIELD_LIST | FIELD_NULL, .get = get_dump_memmap },
	{ "iomem",
	  ABOUT("names of the /proc/iomem ranges that the entry overlaps, outer ranges "
		"first; \"...\" at the end means that the list is incomplete; null if the "
		"entry's address, its size or the ranges are unknown"),
	  FIELD_TEXT, FIELD_LIST | FIELD_NULL, .get = get_dump_iomem },
	{ "predicted",
	  ABOUT("virtual start that the kernel's algorithm yields; null if no exact "
		"address is predicted"),
	  FIELD_HEX, FIELD_NULL, .get = get_dump_predicted },
	{ "bound",
	  ABOUT("highest virtual start that the kernel's algorithm can yield; null if the "
		"EFI runtime virtual address range has no space left, or if the map has "
		"no prediction"),
	  FIELD_HEX, FIELD_NULL, .get = get_dump_bound },
	{ "possible",
	  ABOUT("whether virt_addr is consistent with the kernel's algorithm; null if "
		"virt_addr was not read, or if the map has no prediction"),
	  FIELD_BOOL, FIELD_NULL, .get = get_dump_possible },
	{ "virt_end", ABOUT("last virtual address; only with the column VEND, and if known"),
	  FIELD_HEX, FIELD_OMIT, .get = get_virt_end },
	{ "offset",
	  ABOUT("virt_addr minus phys_addr, modulo 2^64; only with the column OFFSET, and if "
		"known"),
	  FIELD_HEX, FIELD_OMIT, .get = get_offset },
	{ "mapping", ABOUT("kind of mapping of the entry; only with the column MODE"), FIELD_WORD,
	  FIELD_OMIT, .get = get_entry_mapping, WORD(mapping, EFIMAP_MAPPING_MIXED) },
};
static const struct fields dump_entry_fields = { FIELDS("dump_entry", dump_entry_rows),
						 .is_selectable = true };

static bool get_column(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_view *view = record;

	if (!view->members || (at != FIELD_WHOLE && at >= view->options->n_columns))
		return false;
	if (at != FIELD_WHOLE)
		ret_value->text = dump_columns[view->options->columns[at]].name;
	return true;
}

static bool get_dump_entry(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_view *view = record;
	struct dump_row row;

	if (at >= view->n_rows)
		return false;
	row = dump_row_at(view, at);
	document_set_record(ret_value, &row, sizeof(row));
	return true;
}

FIELD_GET(get_reason, struct efimap_layout, text, row->reason, row->reason)
FIELD_GET(get_order, struct efimap_layout, number, row->order, !row->reason)
FIELD_GET(get_complete, struct efimap_layout, number, row->complete, true)
FIELD_GET(get_mixed, struct efimap_layout, number, row->mixed, true)
FIELD_GET(get_impossible, struct efimap_layout, number, row->n_impossible,
	  row->has_virt && !row->reason)

static const struct field dump_layout_rows[] = {
	{ "reason", ABOUT("reason why no address is predicted; null if addresses are predicted"),
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
static const struct fields dump_layout_fields = {
	FIELDS("dump_layout", dump_layout_rows),
	.on_lines = true,
};

FIELD_GET(get_mapping, struct dump_view, number, efimap_mapping(row->map), true)
FIELD_GET(get_layout, struct dump_view, record, row->layout, row->layout)

static const struct field dump_rows[] = {
	{ "mapping", ABOUT("kind of mapping of the entries"), FIELD_WORD, .get = get_mapping,
	  WORD(mapping, EFIMAP_MAPPING_MIXED) },
	{ "kernel", ABOUT("the kernel that exported the map"), FIELD_OBJECT,
	  FIELD_POINTER, FIELD_AT(struct dump_view, map), .of = &efimap_kernel_fields },
	{ "facts", ABOUT("facts that were derived from SOURCE"),
	  FIELD_OBJECT, FIELD_POINTER, FIELD_AT(struct dump_view, map),
	  .of = &efimap_facts_fields },
	{ "address",
	  ABOUT("the address that --address specifies; absent without --address"),
	  FIELD_HEX, FIELD_OMIT, .get = get_address },
	{ "columns",
	  ABOUT("the columns that --output or --output-all selects. Entries then contain only "
		"their members. Absent without these options"),
	  FIELD_TEXT, FIELD_LIST | FIELD_OMIT, .get = get_column },
	{ "entries",
	  ABOUT("entries of the runtime map, in ascending order of index; with --address, "
		"only the entries that cover the address. An entry that covers the address as "
		"a physical and as a virtual address occurs twice, unless it is "
		"identity-mapped."),
	  FIELD_OBJECT, FIELD_LIST, .get = get_dump_entry, .of = &dump_entry_fields },
	{ "layout",
	  ABOUT("result of the prediction of virtual addresses; null if no prediction was "
		"requested"),
	  FIELD_OBJECT, FIELD_NULL, .get = get_layout, .of = &dump_layout_fields },
};
const struct document document_dump = {
	"efimap-dump",
	ABOUT("One runtime map, as written by efimapctl dump --json."),
	&(const struct fields){ FIELDS("dump", dump_rows) },
};

int efimap_dump_write(const struct efimap *map, const struct efimap_dump_options *options,
		      struct efimap_out *out)
{
	const bool is_ndjson = options->format == EFIMAP_DUMP_NDJSON;
	struct efimap_dump_options chosen = *options;
	efimap_auto_out struct efimap_out members = EFIMAP_OUT_MEM;
	size_t defaults[EFIMAP_MAX_COLUMNS];
	struct dump_view view = { 0 };
	int ret;

	if (!chosen.n_columns) {
		chosen.n_columns = dump_default_columns(options->address, defaults);
		chosen.columns = defaults;
	}
	for (size_t i = 0; i < options->n_columns; i++)
		efimap_out_printf(&members, "%s%s", i ? "," : "",
				  dump_columns[options->columns[i]].members);
	ret = dump_view_open(map, options->bytes, &view);
	view.options = &chosen;
	view.layout = options->layout;
	view.members = members.used ? efimap_out_text(&members, out) : NULL;
	if (!ret)
		ret = dump_view_select(&view, options->address);
	if (!ret && (options->format == EFIMAP_DUMP_JSON || is_ndjson))
		ret = json_put_selected(&document_dump, map->name, is_ndjson, view.members, &view,
					out);
	else if (!ret && options->format == EFIMAP_DUMP_TABLE)
		ret = dump_write_table(&view, &chosen, out);
	else if (!ret)
		ret = dump_write_lines(&view, &chosen, out);
	dump_view_close(&view);
	return ret;
}
