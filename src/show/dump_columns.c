/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Collect the labels of the ranges that overlap each entry, select the entries that cover an
 * address, and define the columns of dump. The writers escape the cells.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/closest_word.h"
#include "infer/mapping_mode.h"
#include "show/dump_columns.h"
#include "show/text_style.h"

/* Maximum number of bytes of an unknown name in an error. */
#define MAX_SHOWN_NAME 32

static const char *label_of(const struct covering_labels *labels, uint32_t range)
{
	return labels->source == EFIMAP_SRC_MEMMAP ? labels->map->memmap[range].label :
						     labels->map->iomem[range].name;
}

static int compare_labels(const void *a, const void *b, void *labels)
{
	const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return strcmp(label_of(labels, one), label_of(labels, other));
}

/*
 * For each entry, mark each range that has the same label as an earlier range of the entry. The
 * labels are sorted only once, because many entries can overlap many ranges in a crafted capture.
 */
static int mark_repeated(struct covering_labels *labels)
{
	const struct efimap *map = labels->map;
	const struct efimap_coverage *cover = &labels->cover;
	const size_t count = labels->source == EFIMAP_SRC_MEMMAP ? map->n_memmap : map->n_iomem;
	efimap_auto_free uint32_t *order = efimap_array_new(count, sizeof(*order));
	/* For each range, the number of its label. Distinct labels are numbered from 0. */
	efimap_auto_free uint32_t *numbers = efimap_array_new(count, sizeof(*numbers));
	/* For each label, 1 plus the position of the last visited entry with this label, or 0. */
	efimap_auto_free size_t *last = efimap_array_new(count, sizeof(*last));
	uint32_t number = 0;

	labels->is_repeated = efimap_array_new(cover->n_hits, sizeof(*labels->is_repeated));
	if (!order || !numbers || !last || !labels->is_repeated)
		return -ENOMEM;
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
	return 0;
}

const char *covering_labels_next(const struct covering_labels *labels, size_t entry, size_t *at)
{
	const struct efimap_coverage *cover = &labels->cover;
	const size_t count = cover->begin[entry + 1] - cover->begin[entry];

	while (*at < count) {
		const size_t hit = cover->begin[entry] + (*at)++;

		if (!labels->is_repeated[hit])
			return label_of(labels, cover->hits[hit]);
	}
	if (*at > count || !cover->cut[entry])
		return NULL;
	*at = count + 1;
	/* The list was cut at EFIMAP_COVER_CUT ranges. */
	return "...";
}

int dump_view_open(const struct efimap *map, const struct efimap_dump_options *options,
		   struct dump_view *view)
{
	const uint64_t *address = options->address;
	int ret;

	*view = (struct dump_view){
		.map = map,
		.options = options,
		.n_rows = map->n_entries,
		.memmap = { .map = map, .source = EFIMAP_SRC_MEMMAP },
		.iomem = { .map = map, .source = EFIMAP_SRC_IOMEM },
	};
	ret = efimap_coverage_memmap(map, &view->memmap.cover);
	if (!ret)
		ret = mark_repeated(&view->memmap);
	if (!ret)
		ret = efimap_coverage_iomem(map, &view->iomem.cover);
	if (!ret)
		ret = mark_repeated(&view->iomem);
	if (ret || !address)
		return ret;
	view->rows = efimap_array_new(map->n_entries, 2 * sizeof(*view->rows));
	if (!view->rows)
		return -ENOMEM;
	view->n_rows = 0;
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];
		const bool is_physical = efimap_entry_covers_phys(entry, *address);

		if (is_physical)
			view->rows[view->n_rows++] = (struct dump_row){ entry, view, i, false };
		if (efimap_entry_covers_virt(entry, *address) &&
		    !(is_physical && entry->phys == entry->virt))
			view->rows[view->n_rows++] = (struct dump_row){ entry, view, i, true };
	}
	return 0;
}

void dump_view_close(struct dump_view *view)
{
	efimap_coverage_free(&view->memmap.cover);
	efimap_coverage_free(&view->iomem.cover);
	free(view->memmap.is_repeated);
	free(view->iomem.is_repeated);
	free(view->rows);
}

/*
 * Translate the address in the dump options, which is in the physical or virtual range of the
 * entry, to the same offset in the range that starts at @to. Return false if the view shows all
 * entries, or if the result is above 2^64 - 1.
 */
static bool move_address(const struct dump_row *row, uint64_t to, uint64_t *ret_address)
{
	const struct efimap_entry *entry = row->entry;
	const uint64_t *address = row->view->options->address;
	const uint64_t from = row->is_virtual ? entry->virt : entry->phys;

	return address && !__builtin_add_overflow(to, *address - from, ret_address);
}

bool dump_row_phys_at(const struct dump_row *row, uint64_t *ret_address)
{
	return move_address(row, row->entry->phys, ret_address);
}

bool dump_row_virt_at(const struct dump_row *row, uint64_t *ret_address)
{
	return row->entry->virt_from != EFIMAP_VIRT_UNKNOWN &&
	       move_address(row, row->entry->virt, ret_address);
}

bool covering_labels_not_read(const struct covering_labels *labels, size_t position)
{
	const struct efimap *map = labels->map;
	const enum efimap_state state = map->states[labels->source];
	size_t at = 0;

	if (covering_labels_next(labels, position, &at))
		return false;
	return (state != EFIMAP_STATE_PRESENT && state != EFIMAP_STATE_ABSENT) ||
	       efimap_has_fault(map, labels->source, EFIMAP_ANY_FAULT);
}

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

static void cell_index(const void *record, struct efimap_out *out)
{
	put_number(out, text_table_entry_of(record)->index);
}

static void cell_phys_at(const void *record, struct efimap_out *out)
{
	uint64_t address;

	if (dump_row_phys_at(record, &address))
		efimap_out_hex(out, address);
}

static void cell_virt_at(const void *record, struct efimap_out *out)
{
	uint64_t address;

	if (dump_row_virt_at(record, &address))
		efimap_out_hex(out, address);
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
		/* The number of bytes of an invalid entry can exceed 2^64 - 1. */
		efimap_out_puts(out, row->view->options->bytes ? ">18446744073709551615" : ">16E");
	else if (row->view->options->bytes)
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

static void put_labels(const struct covering_labels *labels, size_t position,
		       struct efimap_out *out)
{
	const char *label;
	size_t at = 0;

	while ((label = covering_labels_next(labels, position, &at)))
		put_word(out, label);
	if (covering_labels_not_read(labels, position))
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

static void cell_predicted(const void *record, struct efimap_out *out)
{
	const struct dump_row *row = record;
	const struct efimap_layout_row *predicted = dump_predicted(row->view, row->position);

	if (predicted && predicted->kind == EFIMAP_LAYOUT_EXACT)
		efimap_out_hex(out, predicted->predicted);
}

static void cell_bound(const void *record, struct efimap_out *out)
{
	const struct dump_row *row = record;
	const struct efimap_layout_row *predicted = dump_predicted(row->view, row->position);

	if (predicted && predicted->kind != EFIMAP_LAYOUT_NO_SPACE)
		efimap_out_hex(out, predicted->bound);
}

const struct text_table_column dump_columns[] = {
	{ "IDX", TABLE_RIGHT | TABLE_DEFAULT, cell_index,
	  "number of the entry in runtime-map", "index" },
	{ "PHYSAT", TABLE_ADDRESS, cell_phys_at,
	  "with --address: the physical address of ADDR", "at" },
	{ "VIRTAT", TABLE_ADDRESS, cell_virt_at,
	  "with --address: the virtual address of ADDR", "at" },
	{ "TYPE", TABLE_DEFAULT, dump_cell_type, "EFI memory type", "type_name" },
	{ "TYPENO", TABLE_RIGHT, cell_type_number,
	  "EFI memory type as a number", "type" },
	{ "ATTR", TABLE_LIST | TABLE_DEFAULT, cell_attr,
	  "attribute bits by name", "attribute_names" },
	{ "ATTRHEX", 0, dump_cell_attr_hex,
	  "attribute bits as a number", "attribute" },
	{ "PHYS", TABLE_DEFAULT, dump_cell_phys, "physical start", "phys_addr" },
	{ "END", 0, cell_phys_end,
	  "physical end (inclusive)", "phys_end" },
	{ "SIZE", TABLE_RIGHT | TABLE_DEFAULT, cell_size, "size", "size" },
	{ "PAGES", TABLE_RIGHT, cell_pages,
	  "number of 4096-byte EFI pages", "num_pages" },
	{ "VIRT", TABLE_DEFAULT, cell_virt, "virtual start", "virt_addr,virt_addr_predicted" },
	{ "VEND", 0, cell_virt_end,
	  "virtual end (inclusive)", "virt_end" },
	{ "PREDICTED", 0, cell_predicted,
	  "virtual start that the kernel's algorithm yields", "predicted,possible" },
	{ "BOUND", 0, cell_bound,
	  "highest virtual start that the kernel's algorithm can yield", "bound" },
	{ "OFFSET", 0, cell_offset,
	  "virtual minus physical start, modulo 2^64", "offset" },
	{ "MODE", 0, cell_mode,
	  "kind of mapping: efi-va-range, identity, direct-map or unknown", "mapping" },
	{ "MEMMAP", TABLE_LIST | TABLE_SET_OFF | TABLE_DEFAULT, cell_memmap,
	  "types of the /sys/firmware/memmap ranges that overlap the entry", "memmap" },
	{ "IOMEM", TABLE_LIST | TABLE_DEFAULT, cell_iomem,
	  "names of the overlapping /proc/iomem ranges, outer ranges first", "iomem" },
	{ 0 },
};

#define N_COLUMNS (sizeof(dump_columns) / sizeof(dump_columns[0]) - 1)
_Static_assert(N_COLUMNS <= TABLE_MAX_COLUMNS, "all columns must fit in one -o list");

size_t efimap_dump_columns(bool are_all, bool has_address, size_t columns[TABLE_MAX_COLUMNS])
{
	size_t count = 0;

	for (size_t i = 0; i < N_COLUMNS; i++) {
		const unsigned int flags = dump_columns[i].flags;

		if (flags & TABLE_ADDRESS ? has_address : are_all || flags & TABLE_DEFAULT)
			columns[count++] = i;
	}
	return count;
}

/*
 * Set an error about an unknown column. The error suggests the most similar column or, if no name
 * is similar, lists all columns. Return -EINVAL.
 */
static int refuse_column(struct efimap_err *err, const char *name, size_t len)
{
	struct efimap_out known efimap_auto_out = EFIMAP_OUT_MEM;
	char word[MAX_SHOWN_NAME + 1] = "";
	struct closest closest = { .word = word };

	memcpy(word, name, len < MAX_SHOWN_NAME ? len : MAX_SHOWN_NAME);
	for (size_t i = 0; i < N_COLUMNS; i++)
		closest_try(&closest, dump_columns[i].name);
	if (closest.best)
		return efimap_err_set(err, EINVAL, NULL, "unknown column '%s'%s", word,
				      closest_hint(&closest));
	for (size_t i = 0; i < N_COLUMNS; i++)
		efimap_out_printf(&known, "%s%s", i ? "," : " ", dump_columns[i].name);
	efimap_out_putc(&known, '\0');
	return efimap_err_set(err, EINVAL, NULL, "%s%s%s; valid columns:%s",
			      len ? "unknown column '" : "empty column name", word,
			      len ? "'" : "", known.error ? "" : known.data);
}

int efimap_dump_columns_parse(const char *text, bool has_address,
			      size_t ret_columns[TABLE_MAX_COLUMNS], size_t *ret_count,
			      struct efimap_err *err)
{
	size_t count = 0;

	if (*text == '+') {
		count = efimap_dump_columns(false, has_address, ret_columns);
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
			return efimap_err_set(err, EINVAL, NULL, "column %s requires --address",
					      dump_columns[index].name);
		if (count == TABLE_MAX_COLUMNS)
			return efimap_err_set(err, EINVAL, NULL, "more than %d columns",
					      TABLE_MAX_COLUMNS);
		ret_columns[count++] = index;
		if (!text[len])
			break;
		text += len + 1;
	}
	*ret_count = count;
	return 0;
}

bool efimap_dump_needs_layout(const struct efimap_dump_options *options)
{
	if (options->format == EFIMAP_DUMP_JSON || options->format == EFIMAP_DUMP_NDJSON)
		return true;
	for (size_t i = 0; i < options->n_columns; i++) {
		text_table_cell_fn *cell = dump_columns[options->columns[i]].cell;

		if (cell == cell_predicted || cell == cell_bound)
			return true;
	}
	return false;
}
