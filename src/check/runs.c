/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sums over the runs of a page table dump, and binary searches in them. Knows no rule. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "check/runs.h"

static bool is_so(const struct efimap_ptrun *run, enum runs_what what)
{
	switch (what) {
	case RUNS_PRESENT:
		return true;
	case RUNS_EXECUTABLE:
		return !(run->flags & EFIMAP_PTE_NX);
	case RUNS_WRITABLE_EXECUTABLE:
		return !(run->flags & EFIMAP_PTE_NX) && (run->flags & EFIMAP_PTE_RW);
	default:
		return run->flags & EFIMAP_PTE_PCD;
	}
}

int runs_open(const struct efimap_ptdump *dump, struct runs *runs)
{
	*runs = (struct runs){ .dump = dump };
	for (unsigned int what = 0; what < RUNS_WHAT_COUNT; what++) {
		uint64_t *sums = calloc(dump->n_runs + 1, sizeof(*sums));

		if (!sums)
			return -ENOMEM;
		runs->sums[what] = sums;
		/* Runs do not overlap, and a dump without an absent byte has none of 2^64. */
		for (size_t i = 0; i < dump->n_runs; i++)
			sums[i + 1] = sums[i] +
				      (is_so(&dump->runs[i], (enum runs_what)what) ?
					       efimap_span_bytes(dump->runs[i].span) :
					       0);
	}
	return 0;
}

void runs_close(struct runs *runs)
{
	for (unsigned int what = 0; what < RUNS_WHAT_COUNT; what++)
		free(runs->sums[what]);
}

/* The number of the first run that ends at @address or above. */
static size_t find_run(const struct runs *runs, uint64_t address)
{
	size_t low = 0, high = runs->dump->n_runs;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (runs->dump->runs[middle].span.last < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Bytes below @address that are so. */
static uint64_t bytes_below(const struct runs *runs, enum runs_what what, uint64_t address)
{
	const size_t at = find_run(runs, address);
	const struct efimap_ptrun *run;
	uint64_t sum = runs->sums[what][at];

	if (at == runs->dump->n_runs)
		return sum;
	run = &runs->dump->runs[at];
	if (run->span.first < address && is_so(run, what))
		sum += address - run->span.first;
	return sum;
}

uint64_t runs_bytes(const struct runs *runs, enum runs_what what, struct efimap_span span)
{
	const uint64_t below = bytes_below(runs, what, span.first);

	if (span.last == UINT64_MAX)
		return runs->sums[what][runs->dump->n_runs] - below;
	return bytes_below(runs, what, span.last + 1) - below;
}

/*
 * The first address at which the count from the start of the range is no longer @all or
 * nothing: the search halves the range, the answer is where the half that differs ends.
 */
static uint64_t find_first(const struct runs *runs, enum runs_what what,
			   struct efimap_span span, bool so)
{
	uint64_t low = span.first, high = span.last;

	while (low < high) {
		const uint64_t middle = low + (high - low) / 2;
		const struct efimap_span half = { low, middle };
		const uint64_t bytes = runs_bytes(runs, what, half);

		if (so ? bytes > 0 : bytes < efimap_span_bytes(half))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

uint64_t runs_first(const struct runs *runs, enum runs_what what, struct efimap_span span)
{
	return find_first(runs, what, span, true);
}

uint64_t runs_first_not(const struct runs *runs, enum runs_what what,
			struct efimap_span span)
{
	return find_first(runs, what, span, false);
}
