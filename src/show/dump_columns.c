/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Collect the labels of the ranges that overlap each entry, select the entries that cover an
 * address, and define the columns of dump and the members of an entry in JSON. The writers escape
 * the cells.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/closest_word.h"
#include "base/sort.h"
#include "document/write_document.h"
#include "infer/mapping_mode.h"
#include "show/dump_columns.h"
#include "show/text_style.h"

/* Maximum number of bytes of an unknown name in an error. */
#define MAX_SHOWN_NAME 32

static const char *label_of(const struct covering_labels *labels, uint32_t range)
{
	return labels->source == EFIMAP_SRC_MEMMAP ? labels->map->memmap[range].label
						   : labels->map->iomem[range].name;
}

static int compare_labels(const void *a, const void *b, void *labels)
{
	const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return strcmp(label_of(labels, one), label_of(labels, other));
}

/* Sort the labels only once, because many entries can overlap many ranges in a crafted capture. */
static void mark_repeated(struct covering_labels *labels)
{
	const struct efimap *map = labels->map;
	const struct coverage *cover = &labels->cover;
	const size_t count = labels->source == EFIMAP_SRC_MEMMAP ? map->n_memmap : map->n_iomem;
	auto_free uint32_t *order = array_new(count, sizeof(*order));
	/* For each range, the number of its label. Distinct labels are numbered from 0. */
	auto_free uint32_t *numbers = array_new(count, sizeof(*numbers));
	/* For each label, 1 plus the position of the last visited entry with this label, or 0. */
	auto_free size_t *last = array_new(count, sizeof(*last));
	uint32_t number = 0;

	labels->is_repeated = array_new(cover->n_hits, sizeof(*labels->is_repeated));
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, count, sizeof(*order), compare_labels, labels);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && compare_labels(&order[i - 1], &order[i], labels) != 0)
			number++;
		numbers[order[i]] = number;
	}
	for (size_t i = 0; i < map->n_entries; i++)
		for (size_t hit = cover->begin[i]; hit < cover->begin[i + 1]; hit++) {
			size_t *of_label = &last[numbers[cover->hits[hit]]];

			labels->is_repeated[hit] = *of_label == i + 1;
			*of_label = i + 1;
		}
}

/* Both addresses of --address may be in one entry, whose rows stay in their order. */
static int by_physical_address(const void *a, const void *b)
{
	const struct dump_row *one = a, *other = b;

	if (one->entry->phys != other->entry->phys)
		return one->entry->phys < other->entry->phys ? -1 : 1;
	if (one->position != other->position)
		return one->position < other->position ? -1 : 1;
	return (int)one->is_virtual - (int)other->is_virtual;
}

void dump_view_open(const struct efimap *map, const struct dump_options *options,
		    struct dump_view *view)
{
	const uint64_t *address = options->address;

	*view = (struct dump_view){
		.map = map,
		.options = options,
		.memmap = { .map = map, .source = EFIMAP_SRC_MEMMAP },
		.iomem = { .map = map, .source = EFIMAP_SRC_IOMEM },
	};
	view->memmap.cover = coverage_memmap(map);
	view->iomem.cover = coverage_iomem(map);
	mark_repeated(&view->memmap);
	mark_repeated(&view->iomem);
	view->rows = array_new(map->n_entries, 2 * sizeof(*view->rows));
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct map_entry *entry = &map->entries[i];
		const bool is_physical = !address || entry_covers_phys(entry, *address);

		if (is_physical)
			view->rows[view->n_rows++] = (struct dump_row){ entry, view, i, false };
		if (address && entry_covers_virt(entry, *address) &&
		    !(is_physical && entry->phys == entry->virt))
			view->rows[view->n_rows++] = (struct dump_row){ entry, view, i, true };
	}
	/* Loaders pass the entries in the order of their indices, which documents keep. */
	if (options->format != EFIMAP_DUMP_JSON && options->format != EFIMAP_DUMP_NDJSON)
		sort_items(view->rows, view->n_rows, sizeof(*view->rows), by_physical_address);
}

void dump_view_close(struct dump_view *view)
{
	coverage_free(&view->memmap.cover);
	coverage_free(&view->iomem.cover);
	free(view->memmap.is_repeated);
	free(view->iomem.is_repeated);
	free(view->rows);
}

/*
 * Get the next label of an entry. If @at is FIELD_WHOLE, return whether the labels are known: if no
 * range overlaps the entry, a range that was not read may overlap it.
 */
static bool next_label(const struct covering_labels *labels, const struct dump_row *row, size_t at,
		       struct field_value *ret_value)
{
	const struct efimap *map = labels->map;
	const struct coverage *cover = &labels->cover;
	const enum state state = map->states[labels->source];
	const size_t begin = cover->begin[row->position];
	const size_t count = cover->begin[row->position + 1] - begin;
	uint64_t *next = &ret_value->place;

	if (at == FIELD_WHOLE)
		return count > 0 ||
		       ((state == EFIMAP_STATE_PRESENT || state == EFIMAP_STATE_ABSENT) &&
			!capture_has_fault(map, labels->source, EFIMAP_ANY_FAULT));
	ret_value->text = NULL;
	while (*next < count && labels->is_repeated[begin + *next])
		++*next;
	if (*next < count)
		ret_value->text = label_of(labels, cover->hits[begin + *next]);
	else if (*next == count && cover->cut[row->position])
		ret_value->text = "...";
	++*next;
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
FIELD_GET(get_dump_possible, struct dump_row, number, layout_row_allows(PREDICTED(row), row->entry),
	  PREDICTED(row) && row->view->options->layout->has_virt)

/* Translate the argument of --address to the same offset in the range that starts at @to. */
static bool move_address(const struct dump_row *row, uint64_t to, uint64_t *ret_address)
{
	const struct map_entry *entry = row->entry;
	const uint64_t *address = row->view->options->address;
	const uint64_t from = row->is_virtual ? entry->virt : entry->phys;

	return address && !__builtin_add_overflow(to, *address - from, ret_address);
}

static bool get_phys_at(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;

	return move_address(row, row->entry->phys, &ret_value->number);
}

static bool get_virt_at(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;

	return row->entry->virt_from != EFIMAP_VIRT_UNKNOWN &&
	       move_address(row, row->entry->virt, &ret_value->number);
}

static const struct field at_rows[] = {
	{ "phys_addr", FIELD_HEX, FIELD_NULL, .get = get_phys_at },
	{ "virt_addr", FIELD_HEX, FIELD_NULL, .get = get_virt_at },
};
static const struct fields at_fields = { FIELDS("dump_at", at_rows) };

FIELD_GET(get_at, struct dump_row, record, row, row->view->options->address)

static bool get_virt_end(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;
	struct span span = { 0 };
	const int ret = entry_virt(row->entry, &span);

	ret_value->number = span.last;
	return row->view->members && !ret;
}

FIELD_GET(get_offset, struct dump_row, number, row->entry->virt - row->entry->phys,
	  row->view->members && row->entry->virt_from != EFIMAP_VIRT_UNKNOWN)
FIELD_GET(get_entry_mapping, struct dump_row, number, entry_mapping(row->entry), row->view->members)

static const struct field dump_entry_rows[] = {
	{ FIELD_INLINE_AT(struct dump_row, entry, entry_fields) },
	{ "at", FIELD_OBJECT, FIELD_OMIT, .get = get_at, .of = &at_fields },
	{ "memmap", FIELD_TEXT, FIELD_LIST | FIELD_NULL, .get = get_dump_memmap },
	{ "iomem", FIELD_TEXT, FIELD_LIST | FIELD_NULL, .get = get_dump_iomem },
	{ "predicted", FIELD_HEX, FIELD_NULL, .get = get_dump_predicted },
	{ "bound", FIELD_HEX, FIELD_NULL, .get = get_dump_bound },
	{ "possible", FIELD_BOOL, FIELD_NULL, .get = get_dump_possible },
	{ "virt_end", FIELD_HEX, FIELD_OMIT, .get = get_virt_end },
	{ "offset", FIELD_HEX, FIELD_OMIT, .get = get_offset },
	{ "mapping", FIELD_WORD, FIELD_OMIT, .get = get_entry_mapping,
	  WORD(mapping, EFIMAP_MAPPING_MIXED) },
};
const struct fields dump_entry_fields = { FIELDS("dump_entry", dump_entry_rows),
					  .is_selectable = true };

/* Write the first of the members in JSON that contain the column. */
static void cell_member(const struct text_table_column *column, const void *row, struct out *out)
{
	document_put_text(&dump_entry_fields, column->members, row, out);
}

static void cell_phys_at(const struct text_table_column *column, const void *row, struct out *out)
{
	document_put_text(&at_fields, "phys_addr", row, out);
}

static void cell_virt_at(const struct text_table_column *column, const void *row, struct out *out)
{
	document_put_text(&at_fields, "virt_addr", row, out);
}

static void cell_type_number(const struct text_table_column *column, const void *record,
			     struct out *out)
{
	const struct dump_row *row = record;

	out_printf(out, "%" PRIu32, row->entry->type);
}

static void cell_size(const struct text_table_column *column, const void *record, struct out *out)
{
	const struct dump_row *row = record;
	uint64_t bytes;

	if (__builtin_mul_overflow(row->entry->pages, EFIMAP_PAGE_SIZE, &bytes))
		/* The number of bytes of an invalid entry can exceed 2^64 - 1. */
		out_puts(out, row->view->options->bytes ? ">18446744073709551615" : ">16E");
	else if (row->view->options->bytes)
		out_printf(out, "%" PRIu64, bytes);
	else
		text_size(out, bytes);
}

static void cell_pages(const struct text_table_column *column, const void *record, struct out *out)
{
	const struct dump_row *row = record;

	out_printf(out, "%" PRIu64, row->entry->pages);
}

const struct text_table_column dump_columns[] = {
	{ "IDX", TABLE_RIGHT | TABLE_DEFAULT, cell_member, "index" },
	{ "PHYSAT", TABLE_ADDRESS, cell_phys_at, "at" },
	{ "VIRTAT", TABLE_ADDRESS, cell_virt_at, "at" },
	{ "TYPE", TABLE_DEFAULT, cell_member, "type_name" },
	{ "TYPENO", TABLE_RIGHT, cell_type_number, "type" },
	{ "ATTR", TABLE_LIST | TABLE_DEFAULT, cell_member, "attribute_names" },
	{ "ATTRHEX", 0, cell_member, "attribute" },
	{ "PHYS", TABLE_DEFAULT, cell_member, "phys_addr" },
	{ "END", 0, cell_member, "phys_end" },
	{ "SIZE", TABLE_RIGHT | TABLE_DEFAULT, cell_size, "size" },
	{ "PAGES", TABLE_RIGHT, cell_pages, "num_pages" },
	{ "VIRT", TABLE_DEFAULT, cell_member, "virt_addr,virt_addr_predicted" },
	{ "VEND", 0, cell_member, "virt_end" },
	{ "PREDICTED", TABLE_LAYOUT, cell_member, "predicted,possible" },
	{ "BOUND", TABLE_LAYOUT, cell_member, "bound" },
	{ "OFFSET", 0, cell_member, "offset" },
	{ "MODE", 0, cell_member, "mapping" },
	{ "MEMMAP", TABLE_LIST | TABLE_SET_OFF | TABLE_DEFAULT, cell_member, "memmap" },
	{ "IOMEM", TABLE_LIST | TABLE_DEFAULT, cell_member, "iomem" },
	{ 0 },
};

#define N_COLUMNS (sizeof(dump_columns) / sizeof(dump_columns[0]) - 1)
_Static_assert(N_COLUMNS <= TABLE_MAX_COLUMNS, "all columns must fit in one -o list");

size_t dump_column_table(bool are_all, bool has_address, size_t columns[TABLE_MAX_COLUMNS])
{
	size_t count = 0;

	for (size_t i = 0; i < N_COLUMNS; i++) {
		const unsigned int flags = dump_columns[i].flags;

		if (flags & TABLE_ADDRESS ? has_address : are_all || flags & TABLE_DEFAULT)
			columns[count++] = i;
	}
	return count;
}

/* Set an error that suggests the most similar column or, if none is similar, lists all columns. */
static int refuse_column(struct err *err, const char *name, size_t len)
{
	struct out known auto_out = EFIMAP_OUT_MEM;
	char word[MAX_SHOWN_NAME + 1] = "";
	struct closest closest = { .word = word };

	memcpy(word, name, len < MAX_SHOWN_NAME ? len : MAX_SHOWN_NAME);
	for (size_t i = 0; i < N_COLUMNS; i++)
		closest_try(&closest, dump_columns[i].name);
	if (closest.best)
		return err_set(err, EINVAL, NULL, "unknown column '%s'%s", word,
			       closest_hint(&closest));
	for (size_t i = 0; i < N_COLUMNS; i++)
		out_printf(&known, "%s%s", i ? "," : " ", dump_columns[i].name);
	return err_set(err, EINVAL, NULL, "%s%s%s; valid columns:%s",
		       len ? "unknown column '" : "empty column name", word, len ? "'" : "",
		       out_text(&known));
}

int dump_columns_parse(const char *text, bool has_address, size_t ret_columns[TABLE_MAX_COLUMNS],
		       size_t *ret_count, struct err *err)
{
	size_t count = 0;

	if (*text == '+') {
		count = dump_column_table(false, has_address, ret_columns);
		text++;
	}
	while (true) {
		const size_t len = strcspn(text, ",");
		size_t index = 0;

		while (index < N_COLUMNS && (strlen(dump_columns[index].name) != len ||
					     strncasecmp(dump_columns[index].name, text, len) != 0))
			index++;
		if (index == N_COLUMNS)
			return refuse_column(err, text, len);
		if (dump_columns[index].flags & TABLE_ADDRESS && !has_address)
			return err_set(err, EINVAL, NULL, "column %s requires --address",
				       dump_columns[index].name);
		if (count == TABLE_MAX_COLUMNS)
			return err_set(err, EINVAL, NULL, "more than %d columns",
				       TABLE_MAX_COLUMNS);
		ret_columns[count++] = index;
		if (!text[len])
			break;
		text += len + 1;
	}
	*ret_count = count;
	return 0;
}

bool dump_needs_layout(const struct dump_options *options)
{
	if (options->format == EFIMAP_DUMP_JSON || options->format == EFIMAP_DUMP_NDJSON)
		return true;
	for (size_t i = 0; i < options->n_columns; i++)
		if (dump_columns[options->columns[i]].flags & TABLE_LAYOUT)
			return true;
	return false;
}
