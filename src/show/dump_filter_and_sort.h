/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Choose and sort the entries that dump shows. */
#ifndef SHOW_DUMP_FILTER_AND_SORT_H
#define SHOW_DUMP_FILTER_AND_SORT_H

#include "base/error.h"
#include "show/dump_options.h"
#include "show/dump_view.h"

/**
 * efimap_dump_filter_parse() - Parse a filter such as "TYPE=RuntimeCode and SIZE>1M, RULES"
 *
 * A term is COLUMN or !COLUMN (the cell is not empty, or empty), COLUMN with =, !=, <, <=, > or
 * >= and a value, which can be quoted, or ADDR=ADDRESS for the entry that covers the address.
 * @text must outlive the filter.
 *
 * Return: 0, or -EINVAL with what was expected in @err.
 */
int efimap_dump_filter_parse(const char *text, struct efimap_dump_filter *ret_filter,
			     struct efimap_err *err);

/**
 * efimap_dump_order_parse() - Parse "PHYS" or "SIZE:desc"; 0, or -EINVAL with what was expected
 * in @err
 */
int efimap_dump_order_parse(const char *text, struct efimap_dump_order *ret_order,
			    struct efimap_err *err);

/**
 * dump_join_incomplete() - Make a capture whose entries include the incomplete ones
 * @ret_shown: a shallow copy with its own entries, which the caller frees; it must not be
 *             verified
 */
int dump_join_incomplete(const struct efimap *map, struct efimap *ret_shown);
/** dump_choose_rows() - Filter and sort the rows as --filter and --sort say; 0 or -ENOMEM */
int dump_choose_rows(struct dump_view *view, const struct efimap_dump_options *options);

#endif
