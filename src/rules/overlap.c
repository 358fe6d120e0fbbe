/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules that compare entries with each other. The entries are sorted once and compared in one pass,
 * because comparing all pairs would take too long for a crafted map.
 */
#include "rules/engine.h"

static size_t count_copies(const struct efimap *map, size_t begin)
{
	size_t end = begin + 1;

	while (end < map->n_entries && entries_are_equal(&map->entries[begin], &map->entries[end]))
		end++;
	return end - begin;
}

struct highest {
	const struct map_entry *entry;
	struct span span;
};

/* If an entry overlaps lower entries, visit it together with the lower entry that ends last. */
static void visit_overlap(struct rule_run *run, size_t position, struct span span,
			  struct highest *highest)
{
	const struct map_entry *entry = &run->facts.map->entries[position];

	if (highest->entry && span.first <= highest->span.last)
		visit_subject(run,
			      &(const struct subject){ position, entry, highest->entry, NULL });
	if (!highest->entry || span.last > highest->span.last)
		*highest = (struct highest){ entry, span };
}

/* Visit each entry that shares a page with lower entries. Equal entries count as one. */
void walk_shared_pages(struct rule_run *run)
{
	const struct efimap *map = run->facts.map;
	struct highest highest = { .entry = NULL };
	struct span span;

	for (size_t i = 0; i < map->n_entries; i += count_copies(map, i))
		if (pages_of(&map->entries[i], &span))
			visit_overlap(run, i, span, &highest);
}

/* Visit each entry whose virtual range overlaps the ranges of entries at lower addresses. */
void walk_virtual_pairs(struct rule_run *run)
{
	const struct facts_for_rules *c = &run->facts;
	struct highest highest = { .entry = NULL };
	struct span span;

	for (size_t k = 0; k < c->n_by_virt; k++) {
		const size_t i = c->by_virt[k].index;

		if (entry_virt(&c->map->entries[i], &span) == 0)
			visit_overlap(run, i, span, &highest);
	}
}

bool rule_phys_overlap(const struct facts_for_rules *c, struct match *match)
{
	struct span span, taken;

	if (!pages_of(match->entry, &span) || !pages_of(match->other, &taken))
		return false;
	set_hex(match, VALUE_LAST, span_shared(span, taken).last);
	return true;
}

bool rule_entry_duplicate(const struct facts_for_rules *c, struct match *match)
{
	struct span span;
	size_t copies;

	for (size_t i = 0; i < c->map->n_entries; i += copies) {
		const struct map_entry *entry = &c->map->entries[i];

		copies = count_copies(c->map, i);
		if (copies == 1 || !pages_of(entry, &span))
			continue;
		for (size_t k = 0; k < copies; k++)
			add_finding_entry(match, &entry[k]);
		set_other_entry(match, &entry[1]);
		finish_finding(match);
	}
	return false;
}
