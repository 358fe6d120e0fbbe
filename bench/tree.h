/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared code of floor and kexec-loop: the files that dump reads, and the JSON that both
 * print. */
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
/** other_files - further paths that dump opens, many of them absent; ends with NULL */
extern const char *const other_files[];

/** add_row() - make room for another row; exit if memory is exhausted */
struct row *add_row(struct row **rows, size_t *count);
/** print_rows() - print a JSON document that is written by hand */
void print_rows(const struct row *rows, size_t count);

#endif
