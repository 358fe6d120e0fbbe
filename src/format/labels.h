/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The labels of memmap or iomem over each entry, each said once. */
#ifndef FORMAT_LABELS_H
#define FORMAT_LABELS_H

#include "model/capture.h"
#include "model/cover.h"

/** LABELS_CUT - said last where a made-up capture has more labels than are kept (cover.h) */
#define LABELS_CUT "..."

/**
 * struct labels - who covers what, by name
 * @map:    the capture, which owns the labels
 * @source: MEMMAP or IOMEM
 * @cover:  its ranges over each entry
 */
struct labels {
	const struct efimap *map;
	enum efimap_source source;
	struct efimap_cover cover;
};

/** labels_open() - 0, -ENOMEM, -EOVERFLOW; free with labels_close() in any case */
int labels_open(const struct efimap *map, enum efimap_source source, struct labels *labels);
void labels_close(struct labels *labels);

/**
 * labels_next() - the next label over an entry that was not said before
 * @entry: its position in map->entries
 * @at:    0 at first; how far it is
 *
 * Return: NULL after the last.
 */
const char *labels_next(const struct labels *labels, size_t entry, size_t *at);

#endif
