/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the writers of dump share: the view of a capture, row by row, and the columns. */
#ifndef FORMAT_DUMP_H
#define FORMAT_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/format.h"
#include "format/labels.h"

#define RULE_WORDS ((EFIMAP_RULE_COUNT + 63) / 64)

/** struct rule_set - the rules that spoke of one entry, a bit each */
struct rule_set {
	uint64_t bits[RULE_WORDS];
};

/**
 * struct dump_view - a capture with what is known of each of its entries
 * @map:     the capture
 * @report:  findings on it
 * @bytes:   sizes as plain numbers
 * @memmap:  labels over each entry
 * @iomem:   labels over each entry
 * @rules:   per entry
 * @by_id:   per rule that spoke: the rule
 */
struct dump_view {
	const struct efimap *map;
	const struct efimap_report *report;
	bool bytes;
	struct labels memmap;
	struct labels iomem;
	struct rule_set *rules;
	const struct efimap_rule *by_id[EFIMAP_RULE_COUNT];
};

/** dump_view_open() - 0, -ENOMEM, -EOVERFLOW; close it in any case */
int dump_view_open(const struct efimap *map, const struct efimap_report *report,
		   bool bytes, struct dump_view *view);
/** dump_view_close() - free what the view holds */
void dump_view_close(struct dump_view *view);

/**
 * dump_view_rule() - the next rule on an entry, in the order of the catalogue
 * @position: of the entry in map->entries
 * @from:     rule number to start at, 0 at first; left behind the rule returned
 *
 * Return: NULL after the last.
 */
const struct efimap_rule *dump_view_rule(const struct dump_view *view, size_t position,
					 size_t *from);

/* Flags of a column: right-aligned; a list of words, which may be broken after a comma; a
 * second blank stands before it in a table */
#define COLUMN_RIGHT 1
#define COLUMN_LIST 2
#define COLUMN_SET_OFF 4

/**
 * struct dump_column - a column
 * @column: its name, and what it shows
 * @flags:  COLUMN_*
 * @cell:   append the text of a cell as it is in the capture, not escaped
 */
struct dump_column {
	struct efimap_column column;
	unsigned int flags;
	void (*cell)(struct dump_view *view, size_t position, struct efimap_out *out);
};
extern const struct dump_column dump_columns[];

/* The writers; columns are never empty. */
int dump_write_json(struct dump_view *view, bool compact, struct efimap_out *out);
int dump_write_table(struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out);
int dump_write_summary(const struct dump_view *view,
		       const struct efimap_dump_options *options, struct efimap_out *out);
/** dump_put_total() - "8 entries, 7.5M; mapped in the EFI window; …", without a newline */
void dump_put_total(const struct efimap *map, bool bytes, struct efimap_out *out);
int dump_write_lines(struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out);

#endif
