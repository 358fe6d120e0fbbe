/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How to write a runtime map: columns, rows and format */
#ifndef SHOW_DUMP_OPTIONS_H
#define SHOW_DUMP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/report.h"
#include "show/text_style.h"

struct efimap_layout;

/**
 * enum efimap_dump_format - the output format of dump
 * @EFIMAP_DUMP_TABLE:  for people: heading, rows, a summary line, the findings. Cells are
 *                      printable ASCII, so columns are aligned in every locale.
 * @EFIMAP_DUMP_JSON:   an efimap-dump document, with a line for each entry
 * @EFIMAP_DUMP_NDJSON: the same on one line
 * @EFIMAP_DUMP_PAIRS:  IDX="0" TYPE="MMIO" …, escaped like lsblk -P: characters that a shell
 *                      expands in double quotes become \xNN
 * @EFIMAP_DUMP_RAW:    cells separated by a blank, with blanks in cells as \x20
 */
enum efimap_dump_format {
	EFIMAP_DUMP_TABLE,
	EFIMAP_DUMP_JSON,
	EFIMAP_DUMP_NDJSON,
	EFIMAP_DUMP_PAIRS,
	EFIMAP_DUMP_RAW,
};

#define EFIMAP_MAX_COLUMNS 64

/** EFIMAP_MAX_TERMS - the largest number of terms of a filter */
#define EFIMAP_MAX_TERMS 16

/**
 * enum efimap_dump_relation - relation of a cell to a value; unless both are numbers, they are
 * ALIKE or UNLIKE
 */
enum efimap_dump_relation {
	EFIMAP_DUMP_THERE = 1,
	EFIMAP_DUMP_EMPTY = 2,
	EFIMAP_DUMP_BELOW = 4,
	EFIMAP_DUMP_EQUAL = 8,
	EFIMAP_DUMP_ABOVE = 16,
	EFIMAP_DUMP_ALIKE = 32,
	EFIMAP_DUMP_UNLIKE = 64,
};

/**
 * struct efimap_dump_term - a condition of a filter
 * @column:  column of the cell; EFIMAP_MAX_COLUMNS if the entry must cover the address @number
 * @accepts: bitwise OR of the relations that match
 * @value:   the value, which points into the parsed text; a list matches if one element does.
 *           NULL for none.
 */
struct efimap_dump_term {
	size_t column;
	unsigned int accepts;
	const char *value;
	size_t len;
	uint64_t number;
	bool is_number;
};

/** struct efimap_dump_filter - conditions that all entries shown must meet */
struct efimap_dump_filter {
	struct efimap_dump_term terms[EFIMAP_MAX_TERMS];
	size_t n_terms;
};

/** struct efimap_dump_order - the column to sort by, if any */
struct efimap_dump_order {
	size_t column;
	bool is_given;
	bool is_descending;
};

/**
 * struct efimap_dump_layout - predicted addresses, and findings on them
 * @rows:   addresses of the entries of the capture
 * @report: findings of the family predicted-addresses
 */
struct efimap_dump_layout {
	const struct efimap_layout *rows;
	const struct efimap_report *report;
};

/**
 * struct efimap_dump_options - how to write a dump
 * @columns:   column numbers (table, pairs, raw)
 * @n_columns: 0 for the default columns
 * @filter:    NULL for all entries
 * @layout:    NULL unless efimap_dump_needs_layout() returns true
 * @text:      options for the lines below the table
 * @bytes:     write sizes as plain numbers of bytes
 * @width:     width of the terminal, 0 for no limit. If the table is wider, lists continue on
 *             further lines; nothing is truncated.
 */
struct efimap_dump_options {
	enum efimap_dump_format format;
	const size_t *columns;
	size_t n_columns;
	const struct efimap_dump_filter *filter;
	struct efimap_dump_order order;
	const struct efimap_dump_layout *layout;
	struct efimap_text_options text;
	bool bytes;
	unsigned int width;
};

#endif
