/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where everything lies from left to right, and how high the bands are. */
#include "plot/svg.h"

#define MARGIN 24
#define GAP 8
#define ADDRESS_WIDTH 118
/* The shorter axis is stretched at its folds, but no fold further than this. */
#define MAX_FOLD 120

/* enum slot_kind - what takes room, from left to right */
enum slot_kind {
	SLOT_ADDRESS,
	SLOT_LANE,
	SLOT_MARKS,
	SLOT_LINKS,
};

struct slot {
	enum slot_kind kind;
	enum plot_lane_kind lane;
	unsigned int side;
	uint32_t width;
};

static const struct slot slots_of_one[] = {
	{ SLOT_ADDRESS, PLOT_LANE_RUNTIME, 0, ADDRESS_WIDTH },
	{ SLOT_LANE, PLOT_LANE_IOMEM, 0, 226 },
	{ SLOT_LANE, PLOT_LANE_MEMMAP, 0, 176 },
	{ SLOT_LANE, PLOT_LANE_TABLES, 0, 92 },
	{ SLOT_MARKS, PLOT_LANE_RUNTIME, 0, 176 },
	{ SLOT_LANE, PLOT_LANE_RUNTIME, 0, 186 },
	{ SLOT_LINKS, PLOT_LANE_RUNTIME, 0, 110 },
	{ SLOT_LANE, PLOT_LANE_VIRT, 0, 186 },
	{ SLOT_ADDRESS, PLOT_LANE_VIRT, 0, ADDRESS_WIDTH + 14 },
};
static const struct slot slots_of_two[] = {
	{ SLOT_ADDRESS, PLOT_LANE_RUNTIME, 0, ADDRESS_WIDTH },
	{ SLOT_LANE, PLOT_LANE_MEMMAP, 0, 150 },
	{ SLOT_LANE, PLOT_LANE_RUNTIME, 0, 180 },
	{ SLOT_MARKS, PLOT_LANE_RUNTIME, 0, 150 },
	{ SLOT_LANE, PLOT_LANE_RUNTIME, 1, 180 },
	{ SLOT_LANE, PLOT_LANE_MEMMAP, 1, 150 },
	{ SLOT_ADDRESS, PLOT_LANE_VIRT, 0, ADDRESS_WIDTH + 40 },
	{ SLOT_LANE, PLOT_LANE_VIRT, 0, 150 },
	{ SLOT_LINKS, PLOT_LANE_VIRT, 0, 90 },
	{ SLOT_LANE, PLOT_LANE_VIRT, 1, 150 },
};

static void widen(struct svg_box *span, uint32_t x, uint32_t width)
{
	if (!span->width)
		span->x = x;
	span->width = x + width - span->x;
}

/* Tables are rare enough to leave their column out. */
static bool is_left_out(const struct svg *svg, const struct slot *slot)
{
	return slot->kind == SLOT_LANE && slot->lane == PLOT_LANE_TABLES &&
	       plot_find_lane(svg->plot, slot->lane, slot->side)->absent;
}

/* Addresses stand left of their axis and end at a line; right of it they begin there. */
static void put_slot(struct svg *svg, const struct slot *slot, uint32_t x)
{
	const struct plot_lane *lane = plot_find_lane(svg->plot, slot->lane, slot->side);

	switch (slot->kind) {
	case SLOT_ADDRESS:
		svg->address[lane->axis] = x + slot->width;
		return;
	case SLOT_LANE:
		svg->lanes[lane - svg->plot->lanes] = (struct svg_box){ x, slot->width };
		widen(&svg->spans[lane->axis], x, slot->width);
		return;
	case SLOT_MARKS:
		svg->marks = (struct svg_box){ x, slot->width };
		return;
	case SLOT_LINKS:
		svg->links = (struct svg_box){ x, slot->width };
		return;
	}
}

static void lay_axes(struct plot *plot)
{
	static const struct plot_scale scale = { .band = 18, .grow = 24, .fold = 22 };
	uint32_t height = 0;

	for (unsigned int i = 0; i < PLOT_AXES; i++) {
		plot_axis_lay(&plot->axes[i], &scale);
		if (plot->axes[i].height > height)
			height = plot->axes[i].height;
	}
	for (unsigned int i = 0; i < PLOT_AXES; i++)
		plot_axis_stretch(&plot->axes[i], height, MAX_FOLD);
}

void svg_arrange(struct svg *svg)
{
	const bool one = svg->plot->n_sides == 1;
	const struct slot *slots = one ? slots_of_one : slots_of_two;
	const size_t count = one ? sizeof(slots_of_one) / sizeof(slots_of_one[0])
				 : sizeof(slots_of_two) / sizeof(slots_of_two[0]);
	uint32_t x = MARGIN;

	for (size_t i = 0; i < count; i++) {
		if (is_left_out(svg, &slots[i]))
			continue;
		put_slot(svg, &slots[i], x);
		x += slots[i].width + GAP;
	}
	svg->width = x - GAP + MARGIN;
	lay_axes(svg->plot);
}
