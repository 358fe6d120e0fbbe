/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which entries dump shows, and in which order. */
#ifndef SHOW_DUMP_FILTER_AND_SORT_H
#define SHOW_DUMP_FILTER_AND_SORT_H

#include "base/error.h"
#include "show/dump_options.h"
#include "show/dump_view.h"

/**
 * efimap_dump_filter_parse() - "TYPE=RuntimeCode and SIZE>1M, RULES"
 *
 * COLUMN and !COLUMN (is there something in the cell?), or COLUMN with =, !=, <, <=, > or
 * >= and a value, which can be quoted; ADDR=ADDRESS for the entry that covers it. 0,
 * or -EINVAL with what was expected. @text must live as long as the filter.
 */
int efimap_dump_filter_parse(const char *text, struct efimap_dump_filter *ret_filter,
			     struct efimap_err *err);

/** efimap_dump_order_parse() - "PHYS", "SIZE:desc"; 0 or -EINVAL with what was expected */
int efimap_dump_order_parse(const char *text, struct efimap_dump_order *ret_order,
			    struct efimap_err *err);

/**
 * dump_join_incomplete() - a capture whose entries are all that can be shown
 * @ret_shown: the same but for its entries, for free(); not to be judged
 */
int dump_join_incomplete(const struct efimap *map, struct efimap *ret_shown);
/** dump_choose_rows() - keep and sort those that --filter and --sort say; 0 or -ENOMEM */
int dump_choose_rows(struct dump_view *view, const struct efimap_dump_options *options);

#endif
