/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: one sweep of entries against ranges
 *
 * Private to the model room: what cover.c, sweep.c and union.c share.
 */
#ifndef MODEL_COVER_H
#define MODEL_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <efimap/cover.h>

/**
 * struct cover_item - a span and the position of what it belongs to
 */
struct cover_item {
	struct efimap_span span;
	uint32_t position;
};

/**
 * struct cover_side - one side of the sweep, ascending by start, stable
 */
struct cover_side {
	struct cover_item *items;
	size_t count;
};

/**
 * struct cover_hits - what the sweep found, in the order of the entries' starts
 * @hits:     positions of ranges
 * @count:    how many
 * @capacity: private
 * @begin:    per sorted entry, and one more
 * @cut:      per sorted entry: it has more
 */
struct cover_hits {
	uint32_t *hits;
	size_t count;
	size_t capacity;
	size_t *begin;
	bool *cut;
};

/**
 * cover_sweep() - all hits, or the first EFIMAP_COVER_CUT of each entry
 *
 * Return: 0, -ENOMEM or -EOVERFLOW. The caller frees the arrays, also on failure.
 */
int cover_sweep(const struct cover_side *entries, const struct cover_side *ranges,
		struct cover_hits *hits);

/**
 * cover_gaps() - bytes of each entry that no range covers
 * @gaps: by position of the entry; those that are not in @entries stay untouched
 *
 * Return: 0 or -ENOMEM.
 */
int cover_gaps(const struct cover_side *entries, const struct cover_side *ranges,
	       uint64_t *gaps);

#endif
