/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a runtime map is written: which columns, which rows, and in which format. */
#ifndef SHOW_DUMP_OPTIONS_H
#define SHOW_DUMP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/report.h"
#include "show/text_style.h"

struct efimap_layout;

/**
 * enum efimap_dump_format - how dump writes
 * @EFIMAP_DUMP_TABLE:  for people: heading, rows, a line that sums up, the findings;
 *                      cells are printable ASCII, so columns line up in every locale
 * @EFIMAP_DUMP_JSON:   an efimap-dump document, one line an entry
 * @EFIMAP_DUMP_NDJSON: the same on one line
 * @EFIMAP_DUMP_PAIRS:  IDX="0" TYPE="MMIO" …, escaped as lsblk -P does: what a shell
 *                      would look into within double quotes is \xNN
 * @EFIMAP_DUMP_RAW:    cells with a blank between them, blanks within as \x20
 */
enum efimap_dump_format {
	EFIMAP_DUMP_TABLE,
	EFIMAP_DUMP_JSON,
	EFIMAP_DUMP_NDJSON,
	EFIMAP_DUMP_PAIRS,
	EFIMAP_DUMP_RAW,
};

#define EFIMAP_MAX_COLUMNS 64

/** EFIMAP_MAX_TERMS - terms of a filter */
#define EFIMAP_MAX_TERMS 16

/** enum efimap_dump_relation - what a cell is; two that are not both numbers are alike or unlike */
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
 * struct efimap_dump_term - one condition
 * @column:  whose cell; EFIMAP_MAX_COLUMNS: the entry covers the address @number
 * @accepts: enum efimap_dump_relation, any of them
 * @value:   what it is compared with, in the text that was parsed; of a list one element. NULL
 *           for nothing
 */
struct efimap_dump_term {
	size_t column;
	unsigned int accepts;
	const char *value;
	size_t len;
	uint64_t number;
	bool is_number;
};

/** struct efimap_dump_filter - conditions that all hold of the entries that are shown */
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
 * struct efimap_dump_layout - predicted addresses, and what is found on them
 * @rows:   of the entries of the capture
 * @report: findings of the family predicted-addresses
 */
struct efimap_dump_layout {
	const struct efimap_layout *rows;
	const struct efimap_report *report;
};

/**
 * struct efimap_dump_options - how to write a dump
 * @columns:   column numbers (table, pairs, raw)
 * @n_columns: 0 for the defaults
 * @filter:    NULL for all
 * @layout:    NULL unless efimap_dump_needs_layout()
 * @text:      how what is below a table is written
 * @bytes:     sizes as plain numbers of bytes
 * @width:     columns of the terminal, 0 for no limit; in a table that is wider, lists go
 *             on in further lines, and nothing is cut
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
