/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A capture as dump shows it: entry by entry with labels and rules. Everything is found
 * once, before the first byte is written.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "format/dump.h"

static void mark_entries(struct dump_view *view, const struct efimap_finding *finding)
{
	size_t id = finding->rule->id;

	view->by_id[id] = finding->rule;
	for (size_t i = 0; i < finding->n_entries; i++) {
		const struct efimap_entry *entry =
			efimap_find_entry(view->map, finding->entries[i]);

		if (entry)
			view->rules[entry - view->map->entries].bits[id / 64] |=
				UINT64_C(1) << (id % 64);
	}
}

int dump_view_open(const struct efimap *map, const struct efimap_report *report,
		   bool bytes, struct dump_view *view)
{
	int r;

	*view = (struct dump_view){ .map = map, .report = report, .bytes = bytes };
	view->rules = efimap_array_new(map->n_entries, sizeof(*view->rules));
	if (!view->rules)
		return -ENOMEM;
	for (size_t i = 0; i < report->n_findings; i++)
		mark_entries(view, &report->findings[i]);
	r = labels_open_memmap(map, &view->memmap);
	return r ? r : labels_open_iomem(map, &view->iomem);
}

void dump_view_close(struct dump_view *view)
{
	labels_close(&view->memmap);
	labels_close(&view->iomem);
	free(view->rules);
	view->rules = NULL;
}

const struct efimap_rule *dump_view_rule(const struct dump_view *view, size_t position,
					 size_t *from)
{
	const struct rule_set *set = &view->rules[position];

	while (*from < EFIMAP_RULE_COUNT) {
		const uint64_t rest = set->bits[*from / 64] >> (*from % 64);

		if (rest) {
			const size_t id = *from + (size_t)__builtin_ctzll(rest);

			*from = id + 1;
			return view->by_id[id];
		}
		*from = (*from / 64 + 1) * 64;
	}
	return NULL;
}
