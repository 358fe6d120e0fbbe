/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The least that judging can cost: two sorts, two sweeps. Counts entries that share memory
 * or virtual addresses, and entries that the ranges of a table do not cover.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tree.h"

static int by_first(const void *a, const void *b)
{
	const struct span *left = a, *right = b;

	return (left->first > right->first) - (left->first < right->first);
}

static uint64_t value_of(const struct row *row, unsigned int attribute)
{
	return strtoull(row->value[attribute], NULL, 16);
}

static void make_spans(const struct row *rows, size_t count, unsigned int attribute,
		       struct span *spans)
{
	for (size_t i = 0; i < count; i++) {
		spans[i].first = value_of(&rows[i], attribute);
		spans[i].last = spans[i].first + value_of(&rows[i], 1) * 4096 - 1;
	}
	qsort(spans, count, sizeof(*spans), by_first);
}

static size_t count_overlaps(const struct span *spans, size_t count)
{
	uint64_t last = 0;
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		found += i > 0 && spans[i].first <= last;
		last = spans[i].last > last ? spans[i].last : last;
	}
	return found;
}

/* Ranges that touch are one; an entry is covered where one of them has all of it. */
static size_t count_uncovered(const struct span *spans, size_t count, struct span *ranges,
			      size_t n_ranges)
{
	size_t kept = 0, at = 0, found = 0;

	qsort(ranges, n_ranges, sizeof(*ranges), by_first);
	for (size_t i = 1; i < n_ranges; i++) {
		if (ranges[i].first > ranges[kept].last + 1)
			ranges[++kept] = ranges[i];
		else if (ranges[i].last > ranges[kept].last)
			ranges[kept].last = ranges[i].last;
	}
	for (size_t i = 0; i < count; i++) {
		while (at < kept && ranges[at].last < spans[i].first)
			at++;
		found += n_ranges == 0 || ranges[at].first > spans[i].first ||
			 ranges[at].last < spans[i].last;
	}
	return found;
}

size_t parse_lines(const char *text, struct span *spans, size_t room)
{
	size_t count = 0;

	while (*text && count < room) {
		char *end;

		spans[count].first = strtoull(text, &end, 16);
		if (*end == '-')
			spans[count++].last = strtoull(end + 1, &end, 16);
		while (*end && *end != '\n')
			end++;
		text = *end ? end + 1 : end;
	}
	return count;
}

void print_verdict(const struct row *rows, size_t count, struct span *memmap,
		   size_t n_memmap, struct span *lines, size_t n_lines)
{
	struct span *phys = calloc(count + 1, sizeof(*phys));
	struct span *virt = calloc(count + 1, sizeof(*virt));

	if (!phys || !virt)
		exit(1);
	make_spans(rows, count, 2, phys);
	make_spans(rows, count, 4, virt);
	printf("{\"phys_overlaps\":%zu,\"virt_overlaps\":%zu,\"not_in_memmap\":%zu,"
	       "\"not_in_iomem\":%zu}\n",
	       count_overlaps(phys, count), count_overlaps(virt, count),
	       count_uncovered(phys, count, memmap, n_memmap),
	       count_uncovered(phys, count, lines, n_lines));
	free(phys);
	free(virt);
}
