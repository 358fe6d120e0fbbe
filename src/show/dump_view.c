/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collect the labels of the ranges that overlap each entry, and the rules that matched it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "show/dump_view.h"

static const char *label_of(const struct covering_labels *labels, uint32_t range)
{
	return labels->source == EFIMAP_SRC_MEMMAP ? labels->map->memmap[range].label :
						     labels->map->iomem[range].name;
}

static int compare_labels(const void *a, const void *b, void *labels)
{
	const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return strcmp(label_of(labels, one), label_of(labels, other));
}

/*
 * Number the distinct labels from 0, and store the number of each range's label. The labels are
 * sorted only once, because many entries can overlap many ranges in a crafted capture.
 */
static int number_labels(struct covering_labels *labels, uint32_t *numbers, size_t count)
{
	efimap_auto_free uint32_t *order = efimap_array_new(count, sizeof(*order));
	uint32_t number = 0;

	if (!order)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, count, sizeof(*order), compare_labels, labels);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && compare_labels(&order[i - 1], &order[i], labels) != 0)
			number++;
		numbers[order[i]] = number;
	}
	return 0;
}

/* For each entry, mark each range that has the same label as an earlier range of the entry. */
static int mark_repeated(struct covering_labels *labels)
{
	const struct efimap *map = labels->map;
	const struct efimap_coverage *cover = &labels->cover;
	const size_t count = labels->source == EFIMAP_SRC_MEMMAP ? map->n_memmap : map->n_iomem;
	efimap_auto_free uint32_t *numbers = efimap_array_new(count, sizeof(*numbers));
	/* For each label, 1 plus the position of the last visited entry with this label, or 0. */
	efimap_auto_free size_t *last = efimap_array_new(count, sizeof(*last));
	int ret;

	labels->is_repeated = efimap_array_new(cover->n_hits, sizeof(*labels->is_repeated));
	if (!numbers || !last || !labels->is_repeated)
		return -ENOMEM;
	ret = number_labels(labels, numbers, count);
	for (size_t i = 0; i < map->n_entries && !ret; i++)
		for (size_t hit = cover->begin[i]; hit < cover->begin[i + 1]; hit++) {
			size_t *of_label = &last[numbers[cover->hits[hit]]];

			labels->is_repeated[hit] = *of_label == i + 1;
			*of_label = i + 1;
		}
	return ret;
}

const char *covering_labels_next(const struct covering_labels *labels, size_t entry, size_t *at)
{
	const struct efimap_coverage *cover = &labels->cover;
	const size_t count = cover->begin[entry + 1] - cover->begin[entry];

	while (*at < count) {
		const size_t hit = cover->begin[entry] + (*at)++;

		if (!labels->is_repeated[hit])
			return label_of(labels, cover->hits[hit]);
	}
	if (*at > count || !cover->cut[entry])
		return NULL;
	*at = count + 1;
	/* The list was cut at EFIMAP_COVER_CUT ranges. */
	return "...";
}

static void mark_entries(struct dump_view *view, const struct efimap_finding *finding)
{
	const size_t word = finding->rule->id / 64;
	const uint64_t bit = UINT64_C(1) << finding->rule->id % 64;

	for (size_t i = 0; i < finding->n_entries; i++) {
		const struct efimap_entry *entry =
			efimap_find_entry(view->map, finding->entries[i]);

		if (entry)
			view->rules[entry - view->map->entries][word] |= bit;
	}
}

int dump_view_open(const struct efimap *map, const struct efimap_report *report,
		   bool bytes, struct dump_view *view)
{
	int ret;

	*view = (struct dump_view){
		.map = map,
		.report = report,
		.bytes = bytes,
		.n_rows = map->n_entries,
		.memmap = { .map = map, .source = EFIMAP_SRC_MEMMAP },
		.iomem = { .map = map, .source = EFIMAP_SRC_IOMEM },
	};
	view->rows = efimap_array_new(map->n_entries, sizeof(*view->rows));
	view->rules = efimap_array_new(map->n_entries, sizeof(*view->rules));
	if (!view->rows || !view->rules)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_entries; i++)
		view->rows[i] = i;
	for (size_t i = 0; i < report->n_findings; i++)
		mark_entries(view, &report->findings[i]);
	ret = efimap_coverage_memmap(map, &view->memmap.cover);
	if (!ret)
		ret = mark_repeated(&view->memmap);
	if (!ret)
		ret = efimap_coverage_iomem(map, &view->iomem.cover);
	return ret ? ret : mark_repeated(&view->iomem);
}

void dump_view_close(struct dump_view *view)
{
	efimap_coverage_free(&view->memmap.cover);
	efimap_coverage_free(&view->iomem.cover);
	free(view->memmap.is_repeated);
	free(view->iomem.is_repeated);
	free(view->predicted);
	free(view->rules);
	free(view->rows);
}

const struct efimap_rule *dump_view_rule(const struct dump_view *view, size_t position,
					 size_t *from)
{
	for (size_t word = *from / 64; word < RULE_WORDS; *from = ++word * 64) {
		const uint64_t left = view->rules[position][word] >> *from % 64;

		if (left) {
			*from += (size_t)__builtin_ctzll(left) + 1;
			return efimap_rule_get((enum efimap_rule_id)(*from - 1));
		}
	}
	return NULL;
}

bool covering_labels_not_read(const struct covering_labels *labels, size_t position)
{
	const struct efimap *map = labels->map;
	const enum efimap_state state = map->states[labels->source];
	size_t at = 0;

	if (covering_labels_next(labels, position, &at))
		return false;
	return (state != EFIMAP_STATE_PRESENT && state != EFIMAP_STATE_ABSENT) ||
	       efimap_has_fault(map, labels->source, UINT32_MAX);
}
