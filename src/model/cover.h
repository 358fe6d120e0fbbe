/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: coverage
 *
 * What /sys/firmware/memmap and /proc/iomem say of each entry's physical range. One sort
 * of each side and one sweep; the tables, the JSON and the rules all read this.
 */
#ifndef MODEL_COVER_H
#define MODEL_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/capture.h"

/** EFIMAP_COVER_CUT - hits kept for an entry of a capture that overlaps too much */
#define EFIMAP_COVER_CUT 16

/**
 * struct efimap_cover - the ranges that overlap each entry
 * @hits:   positions in map->memmap or map->iomem, grouped by entry, ascending by start
 *          within a group; equal starts in source order, so that parents come first
 * @begin:  entry i (its position in map->entries) owns hits[begin[i]] to
 *          hits[begin[i + 1] - 1]; n_entries + 1 elements
 * @gap:    bytes of entry i that nothing covers
 * @cut:    entry i has more hits than are kept here
 * @n_cut:  entries that have
 *
 * Entries without a valid physical range have no hits and no gap.
 *
 * Ranges of one machine do not overlap each other (lines of iomem only their parents), so
 * there is about one hit per entry and range. A made-up capture can ask for a hit of every
 * entry with every range. Where more than EFIMAP_COVER_CUT hits per entry and range would
 * be needed, each entry keeps its first EFIMAP_COVER_CUT and @cut says so; @gap is exact
 * all the same. A rule that finds no label among cut hits has not proved that there is
 * none.
 */
struct efimap_cover {
	uint32_t *hits;
	size_t n_hits;
	size_t *begin;
	uint64_t *gap;
	bool *cut;
	size_t n_cut;
	size_t n_entries;
};

/**
 * efimap_cover_memmap() - the memmap ranges over each entry (bad ranges left out)
 * @map:       a capture
 * @ret_cover: free with efimap_cover_free(); untouched on failure
 *
 * Return: 0, -ENOMEM, or -EOVERFLOW with more than 2^32 entries or ranges.
 */
int efimap_cover_memmap(const struct efimap *map, struct efimap_cover *ret_cover);

/**
 * efimap_cover_iomem() - the same for the lines of /proc/iomem, all depths
 *
 * Masked lines, whose addresses are all zero, are left out.
 */
int efimap_cover_iomem(const struct efimap *map, struct efimap_cover *ret_cover);

/** efimap_cover_free() - free its arrays */
void efimap_cover_free(struct efimap_cover *cover);
#define efimap_auto_cover __attribute__((cleanup(efimap_cover_free)))

/**
 * DOC: one sweep of entries against ranges
 *
 * Private to the model room: what cover.c, sweep.c and union.c share.
 */

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
