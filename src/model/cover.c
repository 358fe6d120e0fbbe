/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Coverage of a capture's entries by its memmap or iomem: sorts both sides, sweeps once
 * (sweep.c), measures the gaps (union.c) and files the result by entry. Knows no label.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "model/cover.h"

/* The span at position @at of @array; false leaves it out */
typedef bool span_at_fn(const void *array, size_t at, struct efimap_span *ret_span);

static bool entry_span(const void *array, size_t at, struct efimap_span *ret_span)
{
	const struct efimap_entry *entries = array;

	return efimap_entry_phys(&entries[at], ret_span) == 0;
}

static bool memmap_span(const void *array, size_t at, struct efimap_span *ret_span)
{
	const struct efimap_range *ranges = array;

	*ret_span = ranges[at].span;
	return !ranges[at].bad;
}

static bool iomem_span(const void *array, size_t at, struct efimap_span *ret_span)
{
	const struct efimap_resource *lines = array;

	*ret_span = lines[at].span;
	return true;
}

static void side_free(struct cover_side *side)
{
	free(side->items);
}

/* Most maps are in order already: then there is nothing to sort. */
static bool take_in_order(const void *array, size_t count, span_at_fn *span_at,
			  struct cover_side *side)
{
	struct efimap_span span;
	uint64_t last = 0;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (!span_at(array, i, &span))
			continue;
		if (span.first < last)
			return false;
		last = span.first;
		side->items[kept++] = (struct cover_item){ span, (uint32_t)i };
	}
	side->count = kept;
	return true;
}

static int take_sorted(const void *array, size_t count, span_at_fn *span_at,
		       struct cover_side *side)
{
	efimap_auto_free struct efimap_key *keys = calloc(count, sizeof(*keys));
	struct efimap_span span;
	size_t kept = 0;
	int r;

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (span_at(array, i, &span))
			keys[kept++] = (struct efimap_key){ span.first, (uint32_t)i };
	r = efimap_sort_keys(keys, kept);
	if (r < 0)
		return r;
	for (size_t i = 0; i < kept; i++) {
		span_at(array, keys[i].index, &span);
		side->items[i] = (struct cover_item){ span, keys[i].index };
	}
	side->count = kept;
	return 0;
}

static int side_make(const void *array, size_t count, span_at_fn *span_at,
		     struct cover_side *side)
{
	if (count >= UINT32_MAX)
		return -EOVERFLOW;
	side->items = efimap_array_new(count, sizeof(*side->items));
	if (!side->items)
		return -ENOMEM;
	if (take_in_order(array, count, span_at, side))
		return 0;
	return take_sorted(array, count, span_at, side);
}

static void hits_free(struct cover_hits *hits)
{
	free(hits->hits);
	free(hits->begin);
	free(hits->cut);
}

static int cover_alloc(size_t n_entries, size_t n_hits, struct efimap_cover *cover)
{
	cover->begin = calloc(n_entries + 1, sizeof(*cover->begin));
	cover->gap = efimap_array_new(n_entries, sizeof(*cover->gap));
	cover->cut = efimap_array_new(n_entries, sizeof(*cover->cut));
	cover->hits = efimap_array_new(n_hits, sizeof(*cover->hits));
	if (!cover->begin || !cover->gap || !cover->cut || !cover->hits)
		return -ENOMEM;
	cover->n_entries = n_entries;
	cover->n_hits = n_hits;
	return 0;
}

/* From the order of the sweep to the order of the entries */
static void file_by_entry(const struct cover_side *entries,
			  const struct cover_hits *found, struct efimap_cover *cover)
{
	size_t *begin = cover->begin;

	for (size_t i = 0; i < entries->count; i++)
		begin[entries->items[i].position + 1] =
			found->begin[i + 1] - found->begin[i];
	for (size_t i = 0; i < cover->n_entries; i++)
		begin[i + 1] += begin[i];
	for (size_t i = 0; i < entries->count; i++) {
		size_t at = entries->items[i].position;

		cover->cut[at] = found->cut[i];
		cover->n_cut += found->cut[i];
		for (size_t j = begin[at]; j < begin[at + 1]; j++)
			cover->hits[j] = found->hits[found->begin[i] + j - begin[at]];
	}
}

static int cover(const struct efimap *map, const void *array, size_t count,
		 span_at_fn *span_at, struct efimap_cover *ret_cover)
{
	efimap_cleanup(side_free) struct cover_side entries = { 0 };
	efimap_cleanup(side_free) struct cover_side ranges = { 0 };
	efimap_cleanup(hits_free) struct cover_hits found = { 0 };
	efimap_auto_cover struct efimap_cover made = { 0 };
	int r = side_make(map->entries, map->n_entries, entry_span, &entries);

	if (r == 0)
		r = side_make(array, count, span_at, &ranges);
	if (r == 0)
		r = cover_sweep(&entries, &ranges, &found);
	if (r == 0)
		r = cover_alloc(map->n_entries, found.count, &made);
	if (r == 0)
		r = cover_gaps(&entries, &ranges, made.gap);
	if (r)
		return r;
	file_by_entry(&entries, &found, &made);
	*ret_cover = made;
	memset(&made, 0, sizeof(made));
	return 0;
}

int efimap_cover_memmap(const struct efimap *map, struct efimap_cover *ret_cover)
{
	return cover(map, map->memmap, map->n_memmap, memmap_span, ret_cover);
}

int efimap_cover_iomem(const struct efimap *map, struct efimap_cover *ret_cover)
{
	bool is_masked = map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED;

	return cover(map, map->iomem, is_masked ? 0 : map->n_iomem, iomem_span,
		     ret_cover);
}

void efimap_cover_free(struct efimap_cover *cover)
{
	free(cover->hits);
	free(cover->begin);
	free(cover->gap);
	free(cover->cut);
	memset(cover, 0, sizeof(*cover));
}
