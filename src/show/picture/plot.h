/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PICTURE_PLOT_H
#define SHOW_PICTURE_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "show/dump_view.h"
#include "show/picture/picture.h"

/*
 * An axis is cut into bands at the edges of its regions. A band without regions is folded. The
 * height of any other band grows with the logarithm of its size.
 */

/** enum plot_rank - importance of the edges of a region if there is no space for all edges */
enum plot_rank {
	PLOT_RANK_INSIDE = 1,
	PLOT_RANK_IOMEM,
	PLOT_RANK_PLAIN_ENTRY,
	PLOT_RANK_MEMMAP,
	PLOT_RANK_RUNTIME,
	PLOT_RANK_MARKED,
};

/**
 * struct plot_band - a range of addresses
 * @fold:   the band contains no region
 * @lines:  number of text lines next to the band; must be set before plot_axis_lay() is called
 * @at:     position in the picture, in the unit of &struct plot_scale
 * @height: height in the picture, never 0 after the axis is laid out
 */
struct plot_band {
	struct efimap_span span;
	bool fold;
	unsigned int lines;
	unsigned int at;
	unsigned int height;
};

/**
 * struct plot_axis - the physical or the virtual addresses
 * @bands:  ascending and without gaps
 * @n_lost: number of dropped edges; if it is not 0, regions may share a band
 */
struct plot_axis {
	struct plot_band *bands;
	size_t n_bands;
	size_t n_lost;
	unsigned int height;
};

/**
 * struct plot_scale - heights of bands, in terminal lines or in pixels
 * @band: minimum height, which has space for one line of text
 * @grow: growth in sixteenths of a unit for each doubling of a band's size above one page
 * @line: height of each further line of text; 0 if rules are not named next to bands
 * @fold: height of a fold
 * @most: maximum height of a stretched fold; 0 if folds are not stretched
 */
struct plot_scale {
	unsigned int band;
	unsigned int grow;
	unsigned int line;
	unsigned int fold;
	unsigned int most;
};

/** enum plot_tone - the kind of a region, shown by its colour or character */
enum plot_tone {
	PLOT_TONE_CODE,
	PLOT_TONE_DATA,
	PLOT_TONE_MMIO,
	PLOT_TONE_BOOT,
	PLOT_TONE_RAM,
	PLOT_TONE_ACPI,
	PLOT_TONE_RESERVED,
	PLOT_TONE_DEVICE,
	PLOT_TONE_KERNEL,
	PLOT_TONE_CRASH,
	PLOT_TONE_OTHER,
	PLOT_TONE_MIXED,
};
#define PLOT_TONE_COUNT (PLOT_TONE_MIXED + 1)

enum plot_lane_kind {
	PLOT_LANE_RUNTIME,
	PLOT_LANE_MEMMAP,
	PLOT_LANE_IOMEM,
	PLOT_LANE_TABLES,
	PLOT_LANE_VIRT,
};
#define PLOT_LANE_KINDS (PLOT_LANE_VIRT + 1)

enum { PLOT_PHYS, PLOT_VIRT, PLOT_AXES };

/**
 * struct plot_mark - the findings on a region
 * @severities: for each rule, 1 plus the highest severity of its findings, or 0 for none
 */
struct plot_mark {
	uint8_t severities[EFIMAP_RULE_COUNT];
};

struct mark_rule {
	const struct efimap_rule *rule;
	enum efimap_severity severity;
};

/**
 * struct plot_item - a region of a lane
 * @span:   the range of the region; for a table, the page in which the table begins
 * @rank:   importance of the edges, an enum plot_rank
 * @source: index in the array of entries, ranges, resources or tables of the capture
 * @entry:  the entry that the region shows, or NULL
 * @name:   name or label, unescaped; NULL for an entry
 * @track:  column in the lane
 * @change: result in a comparison
 */
struct plot_item {
	struct efimap_span span;
	unsigned int rank;
	size_t source;
	const struct efimap_entry *entry;
	const char *name;
	unsigned int track;
	enum plot_tone tone;
	const struct plot_mark *mark;
	enum efimap_mark change;
};

/**
 * struct plot_cell - a box for one item, or for several items that share bands
 * @items:     the first of @count consecutive items
 * @predicted: the lane is virtual, and the address of at least one item was predicted
 * @mark:      findings on any of the items
 * @change:    the worst result of the items in a comparison
 */
struct plot_cell {
	const struct plot_lane *lane;
	const struct plot_item *items;
	size_t count;
	size_t band;
	size_t last_band;
	unsigned int track;
	enum plot_tone tone;
	bool predicted;
	struct plot_mark mark;
	enum efimap_mark change;
};

#define PLOT_TRACKS 2

/**
 * struct plot_lane - the regions of one kind in one capture, along an axis
 * @axis:        PLOT_PHYS or PLOT_VIRT
 * @items:       sorted by track and start; owned
 * @cells:       in the same order as @items; owned
 * @n_left_out:  number of regions without a valid range, which cannot be drawn
 * @n_unknown:   number of entries whose size or address on this axis is unknown
 * @n_predicted: number of entries whose virtual address was predicted, not read
 * @absent:      why the lane is empty, or NULL
 */
struct plot_lane {
	enum plot_lane_kind kind;
	unsigned int side;
	unsigned int axis;
	struct plot_item *items;
	size_t n_items;
	struct plot_cell *cells;
	size_t n_cells;
	size_t n_left_out;
	size_t n_unknown;
	size_t n_predicted;
	const char *absent;
};

/** struct plot_link - a link between two cells that share an entry or a matched pair of entries */
struct plot_link {
	const struct plot_cell *from;
	const struct plot_cell *to;
	enum efimap_mark change;
};

/**
 * struct plot_side - a capture and what the picture shows about its regions
 * @map:     the capture, including incomplete entries; its array of entries is owned
 * @report:  the findings on the capture; a shallow copy that owns its array of findings
 * @marks:   for each kind of lane, the findings on each of its entries, ranges, lines or tables
 * @changes: for each entry, its result in a comparison
 * @covers:  for each line of iomem, whether it overlaps an entry
 */
struct plot_side {
	struct efimap map;
	struct efimap_report report;
	struct dump_view view;
	struct plot_mark *marks[PLOT_LANE_TABLES + 1];
	enum efimap_mark *changes;
	bool *covers;
};

#define PLOT_MAX_LANES 8

/**
 * struct plot - the picture
 * @names_rules: the picture names rules next to the bands
 */
struct plot {
	const struct efimap_plot_input *input;
	bool names_rules;
	struct plot_side sides[2];
	unsigned int n_sides;
	struct plot_axis axes[PLOT_AXES];
	struct plot_lane lanes[PLOT_MAX_LANES];
	size_t n_lanes;
	struct plot_link *links;
	size_t n_links;
};

/**
 * struct plot_medium - the output format for which a picture is made
 * @max_bands: maximum number of bands of each axis
 * @tables:    there is space for the lane of configuration tables
 * @least:     lowest severity of findings whose rules are named
 */
struct plot_medium {
	size_t max_bands;
	bool tables;
	enum efimap_severity least;
	struct plot_scale scale;
};

static inline const struct efimap_report *
plot_report(const struct efimap_plot_input *input)
{
	return input->comparison ? input->comparison->report : input->report;
}

/**
 * plot_is_known() - return whether the size of an entry and its address on an axis are known
 * @axis: PLOT_PHYS or PLOT_VIRT
 */
static inline bool plot_is_known(const struct efimap_entry *entry, unsigned int axis)
{
	const bool is_virt = axis == PLOT_VIRT;
	const uint32_t address = is_virt ? EFIMAP_MISSING_VIRT : EFIMAP_MISSING_PHYS;

	return !(entry->missing_values & (address | EFIMAP_MISSING_PAGES)) &&
	       !(is_virt && entry->virt_from == EFIMAP_VIRT_UNKNOWN);
}

#endif
