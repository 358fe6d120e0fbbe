/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that "efimapctl dump" reads, and the JSON output of bench/floor and bench/kexec-loop.
 */
#ifndef BENCH_TREE_H
#define BENCH_TREE_H

#include <stddef.h>

#define VALUE_SIZE 32u
#define ATTRIBUTES 5u
#define RANGE_FILES 3u
#define MAP "sys/firmware/efi/runtime-map"
#define MEMMAP "sys/firmware/memmap"

struct row {
	unsigned int index;
	char value[ATTRIBUTES][VALUE_SIZE];
};

extern const char *const attribute_names[ATTRIBUTES];
extern const char *const range_names[RANGE_FILES];
/** other_files - further paths that dump opens, many of which are absent; terminated by NULL */
extern const char *const other_files[];

/** add_row() - append a zeroed row to @rows and return the row; exit if memory is exhausted */
struct row *add_row(struct row **rows, size_t *count);
/** print_rows() - print the rows as a JSON document that is formatted without a library */
void print_rows(const struct row *rows, size_t count);

#endif
