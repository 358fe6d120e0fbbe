/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A picture of a runtime map before it is drawn: lanes of cells over two axes, links
 * between them, and marks. Plain values; how a terminal or SVG shows them lies elsewhere.
 */
#ifndef PLOT_DRAW_H
#define PLOT_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/plot.h"
#include "format/dump.h"
#include "plot/axis.h"

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

/** plot_tone_of_type() - of an EFI memory type */
enum plot_tone plot_tone_of_type(uint32_t type);
/** plot_tone_of_label() - of a label of memmap or iomem */
enum plot_tone plot_tone_of_label(const char *label);
/** plot_tone_words() - "runtime code", for the legend */
const char *plot_tone_words(enum plot_tone tone);

/** enum plot_lane_kind - what a lane shows */
enum plot_lane_kind {
	PLOT_LANE_RUNTIME,
	PLOT_LANE_MEMMAP,
	PLOT_LANE_IOMEM,
	PLOT_LANE_TABLES,
	PLOT_LANE_VIRT,
};

/** PLOT_PHYS, PLOT_VIRT - the two axes */
enum { PLOT_PHYS, PLOT_VIRT, PLOT_AXES };

/**
 * struct plot_mark - what the findings say of a region
 * @said:     is there one?
 * @severity: of the worst
 * @rule:     of the worst
 * @n_rules:  how many rules
 */
struct plot_mark {
	bool said;
	enum efimap_severity severity;
	const struct efimap_rule *rule;
	size_t n_rules;
};

/** plot_mark_add() - take another finding into account (the caller counts the rules) */
void plot_mark_add(struct plot_mark *mark, const struct plot_mark *other);

/**
 * struct plot_item - one region of a lane
 * @span:   its bytes
 * @source: position in the array of the capture that it came from
 * @rank:   for &struct plot_extent; 0 where it cuts no axis
 * @track:  beside which it lies in the lane: those of one track do not overlap
 * @tone:   its colour
 */
struct plot_item {
	struct efimap_span span;
	uint32_t source;
	uint8_t rank;
	uint8_t track;
	uint8_t tone;
};

/**
 * struct plot_cell - what is drawn as one box: an item, or several that share bands
 * @first:     in the lane's items; the @count of them follow each other
 * @count:     how many
 * @band:      first band
 * @last_band: last band
 * @track:     see &struct plot_item
 * @tone:      its colour
 * @predicted: where it lies was computed, not read
 * @mark:      findings on any of its items
 * @change:    in a comparison: what became of it, the worst of its items
 */
struct plot_cell {
	size_t first;
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
 * @kind:       what it shows
 * @side:       of which capture
 * @axis:       PLOT_PHYS or PLOT_VIRT
 * @items:      by track, then by start; owned
 * @cells:      likewise; owned
 * @n_tracks:   tracks in use
 * @n_left_out: regions that cannot be drawn: they have no pages, or they wrap
 * @n_unknown:  entries whose virtual address is not known
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
	unsigned int n_tracks;
	size_t n_left_out;
	size_t n_unknown;
	size_t n_predicted;
	const char *absent;
};

/**
 * struct plot_link - two cells that are the same entries
 * @from:   lane and cell
 * @to:     lane and cell
 * @change: in a comparison: what became of it
 */
struct plot_link {
	size_t from_lane, from;
	size_t to_lane, to;
	enum efimap_mark change;
};

/**
 * struct plot_side - one capture
 * @map:     the capture
 * @report:  the findings on it; a shallow copy
 * @view:    labels and rules of its entries
 * @marks:   per entry
 * @changes: per entry, in a comparison
 * @memmap_marks: per range of memmap
 * @table_marks: per configuration table
 */
struct plot_side {
	const struct efimap *map;
	struct efimap_report report;
	struct dump_view view;
	struct plot_mark *marks;
	enum efimap_mark *changes;
	struct plot_mark *memmap_marks;
	struct plot_mark *table_marks;
};

#define PLOT_MAX_LANES 8

/** plot_report() - what is said of the one capture, or of the two */
static inline const struct efimap_report *plot_report(const struct efimap_plot_input *input)
{
	return input->comparison ? input->comparison->report : input->report;
}

/** struct plot - the picture */
struct plot {
	const struct efimap_plot_input *input;
	struct plot_side sides[2];
	unsigned int n_sides;
	struct plot_axis axes[PLOT_AXES];
	struct plot_lane lanes[PLOT_MAX_LANES];
	size_t n_lanes;
	struct plot_link *links;
	size_t n_links;
};

/**
 * plot_open() - make the picture
 * @max_bands: of each axis
 *
 * Return: 0, -ENOMEM or -EOVERFLOW; plot_close() in any case.
 */
int plot_open(const struct efimap_plot_input *input, size_t max_bands, struct plot *plot);
/** plot_close() - free it */
void plot_close(struct plot *plot);
#define plot_auto efimap_cleanup(plot_close)

/** plot_find_lane() - the lane of this kind and side, or NULL */
const struct plot_lane *plot_find_lane(const struct plot *plot, enum plot_lane_kind kind,
				       unsigned int side);

/** plot_side_open() - a side's view and marks; plot_side_close() in any case */
int plot_side_open(const struct efimap_plot_input *input, unsigned int side,
		   struct plot_side *ret_side);
/** plot_side_close() - free them */
void plot_side_close(struct plot_side *side);

/** plot_gather() - fill a lane's items; kind, side and axis are set; 0 or -ENOMEM */
int plot_gather(const struct plot_side *side, struct plot_lane *lane);

/** plot_lane_settle() - give each item a track and sort by it; 0 or -ENOMEM */
int plot_lane_settle(struct plot_lane *lane);
/** plot_lane_fill() - make the cells, on an axis that was made; 0 or -ENOMEM */
int plot_lane_fill(const struct plot_side *side, const struct plot_axis *axis,
		   struct plot_lane *lane);
/** plot_cell_at() - the cell of a track that covers a band, or NULL */
const struct plot_cell *plot_cell_at(const struct plot_lane *lane, unsigned int track,
				     size_t band);
/** plot_link_all() - links between the runtime and virtual lanes; 0 or -ENOMEM */
int plot_link_all(struct plot *plot);

/* Words; printable ASCII, not longer than asked for. */

/** plot_put_label() - what stands in a cell, in at most @columns characters */
void plot_put_label(const struct plot_side *side, const struct plot_lane *lane,
		    const struct plot_cell *cell, unsigned int columns,
		    struct efimap_out *out);
/** plot_put_detail() - everything about a cell, in lines; ends without a newline */
void plot_put_detail(struct plot_side *side, const struct plot_lane *lane,
		     const struct plot_cell *cell, struct efimap_out *out);
/** plot_put_heading() - "RUNTIME MAP", "SECOND MEMMAP" */
void plot_put_heading(const struct plot *plot, const struct plot_lane *lane,
		      struct efimap_out *out);
/** plot_put_mark() - "table-in-ram +1", in at most @columns characters */
void plot_put_mark(const struct plot_mark *mark, unsigned int columns,
		   struct efimap_out *out);
/** plot_put_span() - "0x1000-0x1fff (4K)" */
void plot_put_span(struct efimap_span span, struct efimap_out *out);

#endif
