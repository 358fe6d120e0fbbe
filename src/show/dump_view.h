/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the writers of dump share: the view of a capture, row by row, and the columns. */
#ifndef SHOW_DUMP_VIEW_H
#define SHOW_DUMP_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "infer/memory_coverage.h"
#include "linux/virtual_layout.h"
#include "show/dump.h"
#include "show/text_table.h"

/* --- labels over each entry, each said once --- */

/** struct covering_labels - who covers what, by name: those of MEMMAP or IOMEM */
struct covering_labels {
	const struct efimap *map;
	enum efimap_source source;
	struct efimap_coverage cover;
};

/* --- the view --- */

#define RULE_WORDS ((EFIMAP_RULE_COUNT + 63) / 64)

/**
 * struct dump_view - a capture with what is known of each of its entries
 * @bytes:   sizes as plain numbers
 * @rows:    positions of the entries that are shown
 * @memmap:  labels over each entry
 * @iomem:   labels over each entry
 * @rules:   per entry the rules that spoke of it, a bit each: bytes would be 16 KiB of a usual map
 * @layout:  predicted addresses and the findings on them; NULL where none were asked for
 * @predicted: per entry its row of @layout; NULL of an incomplete one
 */
struct dump_view {
	const struct efimap *map;
	const struct efimap_report *report;
	bool bytes;
	size_t *rows;
	size_t n_rows;
	struct covering_labels memmap;
	struct covering_labels iomem;
	uint64_t (*rules)[RULE_WORDS];
	const struct efimap_dump_layout *layout;
	const struct efimap_layout_row **predicted;
};

/** dump_view_open() - with a row for each entry; 0, -ENOMEM, -EOVERFLOW; close it in any case */
int dump_view_open(const struct efimap *map, const struct efimap_report *report,
		   bool bytes, struct dump_view *view);
/**
 * dump_join_incomplete() - a capture whose entries are all that can be shown
 * @ret_shown: the same but for its entries, for free(); not to be judged
 */
int dump_join_incomplete(const struct efimap *map, struct efimap *ret_shown);
/** dump_view_predict() - show these predictions too; 0 or -ENOMEM */
int dump_view_predict(struct dump_view *view, const struct efimap_dump_layout *layout);
/** dump_choose_rows() - keep and sort those that --filter and --sort say; 0 or -ENOMEM */
int dump_choose_rows(struct dump_view *view, const struct efimap_dump_options *options);
void dump_view_close(struct dump_view *view);

/** dump_view_rule() - the next rule on an entry, in the order of the catalogue, NULL after the
 * last; @from is 0 at first */
const struct efimap_rule *dump_view_rule(const struct dump_view *view, size_t position,
					 size_t *from);

/** struct dump_row - an entry in a view */
struct dump_row {
	const struct efimap_entry *entry;
	const struct dump_view *view;
	size_t position;
};

static inline struct dump_row dump_row_at(const struct dump_view *view, size_t position)
{
	return (struct dump_row){ &view->map->entries[position], view, position };
}

/* Cells of a dump_row */
text_table_cell_fn dump_cell_predicted, dump_cell_bound;
/* Cells of rows that begin with a pointer to an entry, as a dump_row does */
text_table_cell_fn dump_cell_index, dump_cell_type, dump_cell_phys, dump_cell_attr_hex;

/** dump_columns - the last has no name */
extern const struct text_table_column dump_columns[];

/** dump_find_column() - the one of this name, in any case; 0, or -EINVAL with what there is */
int dump_find_column(const char *name, size_t len, size_t *ret_column,
		     struct efimap_err *err);
/** dump_row_predicted() - the prediction for the entry of this row, or NULL */
const struct efimap_layout_row *dump_row_predicted(const struct dump_row *row);
/** dump_put_cell() - append a cell, not escaped */
void dump_put_cell(const struct dump_view *view, size_t position, size_t column,
		   struct efimap_out *out);

/* The writers; columns are never empty. */
int dump_write_table(const struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out);
int dump_write_summary(const struct dump_view *view,
		       const struct efimap_text_options *options, struct efimap_out *out);
/** dump_write_layout() - what the predicted addresses tell, and the findings on them */
void dump_write_layout(const struct dump_view *view, const struct efimap_text_options *options,
		       struct efimap_out *out);
/** dump_write_binary() - what a binary is that holds no runtime map, and its fields */
void dump_write_binary(const struct efimap *map, struct efimap_out *out);
/** dump_put_total() - "8 entries, 7.5M; mapped in the EFI window; …", without a newline */
void dump_put_total(const struct efimap *map, bool bytes, struct efimap_out *out);
int dump_write_lines(const struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out);

#endif
