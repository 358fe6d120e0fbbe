/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: writing things down
 *
 * Captures and reports as text and JSON. Everything goes into a &struct efimap_out,
 * whose error sticks; these functions return it, or -ENOMEM. Nothing here reads a file,
 * looks at a terminal or judges.
 *
 * Text that came from a capture (labels, the kernel's release) never reaches the output
 * with control characters: they are written as \xNN in text, as \u00NN in JSON.
 */
#ifndef EFIMAP_FORMAT_H
#define EFIMAP_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include <efimap/capture.h>
#include <efimap/cover.h>
#include <efimap/err.h>
#include <efimap/out.h>
#include <efimap/report.h>
#include <efimap/rule.h>

/** enum efimap_dump_format - how dump writes */
enum efimap_dump_format {
	EFIMAP_DUMP_TABLE,
	EFIMAP_DUMP_JSON,
	EFIMAP_DUMP_NDJSON,
	EFIMAP_DUMP_CSV,
	EFIMAP_DUMP_PAIRS,
	EFIMAP_DUMP_RAW,
};

/**
 * struct efimap_column - one column of dump
 * @name:       "PHYS"
 * @help:       what it shows, for --help and the man page
 * @is_default: shown unless -o says otherwise
 *
 * How it is printed lies beside it in src/format; a column is one row in that table.
 */
struct efimap_column {
	const char *name;
	const char *help;
	bool is_default;
};

/** efimap_dump_column() - column number @index, NULL after the last */
const struct efimap_column *efimap_dump_column(size_t index);

#define EFIMAP_MAX_COLUMNS 64

/**
 * efimap_dump_columns_parse() - "IDX,PHYS", or "+END" for the defaults and END
 * @text:        the operand of -o; names in any case
 * @ret_columns: column numbers
 * @ret_count:   how many
 * @err:         names the unknown column and lists the known ones
 *
 * Return: 0, or -EINVAL.
 */
int efimap_dump_columns_parse(const char *text, size_t ret_columns[EFIMAP_MAX_COLUMNS],
			      size_t *ret_count, struct efimap_err *err);

/**
 * struct efimap_dump_options - how to write a dump
 * @format:    which format
 * @columns:   column numbers (table, csv, pairs, raw)
 * @n_columns: how many; 0 for the defaults
 * @headings:  write the heading line, and below a table its summary and findings
 * @bytes:     sizes as plain numbers of bytes
 * @color:     use colours
 * @notes:     list notes too below a table
 * @width:     columns of the terminal, 0 for no limit
 */
struct efimap_dump_options {
	enum efimap_dump_format format;
	const size_t *columns;
	size_t n_columns;
	bool headings;
	bool bytes;
	bool color;
	bool notes;
	unsigned int width;
};

/**
 * efimap_dump_write() - a runtime map
 * @map:     the capture
 * @report:  verify's findings on it, for RULES and the lines below the table
 * @options: how
 * @out:     where
 */
int efimap_dump_write(const struct efimap *map, const struct efimap_report *report,
		      const struct efimap_dump_options *options, struct efimap_out *out);

/**
 * struct efimap_text_options - how to write findings for people
 * @color:   use colours
 * @verbose: add evidence and what was skipped
 * @notes:   list notes too
 * @source:  start each finding with this SOURCE, NULL for none
 */
struct efimap_text_options {
	bool color;
	bool verbose;
	bool notes;
	const char *source;
};

/** efimap_report_write_text() - findings and the counts line */
int efimap_report_write_text(const struct efimap_report *report,
			     const struct efimap_text_options *options,
			     struct efimap_out *out);

/**
 * efimap_report_write_json() - an efimap-report document
 * @source:  SOURCE
 * @report:  the report
 * @compact: one line instead of indented
 * @out:     where
 */
int efimap_report_write_json(const char *source, const struct efimap_report *report,
			     bool compact, struct efimap_out *out);

/** efimap_explain_list() - every rule with its severity, by family */
int efimap_explain_list(bool color, struct efimap_out *out);
/** efimap_explain_rule() - everything about one rule, wrapped at @width columns */
int efimap_explain_rule(const struct efimap_rule *rule, bool color, unsigned int width,
			struct efimap_out *out);

/** efimap_out_safe() - append text from a capture with control characters as \xNN */
void efimap_out_safe(struct efimap_out *out, const char *text);

#endif
