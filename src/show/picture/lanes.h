/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A picture of a runtime map before it is drawn: lanes of cells over two axes, links
 * between them, and marks. Plain values; how a terminal or SVG shows them lies elsewhere.
 */
#ifndef SHOW_PICTURE_LANES_H
#define SHOW_PICTURE_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "show/dump_view.h"
#include "show/picture/picture.h"
#include "show/text_style.h"

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

struct plot_lane;

/**
 * plot_axis_make() - cut an axis at the edges of what lies on it
 * @lanes:     @count of them; those of another axis than @number do not count
 * @max_bands: bands at most, at least 1. Where that is not enough, edges of high rank are
 *             kept, as are those of the widest empty stretches; of the rank that is too
 *             many, every so many-th
 */
int plot_axis_make(const struct plot_lane *lanes, size_t count, unsigned int number,
		   size_t max_bands, struct plot_axis *ret_axis);
void plot_axis_free(struct plot_axis *axis);

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

/** plot_axis_lay() - give each band its place */
void plot_axis_lay(struct plot_axis *axis, const struct plot_scale *scale);
/** plot_axis_stretch() - share out among the folds what a laid axis lacks of @height */
void plot_axis_stretch(struct plot_axis *axis, const struct plot_scale *scale,
		       unsigned int height);
/** plot_axis_band() - the band of an address, or the nearest one; @axis is not empty */
size_t plot_axis_band(const struct plot_axis *axis, uint64_t address);

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

/**
 * struct plot_look - how a tone looks
 * @class:   in picture.css
 * @ascii:   on a terminal
 * @unicode: likewise; only block elements (U+2580 to U+259F), which every font of a
 *           terminal has, one column each
 * @color:   likewise: parameter of SGR
 */
struct plot_look {
	const char *words;
	const char *class;
	const char *ascii;
	const char *unicode;
	const char *color;
};
extern const struct plot_look plot_looks[PLOT_TONE_COUNT];

enum plot_lane_kind {
	PLOT_LANE_RUNTIME,
	PLOT_LANE_MEMMAP,
	PLOT_LANE_IOMEM,
	PLOT_LANE_TABLES,
	PLOT_LANE_VIRT,
};
#define PLOT_LANE_KINDS (PLOT_LANE_VIRT + 1)

/** struct plot_lane_name - what a kind of lane is called; @row: in the tables of a page */
struct plot_lane_name {
	const char *heading;
	enum efimap_source source;
	const char *row;
};
extern const struct plot_lane_name plot_lane_names[PLOT_LANE_KINDS];

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

/** mark_has_text() - rule number @at of a mark, the worst first; false after the last */
bool mark_has_text(const struct plot_mark *mark, size_t at, struct mark_text *ret_text);
/** plot_mark_is_bad() - is there a warning or an error? */
bool plot_mark_is_bad(const struct plot_mark *mark);

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

/** plot_open() - make the picture; 0 or -ENOMEM; plot_close() in any case */
int plot_open(const struct efimap_plot_input *input, const struct plot_medium *medium,
	      struct plot *plot);
void plot_close(struct plot *plot);
#define plot_auto efimap_cleanup(plot_close)

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

/* Words; printable ASCII, not longer than asked for. */

enum plot_tone plot_tone_of_entry(const struct efimap_entry *entry);
/** plot_tone_of_label() - of a label of memmap or iomem */
enum plot_tone plot_tone_of_label(const char *label);
/** plot_has_tone() - is there a region of this tone, for which a legend has to account?
 */
bool plot_has_tone(const struct plot *plot, enum plot_tone tone);

/** plot_put_label() - what stands in a cell, in at most @columns characters */
void plot_put_label(const struct plot_cell *cell, unsigned int columns, struct efimap_out *out);
/** plot_put_detail() - everything about a cell, in lines; ends without a newline */
void plot_put_detail(const struct plot *plot, const struct plot_cell *cell,
		     struct efimap_out *out);
/** plot_put_heading() - "RUNTIME MAP", "SECOND MEMMAP" */
void plot_put_heading(const struct plot *plot, const struct plot_lane *lane,
		      struct efimap_out *out);
/** plot_put_left_out() - lines about what is not drawn, or not by itself */
void plot_put_left_out(const struct plot *plot, struct efimap_out *out);
/** plot_put_findings() - what verify, or compare, says of it all; 0 or a negative errno */
int plot_put_findings(const struct plot *plot, const struct efimap_text_options *options,
		      struct efimap_out *out);
/** plot_source_name() - the name of a capture for people */
const char *plot_source_name(const struct efimap *map);

#endif
