/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The legend of a picture: which tone a region has, how a tone looks, and the names of lanes. */
#ifndef SHOW_PICTURE_LEGEND_H
#define SHOW_PICTURE_LEGEND_H

#include "show/picture/plot.h"

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

/** struct plot_lane_name - what a kind of lane is called; @row: in the tables of a page */
struct plot_lane_name {
	const char *heading;
	enum efimap_source source;
	const char *row;
};
extern const struct plot_lane_name plot_lane_names[PLOT_LANE_KINDS];

enum plot_tone plot_tone_of_entry(const struct efimap_entry *entry);
/** plot_tone_of_label() - of a label of memmap or iomem */
enum plot_tone plot_tone_of_label(const char *label);
/** plot_has_tone() - is there a region of this tone, for which a legend has to account?
 */
bool plot_has_tone(const struct plot *plot, enum plot_tone tone);

#endif
