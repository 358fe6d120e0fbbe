/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Collect the labels of the ranges that overlap each entry, select the entries that cover an
 * address, and define the columns of dump and the members of an entry in JSON. The writers escape
 * the cells.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/closest_word.h"
#include "base/sort.h"
#include "document/json_values.h"
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

/* Return whether a hit of an entry, whose hits start at @begin, repeats the label of another. */
static bool is_repeated(const struct covering_labels *labels, size_t begin, size_t hit)
{
	const uint32_t *hits = labels->cover.hits;

	for (size_t i = begin; i < hit; i++)
		if (strcmp(label_of(labels, hits[i]), label_of(labels, hits[hit])) == 0)
			return true;
	return false;
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

	json_use_memory();
	*view = (struct dump_view){
		.map = map,
		.options = options,
		.memmap = { .map = map, .source = EFIMAP_SRC_MEMMAP },
		.iomem = { .map = map, .source = EFIMAP_SRC_IOMEM },
	};
	view->memmap.cover = coverage_memmap(map);
	view->iomem.cover = coverage_iomem(map);
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
	free(view->rows);
}

/*
 * Return the distinct labels of an entry, or null if they are not known: if no range overlaps the
 * entry, a range that was not read may overlap it.
 */
static json_t *labels_json(const struct covering_labels *labels, const struct dump_row *row)
{
	const struct efimap *map = labels->map;
	const struct coverage *cover = &labels->cover;
	const enum state state = map->states[labels->source];
	const size_t begin = cover->begin[row->position];
	const size_t end = cover->begin[row->position + 1];
	json_t *list;

	if (begin == end && ((state != EFIMAP_STATE_PRESENT && state != EFIMAP_STATE_ABSENT) ||
			     capture_has_fault(map, labels->source, EFIMAP_ANY_FAULT)))
		return json_null();
	list = json_array();
	for (size_t i = begin; i < end; i++)
		if (!is_repeated(labels, begin, i))
			json_array_append_new(list, json_text(label_of(labels, cover->hits[i])));
	if (cover->cut[row->position])
		json_array_append_new(list, json_text("..."));
	return list;
}

static json_t *make_type_name(const struct dump_row *row)
{
	char buffer[EFIMAP_TYPE_NAME_SIZE];

	return json_text(memory_type_name(row->entry->type, buffer));
}

static json_t *make_attribute_names(const struct dump_row *row)
{
	uint64_t rest = row->entry->attribute;
	char buffer[EFIMAP_ATTR_NAME_SIZE];
	json_t *names = json_array();
	const char *name;

	while ((name = attr_next_name(&rest, buffer)))
		json_array_append_new(names, json_text(name));
	return names;
}

static json_t *make_phys_end(const struct dump_row *row)
{
	struct span span;

	return entry_phys(row->entry, &span) ? json_null() : json_hex(span.last);
}

static json_t *make_virt_end(const struct dump_row *row)
{
	struct span span;

	return !row->view->members || entry_virt(row->entry, &span) ? NULL : json_hex(span.last);
}

/*
 * Larger sizes are null, because jq and other programs that store numbers as doubles would round
 * them.
 */
#define MAX_JSON_NUMBER (UINT64_C(1) << 53)

static json_t *make_size(const struct dump_row *row)
{
	uint64_t size;

	return __builtin_mul_overflow(row->entry->pages, EFIMAP_PAGE_SIZE, &size) ||
			       size > MAX_JSON_NUMBER
		       ? json_null()
		       : json_count(size);
}

/* Return the argument of --address at the same offset in the range that starts at @to, or null. */
static json_t *moved_address(const struct dump_row *row, uint64_t to)
{
	const uint64_t from = row->is_virtual ? row->entry->virt : row->entry->phys;
	const uint64_t *given = row->view->options->address;
	uint64_t address;

	return !given || __builtin_add_overflow(to, *given - from, &address) ? json_null()
									     : json_hex(address);
}

static bool is_virt_known(const struct dump_row *row)
{
	return row->entry->virt_from != EFIMAP_VIRT_UNKNOWN;
}

static json_t *make_phys_at(const struct dump_row *row)
{
	return moved_address(row, row->entry->phys);
}

static json_t *make_virt_at(const struct dump_row *row)
{
	return is_virt_known(row) ? moved_address(row, row->entry->virt) : json_null();
}

static json_t *make_at(const struct dump_row *row)
{
	json_t *object = row->view->options->address ? json_object() : NULL;

	if (object) {
		json_put(object, "phys_addr", make_phys_at(row));
		json_put(object, "virt_addr", make_virt_at(row));
	}
	return object;
}

static json_t *make_possible(const struct dump_row *row)
{
	const struct layout_row *predicted = dump_predicted(row->view, row->position);

	return predicted && row->view->options->layout->has_virt
		       ? json_boolean(layout_row_allows(predicted, row->entry))
		       : json_null();
}

static json_t *make_predicted(const struct dump_row *row)
{
	const struct layout_row *predicted = dump_predicted(row->view, row->position);

	return predicted && predicted->kind == EFIMAP_LAYOUT_EXACT ? json_hex(predicted->predicted)
								   : json_null();
}

static json_t *make_bound(const struct dump_row *row)
{
	const struct layout_row *predicted = dump_predicted(row->view, row->position);

	return predicted && predicted->kind != EFIMAP_LAYOUT_NO_SPACE ? json_hex(predicted->bound)
								      : json_null();
}

#define MAKE(name, value)                                                                          \
	static json_t *name(const struct dump_row *row)                                            \
	{                                                                                          \
		return value;                                                                      \
	}

MAKE(make_index, json_count(row->entry->index))
MAKE(make_type, json_hex(row->entry->type))
MAKE(make_attribute, json_hex(row->entry->attribute))
MAKE(make_phys, json_hex(row->entry->phys))
MAKE(make_pages, json_hex(row->entry->pages))
MAKE(make_virt, is_virt_known(row) ? json_hex(row->entry->virt) : json_null())
MAKE(make_virt_predicted, row->entry->virt_from == EFIMAP_VIRT_READ
				  ? NULL
				  : json_boolean(row->entry->virt_from == EFIMAP_VIRT_PREDICTED))
MAKE(make_memmap, labels_json(&row->view->memmap, row))
MAKE(make_iomem, labels_json(&row->view->iomem, row))
MAKE(make_offset,
     row->view->members &&is_virt_known(row) ? json_hex(row->entry->virt - row->entry->phys) : NULL)
MAKE(make_mapping, row->view->members ? json_text(mapping_name(entry_mapping(row->entry))) : NULL)

/* The members of an entry, in the order of documents. A function returns NULL to omit a member. */
static const struct {
	const char *name;
	json_t *(*make)(const struct dump_row *row);
} members[] = {
	{ "index", make_index },
	{ "type", make_type },
	{ "type_name", make_type_name },
	{ "attribute", make_attribute },
	{ "attribute_names", make_attribute_names },
	{ "phys_addr", make_phys },
	{ "phys_end", make_phys_end },
	{ "virt_addr", make_virt },
	{ "virt_addr_predicted", make_virt_predicted },
	{ "num_pages", make_pages },
	{ "size", make_size },
	{ "at", make_at },
	{ "memmap", make_memmap },
	{ "iomem", make_iomem },
	{ "predicted", make_predicted },
	{ "bound", make_bound },
	{ "possible", make_possible },
	{ "virt_end", make_virt_end },
	{ "offset", make_offset },
	{ "mapping", make_mapping },
};
#define N_MEMBERS (sizeof(members) / sizeof(members[0]))

/* Return whether a list of names that are separated by commas contains a name. */
static bool is_listed(const char *list, const char *name)
{
	const size_t len = strlen(name);

	for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
		if (strncmp(list, name, len) == 0 && (!list[len] || list[len] == ','))
			return true;
	return false;
}

json_t *dump_row_json(const struct dump_row *row)
{
	json_t *object = json_object();

	for (size_t i = 0; i < N_MEMBERS; i++) {
		json_t *value = NULL;

		if (!row->view->members || is_listed(row->view->members, members[i].name))
			value = members[i].make(row);
		if (value)
			json_put(object, members[i].name, value);
	}
	return object;
}

/* Write a value without quotation marks, commas between the elements of a list, and nothing for
 * null. Free the value. */
static void put_value(json_t *value, struct out *out)
{
	if (json_is_integer(value))
		out_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_string(value))
		out_puts(out, json_string_value(value));
	for (size_t i = 0; i < json_array_size(value); i++)
		out_printf(out, "%s%s", i ? "," : "", json_string_value(json_array_get(value, i)));
	json_decref(value);
}

void dump_put_member(const char *name, const struct dump_row *row, struct out *out)
{
	for (size_t i = 0; i < N_MEMBERS; i++) {
		json_t *value;

		if (strcmp(members[i].name, name) != 0)
			continue;
		value = members[i].make(row);
		if (json_is_null(value) &&
		    (members[i].make == make_memmap || members[i].make == make_iomem))
			out_putc(out, '?');
		put_value(value, out);
	}
}

/* Write the first of the members in JSON that contain the column. */
static void cell_member(const struct text_table_column *column, const void *row, struct out *out)
{
	char name[32];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(column->members, ","), column->members);
	dump_put_member(name, row, out);
}

static void cell_phys_at(const struct text_table_column *column, const void *row, struct out *out)
{
	put_value(make_phys_at(row), out);
}

static void cell_virt_at(const struct text_table_column *column, const void *row, struct out *out)
{
	put_value(make_virt_at(row), out);
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
