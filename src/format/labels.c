/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The labels over each entry, without repetition: as few ranges are kept for an entry as
 * EFIMAP_COVER_CUT says, so those before one are looked through again.
 */
#include <string.h>

#include "format/labels.h"

int labels_open(const struct efimap *map, enum efimap_source source, struct labels *labels)
{
	*labels = (struct labels){ .map = map, .source = source };
	return source == EFIMAP_SRC_MEMMAP ? efimap_cover_memmap(map, &labels->cover) :
					     efimap_cover_iomem(map, &labels->cover);
}

void labels_close(struct labels *labels)
{
	efimap_cover_free(&labels->cover);
}

/* The label of hit number @at of an entry */
static const char *label_at(const struct labels *labels, size_t entry, size_t at)
{
	const uint32_t range = labels->cover.hits[labels->cover.begin[entry] + at];

	return labels->source == EFIMAP_SRC_MEMMAP ? labels->map->memmap[range].label :
						     labels->map->iomem[range].name;
}

static bool was_said(const struct labels *labels, size_t entry, size_t at)
{
	const char *label = label_at(labels, entry, at);

	for (size_t i = 0; i < at; i++) {
		const char *before = label_at(labels, entry, i);

		if (before == label || strcmp(before, label) == 0)
			return true;
	}
	return false;
}

const char *labels_next(const struct labels *labels, size_t entry, size_t *at)
{
	const struct efimap_cover *cover = &labels->cover;
	const size_t count = cover->begin[entry + 1] - cover->begin[entry];

	while (*at < count) {
		const size_t hit = (*at)++;

		if (!was_said(labels, entry, hit))
			return label_at(labels, entry, hit);
	}
	if (*at > count || !cover->cut[entry])
		return NULL;
	*at = count + 1;
	return LABELS_CUT;
}
