/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_OPTIONS_H
#define SHOW_DUMP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "show/text_style.h"

struct efimap_layout;

/**
 * enum efimap_dump_format - the output format of dump
 * @EFIMAP_DUMP_TABLE:  for people: headings, rows and a summary line
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

/**
 * struct efimap_dump_options - how to write a dump
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

#endif
