/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: coverage
 *
 * What /sys/firmware/memmap and /proc/iomem say of each entry's physical range. One sort
 * of the ranges, and a search for each entry; the tables, the JSON and the rules all read this.
 */
#ifndef INFER_MEMORY_COVERAGE_H
#define INFER_MEMORY_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

/** EFIMAP_COVER_CUT - hits kept for an entry: some lie over ten lines of iomem, none over all */
#define EFIMAP_COVER_CUT 256

/**
 * struct efimap_coverage - the ranges that overlap each entry
 * @hits:   positions in map->memmap or map->iomem, grouped by entry, ascending by start
 *          within a group; equal starts in source order, so that parents come first
 * @begin:  entry i (its position in map->entries) owns hits[begin[i]] to
 *          hits[begin[i + 1] - 1]; n_entries + 1 elements
 * @gap:    bytes of entry i that nothing covers
 * @cut:    entry i has more hits than are kept here
 *
 * Entries without a valid physical range have no hits and no gap.
 *
 * Ranges of one machine do not overlap each other (lines of iomem only their parents), so
 * there is about one hit per entry and range. A made-up capture can ask for a hit of every
 * entry with every range: then each keeps its first EFIMAP_COVER_CUT and @cut says so; @gap is
 * exact all the same. A rule that finds no label among cut hits has not proved that there is
 * none.
 */
struct efimap_coverage {
	uint32_t *hits;
	size_t n_hits;
	size_t *begin;
	uint64_t *gap;
	bool *cut;
	size_t capacity;
};

int efimap_coverage_memmap(const struct efimap *map, struct efimap_coverage *ret_cover);

/**
 * efimap_coverage_iomem() - the same for the lines of /proc/iomem, all depths
 *
 * Masked lines, whose addresses are all zero, are left out.
 */
int efimap_coverage_iomem(const struct efimap *map, struct efimap_coverage *ret_cover);

void efimap_coverage_free(struct efimap_coverage *cover);
#define efimap_auto_coverage __attribute__((cleanup(efimap_coverage_free)))

#endif
