/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The labels over each entry, without repetition. A capture may put 100,000 lines over
 * one entry, so equal labels get equal numbers by one sort, and "already said?" is one
 * look.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/labels.h"

static int compare_texts(const void *a, const void *b, void *texts)
{
	const char *const *text = texts;

	return strcmp(text[*(const uint32_t *)a], text[*(const uint32_t *)b]);
}

/* Number the texts; order[] holds positions sorted by text. */
static void number_texts(struct labels *labels, uint32_t *order, size_t count)
{
	uint32_t id = 0;

	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, count, sizeof(*order), compare_texts, labels->texts);
	for (size_t i = 0; i < count; i++) {
		if (i &&
		    strcmp(labels->texts[order[i - 1]], labels->texts[order[i]]) != 0)
			id++;
		labels->ids[order[i]] = id;
	}
}

static int make_arrays(struct labels *labels, size_t count)
{
	labels->texts = efimap_array_new(count, sizeof(*labels->texts));
	labels->ids = efimap_array_new(count, sizeof(*labels->ids));
	labels->said = efimap_array_new(count, sizeof(*labels->said));
	return labels->texts && labels->ids && labels->said ? 0 : -ENOMEM;
}

static int number_all(struct labels *labels, size_t count)
{
	uint32_t *order = efimap_array_new(count, sizeof(*order));

	if (!order)
		return -ENOMEM;
	number_texts(labels, order, count);
	free(order);
	return 0;
}

int labels_open_memmap(const struct efimap *map, struct labels *labels)
{
	int r;

	*labels = (struct labels){ 0 };
	r = make_arrays(labels, map->n_memmap);
	if (!r)
		r = efimap_cover_memmap(map, &labels->cover);
	if (r)
		return r;
	for (size_t i = 0; i < map->n_memmap; i++)
		labels->texts[i] = map->memmap[i].label;
	return number_all(labels, map->n_memmap);
}

int labels_open_iomem(const struct efimap *map, struct labels *labels)
{
	int r;

	*labels = (struct labels){ 0 };
	/* Hidden addresses are all zero and would cover an entry at 0. */
	if (map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED)
		return 0;
	r = make_arrays(labels, map->n_iomem);
	if (!r)
		r = efimap_cover_iomem(map, &labels->cover);
	if (r)
		return r;
	for (size_t i = 0; i < map->n_iomem; i++)
		labels->texts[i] = map->iomem[i].name;
	return number_all(labels, map->n_iomem);
}

void labels_close(struct labels *labels)
{
	efimap_cover_free(&labels->cover);
	free(labels->texts);
	free(labels->ids);
	free(labels->said);
	*labels = (struct labels){ 0 };
}

void labels_start(struct labels *labels, size_t entry)
{
	labels->walk++;
	labels->entry = entry;
	labels->told_cut = false;
	labels->at = entry < labels->cover.n_entries ? labels->cover.begin[entry] : 0;
}

const char *labels_next(struct labels *labels)
{
	const struct efimap_cover *cover = &labels->cover;

	if (labels->entry >= cover->n_entries)
		return NULL;
	while (labels->at < cover->begin[labels->entry + 1]) {
		uint32_t range = cover->hits[labels->at++];

		if (labels->said[labels->ids[range]] == labels->walk)
			continue;
		labels->said[labels->ids[range]] = labels->walk;
		return labels->texts[range];
	}
	if (cover->cut[labels->entry] && !labels->told_cut) {
		labels->told_cut = true;
		return LABELS_CUT;
	}
	return NULL;
}
