/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of labelled ranges, as arch/x86/kernel/e820.c keeps them. */
#include <string.h>

#include "machine.h"

void ranges_add(struct ranges *ranges, uint64_t first, uint64_t last, const char *label)
{
	if (ranges->count == KERNEL_MAX_RANGES || !label || last < first)
		return;
	ranges->at[ranges->count++] = (struct range){ { first, last }, label };
}

static bool comes_before(const struct range *a, const struct range *b)
{
	return a->span.first != b->span.first ? a->span.first < b->span.first :
						a->span.last > b->span.last;
}

void ranges_sort(struct ranges *ranges)
{
	for (size_t i = 1; i < ranges->count; i++) {
		const struct range range = ranges->at[i];
		size_t at = i;

		for (; at > 0 && comes_before(&range, &ranges->at[at - 1]); at--)
			ranges->at[at] = ranges->at[at - 1];
		ranges->at[at] = range;
	}
}

void ranges_order(struct ranges *ranges)
{
	size_t kept = 0;

	ranges_sort(ranges);
	for (size_t i = 0; i < ranges->count; i++) {
		struct range *last = kept ? &ranges->at[kept - 1] : NULL;

		if (last && last->span.last + 1 == ranges->at[i].span.first &&
		    strcmp(last->label, ranges->at[i].label) == 0)
			last->span.last = ranges->at[i].span.last;
		else
			ranges->at[kept++] = ranges->at[i];
	}
	ranges->count = kept;
}

/* e820.c: __e820__range_update and __e820__range_remove: what lies there is called so. */
void ranges_carve(struct ranges *ranges, struct efimap_span span, const char *label)
{
	const size_t count = ranges->count;

	for (size_t i = 0; i < count; i++) {
		const struct range old = ranges->at[i];
		struct range *range = &ranges->at[i];

		if (!efimap_span_overlaps(old.span, span))
			continue;
		if (old.span.first < span.first) {
			range->span.last = span.first - 1;
			if (old.span.last > span.last)
				ranges_add(ranges, span.last + 1, old.span.last, old.label);
		} else if (old.span.last > span.last) {
			range->span.first = span.last + 1;
		} else {
			ranges->at[i] = ranges->at[--ranges->count];
			ranges_carve(ranges, span, label);
			return;
		}
	}
	ranges_add(ranges, span.first, span.last, label);
}

const struct range *ranges_find(const struct ranges *ranges, uint64_t address)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (efimap_span_has(ranges->at[i].span, address))
			return &ranges->at[i];
	return NULL;
}

bool ranges_nest(const struct ranges *ranges, struct efimap_span span)
{
	for (size_t i = 0; i < ranges->count; i++) {
		const struct efimap_span other = ranges->at[i].span;

		if (efimap_span_overlaps(span, other) &&
		    !efimap_span_contains(span, other) && !efimap_span_contains(other, span))
			return false;
	}
	return true;
}
