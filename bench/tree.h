/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What floor and kexec-loop share: the files that dump reads, and the JSON they print. */
#ifndef BENCH_TREE_H
#define BENCH_TREE_H

#include <stddef.h>
#include <stdint.h>

#define VALUE_SIZE 32u
#define ATTRIBUTES 5u
#define RANGE_FILES 3u

struct row {
	unsigned int index;
	char value[ATTRIBUTES][VALUE_SIZE];
};

extern const char *const attribute_names[ATTRIBUTES];
extern const char *const range_names[RANGE_FILES];
/** other_files - what else dump reads; ends with NULL */
extern const char *const other_files[];

/** print_rows() - a hand-written JSON document on standard output */
void print_rows(const struct row *rows, size_t count);

struct span {
	uint64_t first;
	uint64_t last;
};

/** parse_lines() - the ranges of /proc/iomem */
size_t parse_lines(const char *text, struct span *spans, size_t room);
/** print_verdict() - overlap and coverage, as JSON on standard output */
void print_verdict(const struct row *rows, size_t count, struct span *memmap,
		   size_t n_memmap, struct span *lines, size_t n_lines);

#endif
