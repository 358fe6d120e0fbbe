/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One sweep of sorted entries against sorted ranges. Every step either yields a hit or
 * retires a range for good, so the time is that of the hits, whose number has a limit.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "model/cover.h"

/* Hits per entry and range that are kept without cutting */
#define MAX_HITS ((size_t)EFIMAP_COVER_CUT)

/*
 * Ranges that have started and may still reach the next entry, in order of start: a list
 * through @next with a sentinel at position count, so that unlinking is one assignment.
 */
struct active {
	uint32_t *next;
	uint32_t head;
	uint32_t tail;
};

static void active_clear(struct active *list, size_t count)
{
	list->head = list->tail = (uint32_t)count;
	list->next[list->head] = list->head;
}

static void active_append(struct active *list, uint32_t at)
{
	list->next[at] = list->head;
	list->next[list->tail] = at;
	list->tail = at;
}

static void active_drop_after(struct active *list, uint32_t before)
{
	uint32_t gone = list->next[before];

	list->next[before] = list->next[gone];
	if (list->tail == gone)
		list->tail = before;
}

/* What one pass may keep: per entry and in all. */
struct limits {
	size_t per_entry;
	size_t total;
};

/* Return: 1 kept, 0 this entry has enough, -E2BIG all together have, or an error. */
static int keep(struct cover_hits *hits, size_t entry, uint32_t position,
		const struct limits *limits)
{
	int r;

	if (hits->count - hits->begin[entry] >= limits->per_entry) {
		hits->cut[entry] = true;
		return 0;
	}
	if (hits->count >= limits->total)
		return -E2BIG;
	r = efimap_array_reserve(&hits->hits, hits->count, &hits->capacity,
				 sizeof(*hits->hits));
	if (r < 0)
		return r;
	hits->hits[hits->count++] = position;
	return 1;
}

/* Ranges that started at or before the entry; those that end before it are retired. */
static int keep_active(const struct cover_item *entry, size_t at,
		       const struct cover_side *ranges, struct active *list,
		       const struct limits *limits, struct cover_hits *hits)
{
	uint32_t before = list->head;

	while (list->next[before] != list->head) {
		const struct cover_item *range = &ranges->items[list->next[before]];
		int r;

		if (range->span.last < entry->span.first) {
			active_drop_after(list, before);
			continue;
		}
		r = keep(hits, at, range->position, limits);
		if (r <= 0)
			return r;
		before = list->next[before];
	}
	return 1;
}

static int sweep(const struct cover_side *entries, const struct cover_side *ranges,
		 struct active *list, const struct limits *limits,
		 struct cover_hits *hits)
{
	size_t started = 0;

	active_clear(list, ranges->count);
	hits->count = 0;
	for (size_t at = 0; at < entries->count; at++) {
		const struct cover_item *entry = &entries->items[at];
		const struct cover_item *item = ranges->items;
		int r;

		hits->begin[at] = hits->count;
		hits->cut[at] = false;
		for (; started < ranges->count; started++) {
			if (item[started].span.first > entry->span.first)
				break;
			if (item[started].span.last >= entry->span.first)
				active_append(list, (uint32_t)started);
		}
		r = keep_active(entry, at, ranges, list, limits, hits);
		for (size_t i = started; r > 0 && i < ranges->count; i++) {
			if (item[i].span.first > entry->span.last)
				break;
			r = keep(hits, at, item[i].position, limits);
		}
		if (r < 0)
			return r;
	}
	hits->begin[entries->count] = hits->count;
	return 0;
}

int cover_sweep(const struct cover_side *entries, const struct cover_side *ranges,
		struct cover_hits *hits)
{
	efimap_auto_free uint32_t *next = calloc(ranges->count + 1, sizeof(*next));
	struct active list = { .next = next };
	struct limits all = { .per_entry = SIZE_MAX };
	const struct limits cut = { EFIMAP_COVER_CUT, SIZE_MAX };
	int r;

	hits->begin = calloc(entries->count + 1, sizeof(*hits->begin));
	hits->cut = efimap_array_new(entries->count, sizeof(*hits->cut));
	if (!next || !hits->begin || !hits->cut)
		return -ENOMEM;
	if (__builtin_add_overflow(entries->count, ranges->count, &all.total) ||
	    __builtin_mul_overflow(all.total, MAX_HITS, &all.total))
		return -EOVERFLOW;
	r = sweep(entries, ranges, &list, &all, hits);
	if (r == -E2BIG)
		r = sweep(entries, ranges, &list, &cut, hits);
	return r;
}
