/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_PREDICTED_ADDRESSES_H
#define SHOW_DUMP_PREDICTED_ADDRESSES_H

#include "document/field_tables.h"
#include "show/dump_options.h"
#include "show/dump_view.h"
#include "show/text_table.h"

/* In these functions, @row points to a struct dump_row. */
text_table_cell_fn dump_cell_predicted, dump_cell_bound;

/** dump_predicted() - return the prediction for an entry, or NULL */
const struct efimap_layout_row *dump_predicted(const struct dump_view *view, size_t position);

/** dump_write_layout() - write a summary of the predicted addresses */
void dump_write_layout(const struct dump_view *view, const struct efimap_text_options *options,
		       struct efimap_out *out);

extern const struct fields dump_layout_fields;

#endif
