/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making a picture of a runtime map before it is drawn, and finding what is where in it. How a
 * terminal or SVG shows it lies elsewhere.
 */
#ifndef SHOW_PICTURE_LANES_H
#define SHOW_PICTURE_LANES_H

#include <stdbool.h>
#include <stddef.h>

#include "show/picture/plot.h"

/** mark_has_text() - rule number @at of a mark, the worst first; false after the last */
bool mark_has_text(const struct plot_mark *mark, size_t at, struct mark_text *ret_text);
/** plot_mark_is_bad() - is there a warning or an error? */
bool plot_mark_is_bad(const struct plot_mark *mark);

/** plot_open() - make the picture; 0 or -ENOMEM; plot_close() in any case */
int plot_open(const struct efimap_plot_input *input, const struct plot_medium *medium,
	      struct plot *plot);
void plot_close(struct plot *plot);
#define plot_auto efimap_cleanup(plot_close)

/** plot_lane_length() - of how many regions, drawn or not; of hidden ones all are zero */
size_t plot_lane_length(const struct efimap *map, enum plot_lane_kind kind);
/** plot_find_lane() - the lane of this kind and side, or NULL */
const struct plot_lane *plot_find_lane(const struct plot *plot, enum plot_lane_kind kind,
				       unsigned int side);
/** plot_cell_at() - the cell of a track that covers a band, or NULL */
const struct plot_cell *plot_cell_at(const struct plot_lane *lane, unsigned int track,
				     size_t band);
/** plot_cell_from() - the cell of a track that begins with a band, or NULL */
const struct plot_cell *plot_cell_from(const struct plot_lane *lane, unsigned int track,
				       size_t band);
/** plot_band_mark() - the marks of all that begins with a band of the physical axis */
struct plot_mark plot_band_mark(const struct plot *plot, size_t band);

/** enum plot_slot_kind - what takes room in a picture, from left to right; NONE ends a plan */
enum plot_slot_kind {
	PLOT_SLOT_NONE,
	PLOT_SLOT_LANE,
	PLOT_SLOT_ADDRESS,
	PLOT_SLOT_SIGN,
	PLOT_SLOT_RULES,
	PLOT_SLOT_PHYS,
	PLOT_SLOT_LINKS,
};

/**
 * struct plot_plan - a slot, before it is known how much room there is
 * @lane:  the lane in it, or the one that it belongs to
 * @least: what it takes at least; of addresses that is told beside the plan
 * @most:  what it takes at most; 0 for no limit
 * @share: of the room that is left
 */
struct plot_plan {
	enum plot_slot_kind kind;
	enum plot_lane_kind lane;
	unsigned int side;
	unsigned int least;
	unsigned int most;
	unsigned int share;
};

#define PLOT_MAX_SLOTS 12

/** struct plot_slots - slots side by side; @width includes what lies between */
struct plot_slots {
	struct plot_slot {
		const struct plot_plan *plan;
		const struct plot_lane *lane;
		unsigned int at;
		unsigned int width;
	} list[PLOT_MAX_SLOTS];
	size_t count;
	unsigned int width;
};

/**
 * plot_share_out() - make the slots of a plan in this room, with @gap before each
 * @addresses: per axis what addresses take; NULL where the plan has none
 */
struct plot_slots plot_share_out(const struct plot *plot, const struct plot_plan *plan,
				 const unsigned int *addresses, unsigned int room,
				 unsigned int gap);

/* Exported for their tests. */

/** plot_lane_settle() - give each item a track and sort by it */
void plot_lane_settle(struct plot_lane *lane);
/** plot_lane_fill() - make the cells, on an axis that was made; 0 or -ENOMEM */
int plot_lane_fill(const struct plot_axis *axis, struct plot_lane *lane);

#endif
