/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The columns of dump, and which of them are shown. */
#ifndef SHOW_DUMP_COLUMNS_H
#define SHOW_DUMP_COLUMNS_H

#include "base/error.h"
#include "show/dump_options.h"
#include "show/dump_view.h"
#include "show/text_table.h"

/** efimap_dump_columns_parse() - "IDX,PHYS", or "+END" for the defaults and END; names in any
 * case; 0, or -EINVAL with the unknown column and those that there are */
int efimap_dump_columns_parse(const char *text, size_t ret_columns[EFIMAP_MAX_COLUMNS],
			      size_t *ret_count, struct efimap_err *err);

/** dump_default_columns() - those that are shown if none are named; how many */
size_t dump_default_columns(size_t columns[EFIMAP_MAX_COLUMNS]);

/** efimap_dump_needs_layout() - does this dump show, sort by or choose by a predicted address? */
bool efimap_dump_needs_layout(const struct efimap_dump_options *options);

/* Cells of rows that begin with a pointer to an entry, as a dump_row does */
text_table_cell_fn dump_cell_index, dump_cell_type, dump_cell_phys, dump_cell_attr_hex;

/** dump_columns - the last has no name */
extern const struct text_table_column dump_columns[];

/** dump_find_column() - the one of this name, in any case; 0, or -EINVAL with what there is */
int dump_find_column(const char *name, size_t len, size_t *ret_column,
		     struct efimap_err *err);
/** dump_put_cell() - append a cell, not escaped */
void dump_put_cell(const struct dump_view *view, size_t position, size_t column,
		   struct efimap_out *out);

#endif
