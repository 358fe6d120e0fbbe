/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The labels of memmap or iomem over each entry, each said once. */
#ifndef FORMAT_LABELS_H
#define FORMAT_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/capture.h"
#include "model/cover.h"

/** LABELS_CUT - said last where a made-up capture has more labels than are kept (cover.h) */
#define LABELS_CUT "..."

/**
 * struct labels - who covers what, by name
 * @cover:  the ranges over each entry
 * @texts:  per range: its label, borrowed from the capture
 * @ids:    per range: the same number for the same text
 * @said:   per number: the last walk that said it
 * @walk:   number of the current walk
 * @entry:  entry of the current walk
 * @at:     position in cover.hits
 * @told_cut: LABELS_CUT has been said
 */
struct labels {
	struct efimap_cover cover;
	const char **texts;
	uint32_t *ids;
	size_t *said;
	size_t walk;
	size_t entry;
	size_t at;
	bool told_cut;
};

/** labels_open_memmap() - 0, -ENOMEM, -EOVERFLOW; free with labels_close() in any case */
int labels_open_memmap(const struct efimap *map, struct labels *labels);
/** labels_open_iomem() - the same; without labels where the kernel hid the addresses */
int labels_open_iomem(const struct efimap *map, struct labels *labels);
/** labels_close() - free its arrays */
void labels_close(struct labels *labels);

/** labels_start() - walk the labels over the entry at this position of map->entries */
void labels_start(struct labels *labels, size_t entry);
/** labels_next() - the next label not yet said in this walk, or NULL */
const char *labels_next(struct labels *labels);

#endif
