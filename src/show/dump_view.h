/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_VIEW_H
#define SHOW_DUMP_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "infer/memory_coverage.h"
#include "linux/virtual_layout.h"
#include "show/text_style.h"

/**
 * enum efimap_dump_format - the output format of dump
 * @EFIMAP_DUMP_TABLE:  a table for people, with headings, rows and a summary line
 * @EFIMAP_DUMP_JSON:   an efimap-dump document, with a line for each entry
 * @EFIMAP_DUMP_NDJSON: an efimap-dump document on a single line
 * @EFIMAP_DUMP_PAIRS:  lines such as IDX="0" TYPE="MMIO" …; characters that a shell interprets
 *                      within double quotes are written as \xNN
 * @EFIMAP_DUMP_RAW:    lines of cells separated by one blank; blanks and backslashes in cells are
 *                      written as \xNN
 *
 * PAIRS and RAW also write all bytes that are not printable ASCII as \xNN.
 */
enum efimap_dump_format {
	EFIMAP_DUMP_TABLE,
	EFIMAP_DUMP_JSON,
	EFIMAP_DUMP_NDJSON,
	EFIMAP_DUMP_PAIRS,
	EFIMAP_DUMP_RAW,
};

#define EFIMAP_MAX_COLUMNS 64

/**
 * struct efimap_dump_options - options for writing a dump
 * @columns:   indices into dump_columns
 * @n_columns: number of elements of @columns, 0 for the default columns and, in JSON, for the usual
 *             members
 * @address:   show only the entries that cover this physical or virtual address; NULL for all
 * @layout:    predicted addresses; NULL unless efimap_dump_needs_layout() returns true
 * @text:      options for text output
 * @bytes:     write sizes as plain numbers of bytes
 */
struct efimap_dump_options {
	enum efimap_dump_format format;
	const size_t *columns;
	size_t n_columns;
	const uint64_t *address;
	const struct efimap_layout *layout;
	struct efimap_text_options text;
	bool bytes;
};

/**
 * struct covering_labels - the ranges of MEMMAP or IOMEM that overlap each entry
 * @is_repeated: for each hit of @cover, whether an earlier hit of the entry has the same label
 */
struct covering_labels {
	const struct efimap *map;
	enum efimap_source source;
	struct efimap_coverage cover;
	bool *is_repeated;
};

/**
 * covering_labels_next() - return the next label of an entry, or NULL after the last one
 * @at: position in the list of ranges, which the caller sets to 0 before the first call
 *
 * Each label is returned once. If the list of ranges was cut, the last label is "...".
 */
const char *covering_labels_next(const struct covering_labels *labels, size_t entry, size_t *at);
/**
 * covering_labels_not_read() - return whether an entry has no label, but may overlap ranges that
 * were not read
 */
bool covering_labels_not_read(const struct covering_labels *labels, size_t position);

struct dump_view;

/**
 * struct dump_row - a row of a view
 * @position:   position of the entry in the capture
 * @is_virtual: the entry covers the address of the view as a virtual address
 */
struct dump_row {
	const struct efimap_entry *entry;
	const struct dump_view *view;
	size_t position;
	bool is_virtual;
};

/**
 * struct dump_view - a capture with the labels and predictions of each entry
 * @bytes:     write sizes as plain numbers of bytes
 * @options:   for JSON, the options of the dump
 * @members:   for JSON, the members of an entry to write, separated by commas; NULL for the default
 *             members
 * @address:   the address that the shown entries cover; NULL if all entries are shown
 * @rows:      the shown entries; NULL if all entries are shown
 * @layout:    predicted addresses; NULL if not requested
 */
struct dump_view {
	const struct efimap *map;
	bool bytes;
	const struct efimap_dump_options *options;
	const char *members;
	const uint64_t *address;
	struct dump_row *rows;
	size_t n_rows;
	struct covering_labels memmap;
	struct covering_labels iomem;
	const struct efimap_layout *layout;
};

/**
 * dump_view_open() - make a view with a row for each entry
 *
 * The caller calls dump_view_close() even after a failure.
 *
 * Return: 0, -ENOMEM, or -EOVERFLOW if there are too many ranges.
 */
int dump_view_open(const struct efimap *map, bool bytes, struct dump_view *view);
void dump_view_close(struct dump_view *view);
/**
 * dump_view_select() - show only the entries that cover an address
 *
 * An entry that covers the address as a physical and as a virtual address has two rows, unless the
 * entry is identity-mapped.
 *
 * Return: 0 or -ENOMEM.
 */
int dump_view_select(struct dump_view *view, const uint64_t *address);

static inline struct dump_row dump_row_at(const struct dump_view *view, size_t row)
{
	const struct dump_row entry = { &view->map->entries[row], view, row, false };

	return view->rows ? view->rows[row] : entry;
}

/**
 * dump_predicted() - return the prediction for the entry at @position, or NULL
 */
static inline const struct efimap_layout_row *dump_predicted(const struct dump_view *view,
							     size_t position)
{
	const struct efimap_layout *layout = view->layout;

	return layout && position < layout->n_rows ? &layout->rows[position] : NULL;
}

/**
 * dump_row_phys_at() - translate the address of the view to a physical address
 *
 * dump_row_virt_at() translates to a virtual address. Both use the entry of @row.
 *
 * Return: false if the view shows all entries, or if the address is unknown or above 2^64 - 1.
 */
bool dump_row_phys_at(const struct dump_row *row, uint64_t *ret_address);
bool dump_row_virt_at(const struct dump_row *row, uint64_t *ret_address);

#endif
