/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PICTURE_LEGEND_H
#define SHOW_PICTURE_LEGEND_H

#include "show/picture/plot.h"

/**
 * struct plot_look - how a tone is drawn
 * @class:   class in picture.css
 * @ascii:   character on a terminal
 * @unicode: character on a UTF-8 terminal: a block element (U+2580 to U+259F), one column wide
 * @color:   SGR parameter on a terminal
 */
struct plot_look {
	const char *words;
	const char *class;
	const char *ascii;
	const char *unicode;
	const char *color;
};
extern const struct plot_look plot_looks[PLOT_TONE_COUNT];

/**
 * struct plot_lane_name - the name of a kind of lane
 * @row: prefix of the ids of the lane's rows in the tables of a page
 */
struct plot_lane_name {
	const char *heading;
	enum efimap_source source;
	const char *row;
};
extern const struct plot_lane_name plot_lane_names[PLOT_LANE_KINDS];

enum plot_tone plot_tone_of_entry(const struct efimap_entry *entry);
enum plot_tone plot_tone_of_label(const char *label);
/** plot_has_tone() - return whether any cell outside the lane of tables has this tone */
bool plot_has_tone(const struct plot *plot, enum plot_tone tone);

#endif
