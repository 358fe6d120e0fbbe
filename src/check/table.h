/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Configuration tables that the next kernel reads again, as the kernel log has them. */
#ifndef CHECK_TABLE_H
#define CHECK_TABLE_H

#include "model/capture.h"

/* struct table - what the log calls it, and what a reader does */
struct table {
	const char *log_name;
	const char *name;
};

/* Only these, so that the work does not grow with what a log holds; the last is empty. */
extern const struct table check_tables[];

/* table_find() - where the log says that it lies */
static inline bool table_find(const struct efimap *map, const struct table *table,
			      uint64_t *ret_address)
{
	return efimap_find_pair(map->tables, map->n_tables, table->log_name, ret_address);
}

#endif
