/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which boxes of two lanes are the same entries: a physical range and where it is mapped,
 * or where FIRST mapped it and where SECOND does. Each pair of boxes is linked once.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "plot/draw.h"

/* More cannot be told apart by anybody. */
#define MAX_LINKS 2000

#define NO_CELL UINT32_MAX

/* struct pair - entries of two lanes that belong together */
struct pair {
	uint32_t from;
	uint32_t to;
	enum efimap_mark change;
};

/* Per entry its cell in the lane; NULL without memory. */
static uint32_t *cells_of_entries(const struct plot_lane *lane, size_t n_entries)
{
	uint32_t *cells = efimap_array_new(n_entries, sizeof(*cells));

	for (size_t i = 0; cells && i < n_entries; i++)
		cells[i] = NO_CELL;
	for (size_t c = 0; cells && c < lane->n_cells; c++)
		for (size_t i = 0; i < lane->cells[c].count; i++)
			cells[lane->items[lane->cells[c].first + i].source] = (uint32_t)c;
	return cells;
}

static void emit(struct plot *plot, const struct pair *pairs,
		 const struct efimap_key *keys, size_t count, const size_t lanes[2])
{
	for (size_t i = 0; i < count && plot->n_links < MAX_LINKS; i++) {
		const struct pair *pair = &pairs[keys[i].index];

		if (i && keys[i].key == keys[i - 1].key) {
			struct plot_link *same = &plot->links[plot->n_links - 1];

			if (pair->change > same->change)
				same->change = pair->change;
			continue;
		}
		plot->links[plot->n_links++] = (struct plot_link){
			.from_lane = lanes[0],
			.from = pair->from,
			.to_lane = lanes[1],
			.to = pair->to,
			.change = pair->change,
		};
	}
}

static int link_pairs(struct plot *plot, const struct pair *pairs, size_t count,
		      const size_t lanes[2])
{
	efimap_auto_free struct efimap_key *keys = efimap_array_new(count, sizeof(*keys));
	size_t n = 0;

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (pairs[i].from != NO_CELL && pairs[i].to != NO_CELL)
			keys[n++] = (struct efimap_key){
				(uint64_t)pairs[i].from << 32 | pairs[i].to, (uint32_t)i
			};
	efimap_sort_keys(keys, n);
	emit(plot, pairs, keys, n, lanes);
	return 0;
}

/* The same entries of one capture in both lanes. */
static int link_side(struct plot *plot, const size_t lanes[2])
{
	const struct plot_side *side = &plot->sides[plot->lanes[lanes[0]].side];
	const size_t count = side->map->n_entries;
	efimap_auto_free uint32_t *from = cells_of_entries(&plot->lanes[lanes[0]], count);
	efimap_auto_free uint32_t *to = cells_of_entries(&plot->lanes[lanes[1]], count);
	efimap_auto_free struct pair *pairs = efimap_array_new(count, sizeof(*pairs));

	if (!from || !to || !pairs)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		pairs[i] = (struct pair){ from[i], to[i], EFIMAP_MARK_SAME };
	return link_pairs(plot, pairs, count, lanes);
}

/* Entries of two captures that compare has matched. */
static int link_matches(struct plot *plot, const size_t lanes[2])
{
	const struct efimap_comparison *comparison = plot->input->comparison;
	efimap_auto_free uint32_t *from =
		cells_of_entries(&plot->lanes[lanes[0]], plot->sides[0].map->n_entries);
	efimap_auto_free uint32_t *to =
		cells_of_entries(&plot->lanes[lanes[1]], plot->sides[1].map->n_entries);
	efimap_auto_free struct pair *pairs =
		efimap_array_new(comparison->n_matches, sizeof(*pairs));

	if (!from || !to || !pairs)
		return -ENOMEM;
	for (size_t i = 0; i < comparison->n_matches; i++) {
		const struct efimap_match *match = &comparison->matches[i];
		const bool both = match->first != EFIMAP_NO_ENTRY &&
				  match->second != EFIMAP_NO_ENTRY;

		pairs[i] =
			(struct pair){ both ? from[match->first] : NO_CELL,
				       both ? to[match->second] : NO_CELL, match->mark };
	}
	return link_pairs(plot, pairs, comparison->n_matches, lanes);
}

int plot_link_all(struct plot *plot)
{
	const enum plot_lane_kind kind =
		plot->n_sides == 2 ? PLOT_LANE_VIRT : PLOT_LANE_RUNTIME;
	const struct plot_lane *from = plot_find_lane(plot, kind, 0);
	const struct plot_lane *to =
		plot_find_lane(plot, PLOT_LANE_VIRT, plot->n_sides - 1);
	const size_t lanes[2] = { (size_t)(from - plot->lanes),
				  (size_t)(to - plot->lanes) };

	plot->links = calloc(MAX_LINKS, sizeof(*plot->links));
	if (!plot->links)
		return -ENOMEM;
	return plot->n_sides == 2 ? link_matches(plot, lanes) : link_side(plot, lanes);
}
