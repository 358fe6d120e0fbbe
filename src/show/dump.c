/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dump: what is known of each entry, gathered once before the first byte is written; the
 * columns, one row each (a new column is a new row here and nowhere else); and which of
 * them are shown. A cell is written as the capture has it: whoever shows it escapes it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "document/json_writer.h"
#include "infer/mapping_mode.h"
#include "show/dump_view.h"
#include "show/text_style.h"

/*
 * --- labels over each entry, without repetition: as few ranges are kept for an entry as
 * EFIMAP_COVER_CUT says, so those before one are looked through again ---
 */

/* The label of hit number @at of an entry */
static const char *label_at(const struct covering_labels *labels, size_t entry, size_t at)
{
	const uint32_t range = labels->cover.hits[labels->cover.begin[entry] + at];

	return labels->source == EFIMAP_SRC_MEMMAP ? labels->map->memmap[range].label :
						     labels->map->iomem[range].name;
}

static bool was_listed(const struct covering_labels *labels, size_t entry, size_t at)
{
	const char *label = label_at(labels, entry, at);

	for (size_t i = 0; i < at; i++) {
		const char *before = label_at(labels, entry, i);

		if (before == label || strcmp(before, label) == 0)
			return true;
	}
	return false;
}

/* The next label that was not said before; @at is 0 at first. */
static const char *labels_next(const struct covering_labels *labels, size_t entry,
			       size_t *at)
{
	const struct efimap_coverage *cover = &labels->cover;
	const size_t count = cover->begin[entry + 1] - cover->begin[entry];

	while (*at < count) {
		const size_t hit = (*at)++;

		if (!was_listed(labels, entry, hit))
			return label_at(labels, entry, hit);
	}
	if (*at > count || !cover->cut[entry])
		return NULL;
	*at = count + 1;
	/* A made-up capture has more labels than are kept. */
	return "...";
}

/* --- the view --- */

static void mark_entries(struct dump_view *view, const struct efimap_finding *finding)
{
	const size_t word = finding->rule->id / 64;
	const uint64_t bit = UINT64_C(1) << finding->rule->id % 64;

	for (size_t i = 0; i < finding->n_entries; i++) {
		const struct efimap_entry *entry =
			efimap_find_entry(view->map, finding->entries[i]);

		if (entry)
			view->rules[entry - view->map->entries][word] |= bit;
	}
}

int dump_view_open(const struct efimap *map, const struct efimap_report *report,
		   bool bytes, struct dump_view *view)
{
	int ret;

	*view = (struct dump_view){
		.map = map,
		.report = report,
		.bytes = bytes,
		.n_rows = map->n_entries,
		.memmap = { .map = map, .source = EFIMAP_SRC_MEMMAP },
		.iomem = { .map = map, .source = EFIMAP_SRC_IOMEM },
	};
	view->rows = efimap_array_new(map->n_entries, sizeof(*view->rows));
	view->rules = efimap_array_new(map->n_entries, sizeof(*view->rules));
	if (!view->rows || !view->rules)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_entries; i++)
		view->rows[i] = i;
	for (size_t i = 0; i < report->n_findings; i++)
		mark_entries(view, &report->findings[i]);
	ret = efimap_coverage_memmap(map, &view->memmap.cover);
	if (ret)
		return ret;
	return efimap_coverage_iomem(map, &view->iomem.cover);
}

void dump_view_close(struct dump_view *view)
{
	efimap_coverage_free(&view->memmap.cover);
	efimap_coverage_free(&view->iomem.cover);
	free(view->predicted);
	free(view->rules);
	free(view->rows);
}

const struct efimap_rule *dump_view_rule(const struct dump_view *view, size_t position,
					 size_t *from)
{
	for (size_t word = *from / 64; word < RULE_WORDS; *from = ++word * 64) {
		const uint64_t left = view->rules[position][word] >> *from % 64;

		if (left) {
			*from += (size_t)__builtin_ctzll(left) + 1;
			return efimap_rule_get((enum efimap_rule_id)(*from - 1));
		}
	}
	return NULL;
}

/* --- the columns --- */

/* Into a cell of its own: the first word finds it empty. */
static void put_word(struct efimap_out *out, const char *word)
{
	if (out->used)
		efimap_out_putc(out, ',');
	efimap_out_puts(out, word);
}

static void put_number(struct efimap_out *out, uint64_t value)
{
	efimap_out_printf(out, "%llu", (unsigned long long)value);
}

void dump_cell_index(const void *record, struct efimap_out *out)
{
	put_number(out, text_table_entry_of(record)->index);
}

void dump_cell_type(const void *record, struct efimap_out *out)
{
	char buf[EFIMAP_TYPE_NAME_SIZE];

	efimap_out_puts(out, efimap_type_name(text_table_entry_of(record)->type, buf));
}

static void cell_type_number(const void *record, struct efimap_out *out)
{
	put_number(out, text_table_entry_of(record)->type);
}

static void cell_attr(const void *record, struct efimap_out *out)
{
	uint64_t rest = text_table_entry_of(record)->attribute;
	char buf[EFIMAP_ATTR_NAME_SIZE];
	const char *name;

	while ((name = efimap_attr_next_name(&rest, buf)))
		put_word(out, name);
}

void dump_cell_attr_hex(const void *record, struct efimap_out *out)
{
	efimap_out_hex(out, text_table_entry_of(record)->attribute);
}

void dump_cell_phys(const void *record, struct efimap_out *out)
{
	efimap_out_hex(out, text_table_entry_of(record)->phys);
}

static void cell_phys_end(const void *record, struct efimap_out *out)
{
	struct efimap_span span;

	if (!efimap_entry_phys(text_table_entry_of(record), &span))
		efimap_out_hex(out, span.last);
}

static void cell_size(const void *record, struct efimap_out *out)
{
	const struct dump_row *row = record;
	uint64_t bytes;

	if (__builtin_mul_overflow(text_table_entry_of(record)->pages, EFIMAP_PAGE_SIZE, &bytes))
		/* A wrong entry; there is no number of bytes that 64 bits could hold. */
		efimap_out_puts(out, row->view->bytes ? ">18446744073709551615" : ">16E");
	else if (row->view->bytes)
		put_number(out, bytes);
	else
		text_size(out, bytes);
}

static void cell_pages(const void *record, struct efimap_out *out)
{
	put_number(out, text_table_entry_of(record)->pages);
}

static void cell_virt(const void *record, struct efimap_out *out)
{
	if (text_table_entry_of(record)->virt_from != EFIMAP_VIRT_UNKNOWN)
		efimap_out_hex(out, text_table_entry_of(record)->virt);
}

static void cell_virt_end(const void *record, struct efimap_out *out)
{
	struct efimap_span span;

	if (!efimap_entry_virt(text_table_entry_of(record), &span))
		efimap_out_hex(out, span.last);
}

static void cell_offset(const void *record, struct efimap_out *out)
{
	const struct efimap_entry *entry = text_table_entry_of(record);

	if (entry->virt_from != EFIMAP_VIRT_UNKNOWN)
		efimap_out_hex(out, entry->virt - entry->phys);
}

static void cell_mode(const void *record, struct efimap_out *out)
{
	enum efimap_mapping mapping = efimap_entry_mapping(text_table_entry_of(record));

	efimap_out_puts(out, efimap_mapping_name(mapping));
}

/* Where a source, or a part of it, could not be read, no label does not mean that it names none. */
static bool is_not_read(const struct covering_labels *labels, size_t position)
{
	const struct efimap *map = labels->map;
	const enum efimap_state state = map->states[labels->source];
	size_t at = 0;

	if (labels_next(labels, position, &at))
		return false;
	if (state != EFIMAP_STATE_PRESENT && state != EFIMAP_STATE_ABSENT)
		return true;
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == labels->source)
			return true;
	return false;
}

static void put_labels(const struct covering_labels *labels, size_t position,
		       struct efimap_out *out)
{
	const char *label;
	size_t at = 0;

	while ((label = labels_next(labels, position, &at)))
		put_word(out, label);
	if (is_not_read(labels, position))
		efimap_out_putc(out, '?');
}

static void cell_memmap(const void *record, struct efimap_out *out)
{
	const struct dump_row *row = record;

	put_labels(&row->view->memmap, row->position, out);
}

static void cell_iomem(const void *record, struct efimap_out *out)
{
	const struct dump_row *row = record;

	put_labels(&row->view->iomem, row->position, out);
}

static void cell_rules(const void *record, struct efimap_out *out)
{
	const struct dump_row *row = record;
	const struct efimap_rule *rule;
	size_t from = 0;

	while ((rule = dump_view_rule(row->view, row->position, &from)))
		put_word(out, rule->name);
}

#define DUMP_UNPREDICTED                                                                 \
	(EFIMAP_MISSING_PHYS | EFIMAP_MISSING_PAGES | EFIMAP_MISSING_VIRT)

const struct text_table_column dump_columns[] = {
	{ "IDX", GRID_RIGHT | GRID_DEFAULT, dump_cell_index, 0,
	  "number of the entry under runtime-map" },
	{ "TYPE", GRID_DEFAULT, dump_cell_type, EFIMAP_MISSING_TYPE, "EFI memory type" },
	{ "TYPENO", GRID_RIGHT, cell_type_number, EFIMAP_MISSING_TYPE,
	  "EFI memory type as a number" },
	{ "ATTR", GRID_LIST | GRID_DEFAULT, cell_attr, EFIMAP_MISSING_ATTRIBUTE,
	  "attribute bits by name" },
	{ "ATTRHEX", 0, dump_cell_attr_hex, EFIMAP_MISSING_ATTRIBUTE,
	  "attribute bits as a number" },
	{ "PHYS", GRID_DEFAULT, dump_cell_phys, EFIMAP_MISSING_PHYS, "physical start" },
	{ "END", 0, cell_phys_end, EFIMAP_MISSING_PHYS | EFIMAP_MISSING_PAGES,
	  "physical end (inclusive)" },
	{ "SIZE", GRID_RIGHT | GRID_DEFAULT, cell_size, EFIMAP_MISSING_PAGES, "size" },
	{ "PAGES", GRID_RIGHT, cell_pages, EFIMAP_MISSING_PAGES,
	  "number of 4096-byte EFI pages" },
	{ "VIRT", GRID_DEFAULT, cell_virt, EFIMAP_MISSING_VIRT, "virtual start" },
	{ "VEND", 0, cell_virt_end, EFIMAP_MISSING_VIRT | EFIMAP_MISSING_PAGES,
	  "virtual end (inclusive)" },
	{ "PREDICTED", 0, dump_cell_predicted, DUMP_UNPREDICTED,
	  "virtual start that the kernel's algorithm yields" },
	{ "BOUND", 0, dump_cell_bound, DUMP_UNPREDICTED,
	  "highest virtual start that it can yield" },
	{ "OFFSET", 0, cell_offset, EFIMAP_MISSING_VIRT | EFIMAP_MISSING_PHYS,
	  "virtual minus physical start, modulo 2^64" },
	{ "MODE", 0, cell_mode, EFIMAP_MISSING_VIRT | EFIMAP_MISSING_PHYS,
	  "how it is mapped: efi-va-range, identity, direct-map or unknown" },
	{ "MEMMAP", GRID_LIST | GRID_SET_OFF | GRID_DEFAULT, cell_memmap,
	  EFIMAP_MISSING_PHYS | EFIMAP_MISSING_PAGES, "what /sys/firmware/memmap says of it" },
	{ "IOMEM", GRID_LIST | GRID_DEFAULT, cell_iomem,
	  EFIMAP_MISSING_PHYS | EFIMAP_MISSING_PAGES,
	  "what /proc/iomem says of it, outer ranges first" },
	{ "RULES", GRID_LIST | GRID_DEFAULT, cell_rules, 0, "rules that have a finding on it" },
	{ 0 },
};

#define N_COLUMNS (sizeof(dump_columns) / sizeof(dump_columns[0]) - 1)
_Static_assert(N_COLUMNS <= EFIMAP_MAX_COLUMNS && EFIMAP_MAX_COLUMNS <= GRID_MAX_COLUMNS,
	       "all columns must fit in one -o list, and that in a grid");

void dump_put_cell(const struct dump_view *view, size_t position, size_t column,
		   struct efimap_out *out)
{
	const struct dump_row row = dump_row_at(view, position);

	text_table_put_cell(&dump_columns[column], &row, out);
}

/* --- which of them: the operand of -o, as findmnt reads it --- */

static size_t default_columns(size_t columns[EFIMAP_MAX_COLUMNS])
{
	size_t count = 0;

	for (size_t i = 0; i < N_COLUMNS; i++)
		if (dump_columns[i].flags & GRID_DEFAULT)
			columns[count++] = i;
	return count;
}

static int refuse_column(struct efimap_err *err, const char *name, size_t len)
{
	struct efimap_out known efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < N_COLUMNS; i++) {
		efimap_out_putc(&known, i ? ',' : ' ');
		efimap_out_puts(&known, dump_columns[i].name);
	}
	efimap_out_putc(&known, '\0');
	return efimap_err_set(err, EINVAL, NULL, "%s column%s%.*s%s; columns are:%s",
			   len ? "unknown" : "empty name of a", len ? " '" : "",
			   (int)(len > 32 ? 32 : len), name, len ? "'" : "",
			   known.error ? "" : known.data);
}

int dump_find_column(const char *name, size_t len, size_t *ret_column,
		     struct efimap_err *err)
{
	for (size_t i = 0; i < N_COLUMNS; i++) {
		const char *known = dump_columns[i].name;

		if (strlen(known) == len && !strncasecmp(known, name, len)) {
			*ret_column = i;
			return 0;
		}
	}
	return refuse_column(err, name, len);
}

int efimap_dump_columns_parse(const char *text, size_t ret_columns[EFIMAP_MAX_COLUMNS],
			      size_t *ret_count, struct efimap_err *err)
{
	size_t columns[EFIMAP_MAX_COLUMNS];
	size_t count = 0;

	if (*text == '+') {
		count = default_columns(columns);
		text++;
	}
	while (true) {
		size_t len = strcspn(text, ","), index;

		if (dump_find_column(text, len, &index, err) < 0)
			return -EINVAL;
		if (count == EFIMAP_MAX_COLUMNS)
			return efimap_err_set(err, EINVAL, NULL, "more than %d columns",
					      EFIMAP_MAX_COLUMNS);
		columns[count++] = index;
		if (!text[len])
			break;
		text += len + 1;
	}
	memcpy(ret_columns, columns, count * sizeof(*columns));
	*ret_count = count;
	return 0;
}

static bool is_predicted_column(size_t column)
{
	return dump_columns[column].cell == dump_cell_predicted ||
	       dump_columns[column].cell == dump_cell_bound;
}

bool efimap_dump_needs_layout(const struct efimap_dump_options *options)
{
	const struct efimap_dump_filter *filter = options->filter;

	if (options->format == EFIMAP_DUMP_JSON || options->format == EFIMAP_DUMP_NDJSON)
		return true;
	for (size_t i = 0; i < options->n_columns; i++)
		if (is_predicted_column(options->columns[i]))
			return true;
	for (size_t i = 0; filter && i < filter->n_terms; i++)
		if (filter->terms[i].column < N_COLUMNS &&
		    is_predicted_column(filter->terms[i].column))
			return true;
	return options->order.is_given && is_predicted_column(options->order.column);
}

/* --- the document --- */

/* A list is there, if maybe empty, unless it or where the entry lies could not be read. */
static bool next_label(const struct covering_labels *labels, const struct dump_row *row,
		       size_t at, struct field_value *ret_value)
{
	size_t next = (size_t)ret_value->place[0];

	if (at == FIELD_WHOLE)
		return !(row->entry->missing_values &
			 (EFIMAP_MISSING_PHYS | EFIMAP_MISSING_PAGES)) &&
		       !is_not_read(labels, row->position);
	ret_value->text = labels_next(labels, row->position, &next);
	ret_value->place[0] = next;
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

static bool get_dump_rule(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;
	size_t from = (size_t)ret_value->place[0];
	const struct efimap_rule *rule = dump_view_rule(row->view, row->position, &from);

	ret_value->place[0] = from;
	ret_value->text = rule ? rule->name : NULL;
	return rule;
}

static bool get_dump_predicted(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_layout_row *predicted = dump_row_predicted(record);

	ret_value->number = predicted ? predicted->predicted : 0;
	return predicted && predicted->kind == EFIMAP_LAYOUT_EXACT;
}

static bool get_dump_bound(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_layout_row *predicted = dump_row_predicted(record);

	ret_value->number = predicted ? predicted->bound : 0;
	return predicted && predicted->kind != EFIMAP_LAYOUT_OVERFLOW;
}

static bool get_dump_possible(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_layout_row *predicted = dump_row_predicted(record);
	const struct dump_row *row = record;

	if (!predicted || !row->view->layout->rows->has_virt)
		return false;
	ret_value->number = efimap_layout_row_allows(predicted, row->entry);
	return true;
}

static const struct field dump_entry_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, FIELD_AT(struct dump_row, entry),
	  .of = &efimap_entry_fields, .of_parts = ENTRY_SHOWN },
	{ "memmap", ABOUT("what /sys/firmware/memmap calls its bytes, ascending; \"...\" at "
	  "the end stands for labels that were left out; null where its place, or what covers "
	  "it, could not be read"), FIELD_TEXT, FIELD_LIST | FIELD_NULL,
	  .get = get_dump_memmap },
	{ "iomem", ABOUT("what /proc/iomem calls its bytes, outer lines first; \"...\" at the "
	  "end stands for labels that were left out; null where its place, or what covers "
	  "it, could not be read"), FIELD_TEXT, FIELD_LIST | FIELD_NULL,
	  .get = get_dump_iomem },
	{ "rules", ABOUT("rules with a finding on it, in the order of efimapctl explain"),
	  FIELD_TEXT, FIELD_LIST, .get = get_dump_rule },
	{ "predicted", ABOUT("virtual start that the kernel's algorithm yields; null where only a "
	  "bound is known, or nothing"), FIELD_HEX, FIELD_NULL, .get = get_dump_predicted },
	{ "bound", ABOUT("the highest that it can yield; null where the EFI runtime range has no "
	  "room left, or nothing is known"), FIELD_HEX, FIELD_NULL, .get = get_dump_bound },
	{ "possible", ABOUT("can it have yielded virt_addr? null where that was not read, or "
	  "nothing is known"), FIELD_BOOL, FIELD_NULL, .get = get_dump_possible },
};
const struct fields dump_entry_fields = { FIELDS("dump_entry", dump_entry_rows) };

bool dump_get_entry(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_view *view = record;
	struct dump_row row;

	if (at >= view->n_rows)
		return false;
	row = dump_row_at(view, view->rows[at]);
	document_set_record(ret_value, &row, sizeof(row));
	return true;
}

FIELD_GET(get_mapping, struct dump_view, number, efimap_mapping(row->map), true)
FIELD_GET(get_binary, struct dump_view, record, row->map, row->map->binary)
FIELD_GET(get_layout, struct dump_view, record, row->layout, row->layout)

static const struct field dump_rows[] = {
	{ "mapping", ABOUT("how the entries are mapped"), FIELD_WORD, .get = get_mapping,
	  WORD(mapping, EFIMAP_MAPPING_MIXED) },
	{ "kernel", ABOUT("the kernel that exported the map"), FIELD_OBJECT, FIELD_POINTER,
	  FIELD_AT(struct dump_view, map), .of = &efimap_kernel_fields },
	{ "entries", ABOUT("the runtime map, ascending by index"), FIELD_OBJECT, FIELD_LIST,
	  .get = dump_get_entry, .of = &dump_entry_fields },
	{ "binary", ABOUT("what a SOURCE holds that is a binary, besides its entries; null for any "
	  "other"), FIELD_OBJECT, FIELD_NULL, .get = get_binary, .of = &dump_binary_fields },
	{ "layout", ABOUT("how the virtual addresses were predicted; null where none were asked "
	  "for"), FIELD_OBJECT, FIELD_NULL, .get = get_layout, .of = &dump_layout_fields },
};
const struct document document_dump = {
	"efimap-dump",
	ABOUT("One runtime map, as efimapctl dump --json writes it."),
	&(const struct fields){ FIELDS("dump", dump_rows) },
};

/* --- all formats --- */

static int write_rows(const struct dump_view *view, const struct efimap_dump_options *options,
		      struct efimap_out *out)
{
	const bool is_ndjson = options->format == EFIMAP_DUMP_NDJSON;

	if (options->format == EFIMAP_DUMP_TABLE)
		return dump_write_table(view, options, out);
	if (options->format == EFIMAP_DUMP_JSON || is_ndjson)
		return json_put_document(&document_dump, view->map->name, is_ndjson, view, out);
	return dump_write_lines(view, options, out);
}

/* The caller closes @view in any case. */
static int write_view(struct dump_view *view, const struct efimap *shown,
		      const struct efimap_report *report,
		      const struct efimap_dump_options *options, struct efimap_out *out)
{
	int ret = dump_view_open(shown, report, options->bytes, view);

	if (ret)
		return ret;
	ret = dump_view_predict(view, options->layout);
	if (ret)
		return ret;
	ret = dump_choose_rows(view, options);
	if (ret)
		return ret;
	return write_rows(view, options, out);
}

int efimap_dump_write(const struct efimap *map, const struct efimap_report *report,
		      const struct efimap_dump_options *options, struct efimap_out *out)
{
	struct efimap_dump_options chosen = *options;
	size_t defaults[EFIMAP_MAX_COLUMNS];
	struct dump_view view = { 0 };
	struct efimap shown;
	int ret = dump_join_incomplete(map, &shown);

	if (ret)
		return ret;
	if (!chosen.n_columns) {
		chosen.n_columns = default_columns(defaults);
		chosen.columns = defaults;
	}
	ret = write_view(&view, &shown, report, &chosen, out);
	dump_view_close(&view);
	free(shown.entries);
	return ret;
}
