/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Collect the data of all entries before any output.
 *
 * Each label of an entry is listed once. The number of ranges of an entry is limited to
 * EFIMAP_COVER_CUT, so a linear search for earlier labels is fast enough.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "show/dump_view.h"

/* Return the label of the range with index @at among the ranges that overlap an entry. */
static const char *label_at(const struct covering_labels *labels, size_t entry, size_t at)
{
	const uint32_t range = labels->cover.hits[labels->cover.begin[entry] + at];

	return labels->source == EFIMAP_SRC_MEMMAP ? labels->map->memmap[range].label :
						     labels->map->iomem[range].name;
}

static bool was_listed(const struct covering_labels *labels, size_t entry, size_t at)
{
	const char *label = label_at(labels, entry, at);

	for (size_t i = 0; i < at; i++) {
		const char *before = label_at(labels, entry, i);

		if (before == label || strcmp(before, label) == 0)
			return true;
	}
	return false;
}

const char *covering_labels_next(const struct covering_labels *labels, size_t entry, size_t *at)
{
	const struct efimap_coverage *cover = &labels->cover;
	const size_t count = cover->begin[entry + 1] - cover->begin[entry];

	while (*at < count) {
		const size_t hit = (*at)++;

		if (!was_listed(labels, entry, hit))
			return label_at(labels, entry, hit);
	}
	if (*at > count || !cover->cut[entry])
		return NULL;
	*at = count + 1;
	/*
	 * The list was cut at EFIMAP_COVER_CUT ranges. Only synthetic captures exceed this limit.
	 */
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
	if (ret)
		return ret;
	return efimap_coverage_iomem(map, &view->iomem.cover);
}

void dump_view_close(struct dump_view *view)
{
	efimap_coverage_free(&view->memmap.cover);
	efimap_coverage_free(&view->iomem.cover);
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

/* If the source was not read completely, an entry without labels may overlap unread ranges. */
bool covering_labels_not_read(const struct covering_labels *labels, size_t position)
{
	const struct efimap *map = labels->map;
	const enum efimap_state state = map->states[labels->source];
	size_t at = 0;

	if (covering_labels_next(labels, position, &at))
		return false;
	if (state != EFIMAP_STATE_PRESENT && state != EFIMAP_STATE_ABSENT)
		return true;
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == labels->source)
			return true;
	return false;
}
