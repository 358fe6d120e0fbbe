/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How much of each entry the ranges cover, whatever they do to each other: the ranges are
 * merged first. Sums are modulo 2^64, which the differences below survive.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "model/cover.h"

/* Ranges that overlap as one span, and the bytes covered by all spans below it */
struct merged {
	struct efimap_span span;
	uint64_t below;
};

static size_t merge(const struct cover_side *ranges, struct merged *merged)
{
	uint64_t below = 0;
	size_t count = 0;

	for (size_t i = 0; i < ranges->count; i++) {
		struct efimap_span span = ranges->items[i].span;
		struct merged *last = count ? &merged[count - 1] : NULL;

		if (last && span.first <= last->span.last) {
			if (span.last > last->span.last)
				last->span.last = span.last;
			continue;
		}
		if (last)
			below += efimap_span_bytes(last->span);
		merged[count++] = (struct merged){ span, below };
	}
	return count;
}

/* The first of merged[from] … that starts above @address, or @count */
static size_t first_above(const struct merged *merged, size_t from, size_t count,
			  uint64_t address)
{
	size_t low = from, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (merged[middle].span.first <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* @from is the first merged span that ends at or above the entry's start. */
static uint64_t gap_of(struct efimap_span entry, const struct merged *merged, size_t from,
		       size_t count)
{
	size_t end = first_above(merged, from, count, entry.last);
	uint64_t covered = 0;

	if (end > from) {
		const struct merged *low = &merged[from], *high = &merged[end - 1];

		covered = high->below - low->below + efimap_span_bytes(high->span);
		if (low->span.first < entry.first)
			covered -= entry.first - low->span.first;
		if (high->span.last > entry.last)
			covered -= high->span.last - entry.last;
	}
	return efimap_span_bytes(entry) - covered;
}

int cover_gaps(const struct cover_side *entries, const struct cover_side *ranges,
	       uint64_t *gaps)
{
	efimap_auto_free struct merged *merged =
		efimap_array_new(ranges->count, sizeof(*merged));
	size_t count, from = 0;

	if (!merged)
		return -ENOMEM;
	count = merge(ranges, merged);
	for (size_t i = 0; i < entries->count; i++) {
		struct efimap_span entry = entries->items[i].span;

		while (from < count && merged[from].span.last < entry.first)
			from++;
		gaps[entries->items[i].position] = gap_of(entry, merged, from, count);
	}
	return 0;
}
