/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_TEXT_H
#define SHOW_DUMP_TEXT_H

#include "show/dump_view.h"

/* Write the mapping mode of the entries, and whether virtual addresses are predicted or unknown. */
void dump_put_mapping(const struct efimap *map, struct efimap_out *out);

/* dump_write_table() and dump_write_lines() require at least one column in the options. */
int dump_write_table(const struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out);
int dump_write_lines(const struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out);

#endif
