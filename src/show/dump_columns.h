/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_COLUMNS_H
#define SHOW_DUMP_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "infer/memory_coverage.h"
#include "linux/page_table.h"
#include "linux/virtual_layout.h"
#include "show/text_style.h"
#include "show/text_table.h"

/**
 * enum dump_format - the output format of dump
 * @EFIMAP_DUMP_TABLE:  a table for people, with headings, rows and a summary line
 * @EFIMAP_DUMP_JSON:   an efimap-dump document
 * @EFIMAP_DUMP_NDJSON: an efimap-dump document on a single line
 * @EFIMAP_DUMP_PAIRS:  lines such as IDX="0" TYPE="MMIO" …; characters that a shell interprets
 *                      within double quotes are written as \xNN
 * @EFIMAP_DUMP_RAW:    lines of cells separated by one blank; blanks and backslashes in cells are
 *                      written as \xNN
 *
 * PAIRS and RAW also write all bytes that are not printable ASCII as \xNN.
 */
enum dump_format {
	EFIMAP_DUMP_TABLE,
	EFIMAP_DUMP_JSON,
	EFIMAP_DUMP_NDJSON,
	EFIMAP_DUMP_PAIRS,
	EFIMAP_DUMP_RAW,
};

/**
 * struct dump_options - options for writing a dump
 * @columns:   indices into dump_columns
 * @n_columns: number of elements of @columns; 0 for the default columns or, in JSON, for the
 *             default members
 * @address:   show only the entries that cover this physical or virtual address; NULL for all
 * @layout:    predicted addresses; NULL unless dump_needs_layout() returns true
 * @page_table: with TABLE, write this page table instead of the entries; with JSON, add it to the
 *             document; NULL for none
 * @bytes:     write sizes as plain numbers of bytes
 */
struct dump_options {
	enum dump_format format;
	const size_t *columns;
	size_t n_columns;
	const uint64_t *address;
	const struct layout *layout;
	const struct efi_page_table *page_table;
	struct text_options text;
	bool bytes;
};

/** struct covering_labels - the ranges of MEMMAP or IOMEM that overlap each entry */
struct covering_labels {
	const struct efimap *map;
	enum source source;
	struct coverage cover;
};

struct dump_view;

/**
 * struct dump_row - a row of a view
 * @position:   position of the entry in the capture
 * @is_virtual: the address in the options of the view is a virtual address of the entry
 */
struct dump_row {
	const struct map_entry *entry;
	const struct dump_view *view;
	size_t position;
	bool is_virtual;
};

/**
 * struct dump_view - a capture with the labels and predictions of each entry
 * @options:   the options of the dump, with at least one column
 * @members:   for JSON, the members of an entry to write, separated by commas; NULL for the default
 *             members
 * @rows:      all entries, or the entries that cover the address in @options
 */
struct dump_view {
	const struct efimap *map;
	const struct dump_options *options;
	const char *members;
	struct dump_row *rows;
	size_t n_rows;
	struct covering_labels memmap;
	struct covering_labels iomem;
};

/**
 * dump_view_open() - make a view with a row for each entry that is shown
 *
 * An entry that covers the address in @options as a physical and as a virtual address has two rows,
 * unless the entry is identity-mapped. The caller closes the view with dump_view_close().
 */
void dump_view_open(const struct efimap *map, const struct dump_options *options,
		    struct dump_view *view);
void dump_view_close(struct dump_view *view);

/** dump_predicted() - return the prediction for the entry at @position, or NULL */
static inline const struct layout_row *dump_predicted(const struct dump_view *view, size_t position)
{
	const struct layout *layout = view->options->layout;

	return layout && position < layout->n_rows ? &layout->rows[position] : NULL;
}

/**
 * dump_columns_parse() - parse a list of columns
 * @text: the list, such as "IDX,PHYS", or "+END" for the default columns and END; names are
 *        case-insensitive
 * @has_address: whether --address is given, which some columns require
 *
 * Return: 0 or -EINVAL. The error for an unknown column suggests a column, or lists all columns.
 */
int dump_columns_parse(const char *text, bool has_address, size_t ret_columns[TABLE_MAX_COLUMNS],
		       size_t *ret_count, struct err *err);

/** dump_column_table() - store all or only the default columns, and return their number */
size_t dump_column_table(bool are_all, bool has_address, size_t columns[TABLE_MAX_COLUMNS]);

/** dump_needs_layout() - return whether a dump requires predicted addresses */
bool dump_needs_layout(const struct dump_options *options);

/** dump_columns - all columns, terminated by an element without a name */
extern const struct text_table_column dump_columns[];

/** dump_row_json() - return the members of an entry that a document contains */
json_t *dump_row_json(const struct dump_row *row);

/**
 * dump_put_member() - write the value of a member as text, nothing if it is null or omitted, and
 *"?" if it is an unknown list
 * @row: without a view for members that follow from the entry alone
 *
 * Call dump_view_open() or json_use_memory() before.
 */
void dump_put_member(const char *name, const struct dump_row *row, struct out *out);

#endif
