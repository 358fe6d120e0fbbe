/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The picture as a whole: which lanes there are, one axis for all that is physical and
 * one for all that is virtual. How anything looks is not decided here.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "plot/draw.h"

/* struct place - a lane that a picture has, from left to right */
struct place {
	enum plot_lane_kind kind;
	unsigned int side;
};

static const struct place places_of_one[] = {
	{ PLOT_LANE_IOMEM, 0 },	  { PLOT_LANE_MEMMAP, 0 }, { PLOT_LANE_TABLES, 0 },
	{ PLOT_LANE_RUNTIME, 0 }, { PLOT_LANE_VIRT, 0 },
};
static const struct place places_of_two[] = {
	{ PLOT_LANE_MEMMAP, 0 }, { PLOT_LANE_RUNTIME, 0 }, { PLOT_LANE_RUNTIME, 1 },
	{ PLOT_LANE_MEMMAP, 1 }, { PLOT_LANE_VIRT, 0 },	   { PLOT_LANE_VIRT, 1 },
};

static int add_lane(struct plot *plot, const struct place *place)
{
	struct plot_lane *lane = &plot->lanes[plot->n_lanes++];
	int ret;

	lane->kind = place->kind;
	lane->side = place->side;
	lane->axis = place->kind == PLOT_LANE_VIRT ? PLOT_VIRT : PLOT_PHYS;
	ret = plot_gather(&plot->sides[place->side], lane);
	return ret < 0 ? ret : plot_lane_settle(lane);
}

static int add_lanes(struct plot *plot)
{
	const bool one = plot->n_sides == 1;
	const struct place *places = one ? places_of_one : places_of_two;
	const size_t count = one ? sizeof(places_of_one) / sizeof(places_of_one[0])
				 : sizeof(places_of_two) / sizeof(places_of_two[0]);
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++)
		ret = add_lane(plot, &places[i]);
	return ret;
}

static int make_axis(struct plot *plot, unsigned int number, size_t max_bands)
{
	efimap_auto_free struct plot_extent *extents = NULL;
	size_t most = 0, n = 0;

	for (size_t i = 0; i < plot->n_lanes; i++)
		most += plot->lanes[i].n_items;
	extents = efimap_array_new(most, sizeof(*extents));
	if (!extents)
		return -ENOMEM;
	for (size_t i = 0; i < plot->n_lanes; i++) {
		const struct plot_lane *lane = &plot->lanes[i];

		for (size_t k = 0; lane->axis == number && k < lane->n_items; k++)
			if (lane->items[k].rank)
				extents[n++] =
					(struct plot_extent){ lane->items[k].span,
							      lane->items[k].rank };
	}
	return plot_axis_make(extents, n, max_bands, &plot->axes[number]);
}

int plot_open(const struct efimap_plot_input *input, size_t max_bands, struct plot *plot)
{
	int ret = 0;

	*plot = (struct plot){ .input = input, .n_sides = input->comparison ? 2 : 1 };
	for (unsigned int i = 0; i < plot->n_sides && ret == 0; i++)
		ret = plot_side_open(input, i, &plot->sides[i]);
	if (ret == 0)
		ret = add_lanes(plot);
	for (unsigned int i = 0; i < PLOT_AXES && ret == 0; i++)
		ret = make_axis(plot, i, max_bands);
	for (size_t i = 0; i < plot->n_lanes && ret == 0; i++) {
		struct plot_lane *lane = &plot->lanes[i];

		ret = plot_lane_fill(&plot->sides[lane->side], &plot->axes[lane->axis],
				     lane);
	}
	return ret < 0 ? ret : plot_link_all(plot);
}

void plot_close(struct plot *plot)
{
	for (unsigned int i = 0; i < plot->n_sides; i++)
		plot_side_close(&plot->sides[i]);
	for (size_t i = 0; i < plot->n_lanes; i++) {
		free(plot->lanes[i].items);
		free(plot->lanes[i].cells);
	}
	for (unsigned int i = 0; i < PLOT_AXES; i++)
		plot_axis_free(&plot->axes[i]);
	free(plot->links);
	*plot = (struct plot){ 0 };
}

const struct plot_lane *plot_find_lane(const struct plot *plot, enum plot_lane_kind kind,
				       unsigned int side)
{
	for (size_t i = 0; i < plot->n_lanes; i++)
		if (plot->lanes[i].kind == kind && plot->lanes[i].side == side)
			return &plot->lanes[i];
	return NULL;
}
