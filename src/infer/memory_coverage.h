/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_MEMORY_COVERAGE_H
#define INFER_MEMORY_COVERAGE_H

#include "capture/capture.h"

/* Maximum number of ranges stored for an entry. Only a crafted capture needs more. */
#define EFIMAP_COVER_CUT 256

/*
 * The ranges that overlap each entry. Entries without a valid physical range have no hits and no
 * gap.
 *
 * @hits:  positions in map->memmap or map->iomem, grouped by entry. A group is sorted by start
 *         address. Ranges with the same start are in the order of the file, in which a range
 *         precedes the ranges inside it.
 * @begin: the group of entry i (its position in map->entries) is hits[begin[i]] to
 *         hits[begin[i + 1] - 1], so there are n_entries + 1 elements
 * @gap:   number of bytes of entry i that are in no range
 * @cut:   whether entry i overlaps more than EFIMAP_COVER_CUT ranges. If so, the hits of the entry
 *         are incomplete, and do not show that a label does not occur.
 */
struct coverage {
	uint32_t *hits;
	size_t n_hits;
	size_t *begin;
	uint64_t *gap;
	bool *cut;
	size_t capacity;
};

struct coverage coverage_memmap(const struct efimap *map);

/*
 * Find the lines of /proc/iomem, at all depths, that overlap each entry. If the kernel hid the
 * addresses, all lines are ignored.
 */
struct coverage coverage_iomem(const struct efimap *map);

void coverage_free(struct coverage *cover);
#define auto_coverage __attribute__((cleanup(coverage_free)))

#endif
