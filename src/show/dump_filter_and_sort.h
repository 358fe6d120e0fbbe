/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_FILTER_AND_SORT_H
#define SHOW_DUMP_FILTER_AND_SORT_H

#include "base/error.h"
#include "show/dump_options.h"
#include "show/dump_view.h"

/**
 * efimap_dump_filter_parse() - parse a filter such as "TYPE=RuntimeCode and SIZE>1M, RULES"
 * @text: must outlive the filter
 *
 * Terms are separated by "and" or a comma. An entry must match all of them. A term has one of these
 * forms:
 * - COLUMN: the cell is not empty
 * - !COLUMN: the cell is empty
 * - COLUMN OP VALUE: the cell compares with VALUE as OP requires. OP is =, ==, !=, <, <=, > or >=.
 *   VALUE can be quoted, and must be a number for <, <=, > and >=.
 * - ADDR=ADDRESS: the entry covers the physical or virtual address
 *
 * Return: 0, or -EINVAL with the cause in @err.
 */
int efimap_dump_filter_parse(const char *text, struct efimap_dump_filter *ret_filter,
			     struct efimap_err *err);

/**
 * efimap_dump_order_parse() - parse a sort order such as "PHYS" or "SIZE:desc"
 *
 * Return: 0, or -EINVAL with an error that names what was expected.
 */
int efimap_dump_order_parse(const char *text, struct efimap_dump_order *ret_order,
			    struct efimap_err *err);

/**
 * dump_join_incomplete() - make a capture whose entries include the incomplete ones
 * @ret_shown: a shallow copy of @map with a new array of entries, which the caller frees. The copy
 *             must not be verified.
 *
 * Return: 0 or -ENOMEM.
 */
int dump_join_incomplete(const struct efimap *map, struct efimap *ret_shown);
/** dump_choose_rows() - filter and sort the rows of a view. Return 0 or -ENOMEM. */
int dump_choose_rows(struct dump_view *view, const struct efimap_dump_options *options);

#endif
