/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PICTURE_LANES_H
#define SHOW_PICTURE_LANES_H

#include <stdbool.h>
#include <stddef.h>

#include "show/picture/plot.h"

/**
 * mark_find_rule() - get a rule of a mark, with the highest severity of the rule's findings
 * @at: index among the rules of the mark, which are in descending order of severity
 *
 * Return: whether the mark has a rule with this index.
 */
bool mark_find_rule(const struct plot_mark *mark, size_t at, struct mark_rule *ret_rule);
/** plot_mark_is_bad() - return whether a mark contains a warning or an error */
bool plot_mark_is_bad(const struct plot_mark *mark);

/**
 * plot_open() - make the picture. Call plot_close() even after a failure.
 *
 * Return: 0, -ENOMEM, or -EOVERFLOW if there are too many ranges.
 */
int plot_open(const struct efimap_plot_input *input, const struct plot_medium *medium,
	      struct plot *plot);
void plot_close(struct plot *plot);
#define plot_auto efimap_cleanup(plot_close)

/**
 * plot_lane_length() - return the number of regions in a lane, including those that are not drawn
 *
 * If the addresses in iomem are masked, the length of its lane is 0.
 */
size_t plot_lane_length(const struct efimap *map, enum plot_lane_kind kind);
/** plot_find_lane() - return the lane of this kind and side, or NULL */
const struct plot_lane *plot_find_lane(const struct plot *plot, enum plot_lane_kind kind,
				       unsigned int side);
/** plot_cell_at() - return the cell that covers @band on @track, or NULL */
const struct plot_cell *plot_cell_at(const struct plot_lane *lane, unsigned int track,
				     size_t band);
/** plot_cell_from() - return the cell that starts at @band on @track, or NULL */
const struct plot_cell *plot_cell_from(const struct plot_lane *lane, unsigned int track,
				       size_t band);
/** plot_band_mark() - return the findings of all cells that start at a band of the physical axis */
struct plot_mark plot_band_mark(const struct plot *plot, size_t band);

/** enum plot_slot_kind - the kind of a column of the picture; NONE terminates a plan */
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
 * struct plot_plan - a slot before its width is known
 * @lane:  the lane in the slot, or the lane to which the slot belongs
 * @least: minimum width; ignored for addresses, whose width is passed separately
 * @most:  maximum width; 0 for no limit
 * @share: weight of the slot in the division of the remaining space
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
 * plot_share_out() - divide the available width among the slots of a plan
 * @addresses: for each axis, the width of its addresses; NULL if the plan has no address slots
 * @room:      available width
 * @gap:       width of the gap before each slot
 */
struct plot_slots plot_share_out(const struct plot *plot, const struct plot_plan *plan,
				 const unsigned int *addresses, unsigned int room,
				 unsigned int gap);

/* The following functions are exported for tests. */

/** plot_lane_settle() - assign a track to each item, and sort the items by track */
void plot_lane_settle(struct plot_lane *lane);
/** plot_lane_fill() - put the items of a lane into cells. Return 0 or -ENOMEM. */
int plot_lane_fill(const struct plot_axis *axis, struct plot_lane *lane);

#endif
