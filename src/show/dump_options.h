/* SPDX-License-Identifier: LGPL-2.1-or-later */
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
 * @EFIMAP_DUMP_TABLE:  for people: headings, rows, a summary line, and the findings
 * @EFIMAP_DUMP_JSON:   an efimap-dump document, with a line for each entry
 * @EFIMAP_DUMP_NDJSON: an efimap-dump document on a single line
 * @EFIMAP_DUMP_PAIRS:  IDX="0" TYPE="MMIO" …; characters that a shell interprets within double
 *                      quotes are written as \xNN
 * @EFIMAP_DUMP_RAW:    cells separated by one blank; blanks and backslashes in cells are written as
 *                      \xNN
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

#define EFIMAP_MAX_TERMS 16

/**
 * enum efimap_dump_relation - relation of a cell to the value of a term
 *
 * If the term has no value, the cell is THERE or EMPTY. If the cell and the value are both numbers,
 * the cell is BELOW, EQUAL or ABOVE. Otherwise the cell is ALIKE if one of its comma-separated
 * elements equals the value, and UNLIKE if none does.
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
 * @value:   start of the value in the parsed text; NULL if the term has no value
 */
struct efimap_dump_term {
	size_t column;
	unsigned int accepts;
	const char *value;
	size_t len;
	uint64_t number;
	bool is_number;
};

struct efimap_dump_filter {
	struct efimap_dump_term terms[EFIMAP_MAX_TERMS];
	size_t n_terms;
};

struct efimap_dump_order {
	size_t column;
	bool is_given;
	bool is_descending;
};

/** struct efimap_dump_layout - predicted addresses, and the findings on them */
struct efimap_dump_layout {
	const struct efimap_layout *rows;
	const struct efimap_report *report;
};

/**
 * struct efimap_dump_options - how to write a dump
 * @columns:   indices into dump_columns; ignored for JSON
 * @n_columns: number of elements of @columns, 0 for the default columns
 * @filter:    NULL for all entries
 * @layout:    NULL unless efimap_dump_needs_layout() returns true
 * @text:      options for text output
 * @bytes:     write sizes as plain numbers of bytes
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
};

#endif
