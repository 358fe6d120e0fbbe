/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_TEXT_H
#define SHOW_DUMP_TEXT_H

#include "show/dump_view.h"

/* Write the mapping mode of the entries, and whether virtual addresses are predicted or unknown. */
void dump_put_mapping(const struct efimap *map, struct efimap_out *out);

/* The following functions write a dump. @options must select at least one column. */
int dump_write_table(const struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out);
int dump_write_lines(const struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out);

#endif
