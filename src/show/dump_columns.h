/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_COLUMNS_H
#define SHOW_DUMP_COLUMNS_H

#include "base/error.h"
#include "show/dump_view.h"
#include "show/text_table.h"

/**
 * efimap_dump_columns_parse() - parse a list of columns
 * @text: the list, such as "IDX,PHYS", or "+END" for the default columns and END; names are
 *        case-insensitive
 * @has_address: whether --address is given, which some columns require
 *
 * Return: 0 or -EINVAL. The error for an unknown column suggests a column, or lists all columns.
 */
int efimap_dump_columns_parse(const char *text, bool has_address,
			      size_t ret_columns[EFIMAP_MAX_COLUMNS], size_t *ret_count,
			      struct efimap_err *err);

size_t dump_default_columns(bool has_address, size_t columns[EFIMAP_MAX_COLUMNS]);
size_t efimap_dump_all_columns(bool has_address, size_t columns[EFIMAP_MAX_COLUMNS]);

/** efimap_dump_needs_layout() - return whether a dump requires predicted addresses */
bool efimap_dump_needs_layout(const struct efimap_dump_options *options);

/* The row must start with a pointer to an entry, like struct dump_row. */
text_table_cell_fn dump_cell_type, dump_cell_phys, dump_cell_attr_hex;

/** dump_columns - all columns, terminated by an element without a name */
extern const struct text_table_column dump_columns[];

/** dump_put_cell() - append the unescaped cell of row @at in @column */
void dump_put_cell(const struct dump_view *view, size_t at, size_t column,
		   struct efimap_out *out);

#endif
