/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A picture of a runtime map before it is drawn: lanes of cells over two axes, links
 * between them, and marks. Plain values.
 */
#ifndef SHOW_PICTURE_PLOT_H
#define SHOW_PICTURE_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "show/dump_view.h"
#include "show/picture/picture.h"

/*
 * --- the axis of a picture: addresses cut into bands at every edge of a region. What a band
 * takes grows with the logarithm of its size; where nothing lies it is folded ---
 */

/** enum plot_rank - how much the edges of a region matter, where not all of them have room */
enum plot_rank {
	PLOT_RANK_INSIDE = 1,
	PLOT_RANK_IOMEM,
	PLOT_RANK_PLAIN_ENTRY,
	PLOT_RANK_MEMMAP,
	PLOT_RANK_RUNTIME,
	PLOT_RANK_MARKED,
};

/**
 * struct plot_band - a stretch of addresses in which nothing begins or ends
 * @fold:   no region lies there
 * @lines:  of words that stand beside it; the caller sets it before the axis is laid
 * @at:     where it begins in the picture, in the unit of &struct plot_scale
 * @height: what it takes there, never 0 once the axis is laid
 */
struct plot_band {
	struct efimap_span span;
	bool fold;
	unsigned int lines;
	unsigned int at;
	unsigned int height;
};

/**
 * struct plot_axis - the whole axis
 * @bands:   ascending, each beginning where the one before it has ended
 * @n_lost:  edges that had no room: several regions share a band there
 * @height:  of all bands together, once laid
 */
struct plot_axis {
	struct plot_band *bands;
	size_t n_bands;
	size_t n_lost;
	unsigned int height;
};

/**
 * struct plot_scale - what bands take
 * @band: the least
 * @grow: sixteenths of a unit for each time that a band is twice as large as a page
 * @line: each line of words but the first, for which a band has room anyway
 * @fold: a fold
 * @most: no fold is stretched further than this; 0 where none is
 */
struct plot_scale {
	unsigned int band;
	unsigned int grow;
	unsigned int line;
	unsigned int fold;
	unsigned int most;
};

/* --- what is drawn --- */

/** enum plot_tone - what a region is to somebody who glances at it */
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

/** struct plot_mark - per rule how severely it spoke of a region at most, and 1; 0: not at all */
struct plot_mark {
	uint8_t said[EFIMAP_RULE_COUNT];
};

/** struct mark_text - a rule that spoke, and how severely at most */
struct mark_text {
	const struct efimap_rule *rule;
	enum efimap_severity severity;
};

/**
 * struct plot_item - one region of a lane
 * @span:   its bytes; of a table the page that it begins in
 * @rank:   how much its two edges matter: an enum plot_rank
 * @source: position in the array of the capture that it came from
 * @entry:  that is an entry of the runtime map; else NULL
 * @name:   else its name or label, as the capture has it
 * @track:  beside which it lies in the lane: those of one track do not overlap
 * @change: in a comparison: what became of it
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
 * struct plot_cell - what is drawn as one box: an item, or several that share bands
 * @items:     the @count of them follow each other
 * @predicted: where it lies was computed, not read
 * @mark:      findings on any of its items
 * @change:    in a comparison: what became of it, the worst of its items
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

/** PLOT_TRACKS - tracks of a lane at most */
#define PLOT_TRACKS 2

/**
 * struct plot_lane - one lane
 * @axis:       PLOT_PHYS or PLOT_VIRT
 * @items:      by track, then by start; owned, as are the cells, in the same order
 * @n_left_out: regions that cannot be drawn: they have no pages, or they wrap
 * @n_unknown:  entries whose address on this axis, or size, is not known
 * @n_predicted: entries whose virtual address was computed, not read
 * @absent:     why the lane is empty, NULL when it is not
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

/** struct plot_link - two cells that are the same entries */
struct plot_link {
	const struct plot_cell *from;
	const struct plot_cell *to;
	enum efimap_mark change;
};

/**
 * struct plot_side - one capture
 * @map:     the capture, torn entries among the others; its entries are owned
 * @report:  the findings on it; a shallow copy
 * @view:    labels and rules of its entries
 * @marks:   per entry, range of memmap, line of iomem, configuration table
 * @changes: per entry, in a comparison
 * @covers:  per line of iomem: does it say anything of an entry?
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
 * @names_rules: bands have a line for each rule
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
 * struct plot_medium - what a picture is drawn on
 * @max_bands: of each axis
 * @tables:    is there room for the lane of configuration tables?
 * @least:     rules are named whose findings are that severe, or worse
 */
struct plot_medium {
	size_t max_bands;
	bool tables;
	enum efimap_severity least;
	struct plot_scale scale;
};

/** plot_report() - what is said of the one capture, or of the two */
static inline const struct efimap_report *
plot_report(const struct efimap_plot_input *input)
{
	return input->comparison ? input->comparison->report : input->report;
}

/** plot_is_known() - are address and size of an entry known, on PLOT_PHYS or PLOT_VIRT? */
static inline bool plot_is_known(const struct efimap_entry *entry, unsigned int axis)
{
	const bool is_virt = axis == PLOT_VIRT;
	const uint32_t address = is_virt ? EFIMAP_MISSING_VIRT : EFIMAP_MISSING_PHYS;

	return !(entry->missing_values & (address | EFIMAP_MISSING_PAGES)) &&
	       !(is_virt && entry->virt_from == EFIMAP_VIRT_UNKNOWN);
}

#endif
