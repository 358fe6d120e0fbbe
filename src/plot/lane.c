/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the items of a lane to what is drawn: which lie beside each other, and which share
 * a box because the axis has no room to tell them apart.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "plot/draw.h"

/* What truly overlaps lies side by side; more than fit share the last track. */
static void assign_tracks(struct plot_lane *lane, const struct efimap_key *order)
{
	uint64_t last[PLOT_TRACKS] = { 0 };
	bool used[PLOT_TRACKS] = { false };

	for (size_t i = 0; i < lane->n_items; i++) {
		struct plot_item *item = &lane->items[order[i].index];
		unsigned int track = item->track;

		/* Tables are places: several at one share it. */
		while (lane->kind != PLOT_LANE_TABLES && track < PLOT_TRACKS - 1 &&
		       used[track] && item->span.first <= last[track])
			track++;
		if (!used[track] || item->span.last > last[track])
			last[track] = item->span.last;
		used[track] = true;
		item->track = (uint8_t)track;
		if (track >= lane->n_tracks)
			lane->n_tracks = track + 1;
	}
}

int plot_lane_settle(struct plot_lane *lane)
{
	efimap_auto_free struct efimap_key *order =
		efimap_array_new(lane->n_items, sizeof(*order));
	struct plot_item *sorted = efimap_array_new(lane->n_items, sizeof(*sorted));
	size_t n = 0;

	if (!order || !sorted) {
		free(sorted);
		return -ENOMEM;
	}
	for (size_t i = 0; i < lane->n_items; i++)
		order[i] = (struct efimap_key){ lane->items[i].span.first, (uint32_t)i };
	efimap_sort_keys(order, lane->n_items);
	assign_tracks(lane, order);
	for (unsigned int track = 0; track < lane->n_tracks; track++)
		for (size_t i = 0; i < lane->n_items; i++)
			if (lane->items[order[i].index].track == track)
				sorted[n++] = lane->items[order[i].index];
	free(lane->items);
	lane->items = sorted;
	return 0;
}

static void take_in(const struct plot_side *side, const struct plot_lane *lane,
		    const struct plot_item *item, struct plot_cell *cell)
{
	const bool is_entry =
		lane->kind == PLOT_LANE_RUNTIME || lane->kind == PLOT_LANE_VIRT;

	if (cell->count++ && cell->tone != item->tone)
		cell->tone = PLOT_TONE_MIXED;
	else if (cell->count == 1)
		cell->tone = item->tone;
	if (lane->kind == PLOT_LANE_MEMMAP)
		plot_mark_add(&cell->mark, &side->memmap_marks[item->source]);
	if (lane->kind == PLOT_LANE_TABLES)
		plot_mark_add(&cell->mark, &side->table_marks[item->source]);
	if (!is_entry)
		return;
	plot_mark_add(&cell->mark, &side->marks[item->source]);
	cell->predicted |=
		lane->kind == PLOT_LANE_VIRT &&
		side->map->entries[item->source].virt_from == EFIMAP_VIRT_PREDICTED;
	if (side->changes[item->source] > cell->change)
		cell->change = side->changes[item->source];
}

/*
 * An item opens a cell of its own unless all its bands are taken: then it joins the cell
 * that has them. One that shares only its first band with the cell before begins after
 * it.
 */
static void place(const struct plot_side *side, const struct plot_axis *axis,
		  struct plot_lane *lane, size_t i)
{
	const struct plot_item *item = &lane->items[i];
	struct plot_cell *cell = lane->n_cells ? &lane->cells[lane->n_cells - 1] : NULL;
	size_t band = plot_axis_band(axis, item->span.first);
	const size_t last_band = plot_axis_band(axis, item->span.last);

	if (cell && cell->track == item->track && band <= cell->last_band)
		band = cell->last_band + 1;
	if (cell && band > last_band) {
		take_in(side, lane, item, cell);
		return;
	}
	cell = &lane->cells[lane->n_cells++];
	*cell = (struct plot_cell){
		.first = i, .band = band, .last_band = last_band, .track = item->track
	};
	take_in(side, lane, item, cell);
}

/* Rules on any of the items, each once. */
static void count_rules(const struct plot_side *side, const struct plot_lane *lane,
			struct plot_cell *cell)
{
	struct rule_set all = { 0 };

	for (size_t i = cell->first; i < cell->first + cell->count; i++)
		for (size_t w = 0; w < RULE_WORDS; w++)
			all.bits[w] |= side->view.rules[lane->items[i].source].bits[w];
	cell->mark.n_rules = 0;
	for (size_t w = 0; w < RULE_WORDS; w++)
		cell->mark.n_rules += (size_t)__builtin_popcountll(all.bits[w]);
}

int plot_lane_fill(const struct plot_side *side, const struct plot_axis *axis,
		   struct plot_lane *lane)
{
	lane->cells = efimap_array_new(lane->n_items, sizeof(*lane->cells));
	if (!lane->cells)
		return -ENOMEM;
	if (axis->n_bands == 0)
		return 0;
	for (size_t i = 0; i < lane->n_items; i++)
		place(side, axis, lane, i);
	for (size_t i = 0; i < lane->n_cells; i++) {
		if (lane->kind == PLOT_LANE_RUNTIME || lane->kind == PLOT_LANE_VIRT)
			count_rules(side, lane, &lane->cells[i]);
		else
			lane->cells[i].mark.n_rules = lane->cells[i].mark.said;
	}
	return 0;
}

const struct plot_cell *plot_cell_at(const struct plot_lane *lane, unsigned int track,
				     size_t band)
{
	size_t low = 0, high = lane->n_cells;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct plot_cell *cell = &lane->cells[middle];

		if (cell->track < track ||
		    (cell->track == track && cell->last_band < band))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == lane->n_cells || lane->cells[low].track != track ||
	    lane->cells[low].band > band)
		return NULL;
	return &lane->cells[low];
}
