/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Define the columns of dump. The writers escape the cells. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/closest_word.h"
#include "infer/mapping_mode.h"
#include "show/dump_columns.h"
#include "show/dump_view.h"
#include "show/text_style.h"
#include "show/text_table.h"

/* Maximum number of bytes of an unknown name in an error. */
#define MAX_SHOWN_NAME 32

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
_Static_assert(N_COLUMNS <= EFIMAP_MAX_COLUMNS && EFIMAP_MAX_COLUMNS <= TABLE_MAX_COLUMNS,
	       "all columns must fit in one -o list, and this list in a table");

void dump_put_cell(const struct dump_view *view, size_t at, size_t column,
		   struct efimap_out *out)
{
	const struct dump_row row = dump_row_at(view, at);

	text_table_put_cell(&dump_columns[column], &row, out);
}

size_t dump_default_columns(bool has_address, size_t columns[EFIMAP_MAX_COLUMNS])
{
	const unsigned int flags = TABLE_DEFAULT | (has_address ? TABLE_ADDRESS : 0);
	size_t count = 0;

	for (size_t i = 0; i < N_COLUMNS; i++)
		if (dump_columns[i].flags & flags)
			columns[count++] = i;
	return count;
}

size_t efimap_dump_all_columns(bool has_address, size_t columns[EFIMAP_MAX_COLUMNS])
{
	size_t count = 0;

	for (size_t i = 0; i < N_COLUMNS; i++)
		if (has_address || !(dump_columns[i].flags & TABLE_ADDRESS))
			columns[count++] = i;
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
			      size_t ret_columns[EFIMAP_MAX_COLUMNS], size_t *ret_count,
			      struct efimap_err *err)
{
	size_t columns[EFIMAP_MAX_COLUMNS];
	size_t count = 0;

	if (*text == '+') {
		count = dump_default_columns(has_address, columns);
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
