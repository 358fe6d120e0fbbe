/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that draw a picture as SVG share. All lengths are in pixels. */
#ifndef PLOT_SVG_H
#define PLOT_SVG_H

#include "plot/draw.h"
#include "plot/xml.h"

/** SVG_ROWS - bands of each axis, unless asked for otherwise */
#define SVG_ROWS 140
/** SVG_LINKED_ROWS - rows of a table in a page that regions lead to, and that are there
 */
#define SVG_LINKED_ROWS 2000

/** struct svg_box - where a lane lies from left to right */
struct svg_box {
	uint32_t x;
	uint32_t width;
};

/**
 * struct svg - a picture being drawn
 * @plot:    what
 * @xml:     where
 * @page:    as part of an HTML page: regions are links to its tables
 * @lanes:   per lane of the plot; width 0 is not drawn
 * @address: per axis: the right end of its addresses
 * @spans:   per axis: from its first lane to its last
 * @marks:   the column of marks
 * @links:   between the lanes that links connect
 * @top:     where the axes begin
 * @width:   of the whole picture
 */
struct svg {
	struct plot *plot;
	struct xml *xml;
	bool page;
	struct svg_box lanes[PLOT_MAX_LANES];
	uint32_t address[PLOT_AXES];
	struct svg_box spans[PLOT_AXES];
	struct svg_box marks;
	struct svg_box links;
	uint32_t top;
	uint32_t width;
};

/** svg_arrange() - where lanes lie; the axes are then laid */
void svg_arrange(struct svg *svg);

/** svg_write_document() - the picture as a file of its own; 0 or a negative errno */
int svg_write_document(struct plot *plot, struct xml *xml);
/** svg_write() - the svg element alone, or, if @page, as a part of one; likewise */
int svg_write(struct plot *plot, bool page, struct xml *xml);
/** svg_tone_class() - the class of a tone */
const char *svg_tone_class(enum plot_tone tone);

/** svg_draw_axis() - addresses, lines at the edges of bands, folds */
void svg_draw_axis(const struct svg *svg, unsigned int number);
/** svg_draw_lane() - heading and cells */
void svg_draw_lane(const struct svg *svg, size_t lane);
/** svg_draw_links() - links between two lanes */
void svg_draw_links(const struct svg *svg);
/** svg_draw_collisions() - what runs through all lanes behind an entry with a finding */
void svg_draw_collisions(const struct svg *svg);
/** svg_draw_marks() - the rules that spoke, beside the entries */
void svg_draw_marks(const struct svg *svg);

/** svg_text() - a text element; @class may be "" */
void svg_text(const struct svg *svg, uint32_t x, uint32_t y, const char *class,
	      const char *text);

#endif
