/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: coverage
 *
 * What /sys/firmware/memmap and /proc/iomem say of each entry's physical range. One sort
 * of each side and one sweep; the tables, the JSON and the rules all read this.
 */
#ifndef EFIMAP_COVER_H
#define EFIMAP_COVER_H

#include <stddef.h>
#include <stdint.h>

#include <efimap/capture.h>

/**
 * struct efimap_cover - the ranges that overlap each entry
 * @hits:   positions in map->memmap or map->iomem, grouped by entry, ascending by start
 *          within a group (for iomem: file order, so parents come first)
 * @begin:  entry i (its position in map->entries) owns hits[begin[i]] to
 *          hits[begin[i + 1] - 1]; n_entries + 1 elements
 * @gap:    bytes of entry i that nothing covers (UINT64_MAX stands for 2^64 and more)
 *
 * Entries without a valid physical range have no hits and no gap. The total number of
 * hits is bounded by @limit of the functions below.
 */
struct efimap_cover {
	uint32_t *hits;
	size_t n_hits;
	size_t *begin;
	uint64_t *gap;
	size_t n_entries;
};

/**
 * efimap_cover_memmap() - the memmap ranges over each entry (bad ranges left out)
 * @map:       a capture
 * @ret_cover: free with efimap_cover_free(); untouched on failure
 *
 * Return: 0, -ENOMEM, or -E2BIG when more than 16 hits per entry and range would be
 * needed: only a made-up map overlaps that much.
 */
int efimap_cover_memmap(const struct efimap *map, struct efimap_cover *ret_cover);

/** efimap_cover_iomem() - the same for the lines of /proc/iomem, all depths */
int efimap_cover_iomem(const struct efimap *map, struct efimap_cover *ret_cover);

/** efimap_cover_free() - free its arrays */
void efimap_cover_free(struct efimap_cover *cover);
#define efimap_auto_cover __attribute__((cleanup(efimap_cover_free)))

#endif
