/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that draw a picture for a terminal share. */
#ifndef PLOT_TEXT_H
#define PLOT_TEXT_H

#include "plot/draw.h"

/** enum text_column_kind - what a column of a section shows */
enum text_column_kind {
	TEXT_COLUMN_LANE,
	TEXT_COLUMN_MARK,
	TEXT_COLUMN_RULE,
	TEXT_COLUMN_PHYS,
};

#define TEXT_MAX_COLUMNS 8

/**
 * struct text_column - one column
 * @kind:  what it shows
 * @lane:  the lane, or the one that the marks or physical addresses belong to
 * @other: marks of a comparison: SECOND's lane
 * @width: characters, without the blank before it
 */
struct text_column {
	enum text_column_kind kind;
	const struct plot_lane *lane;
	const struct plot_lane *other;
	unsigned int width;
};

/**
 * struct text_section - all that stands over one axis
 * @address_width: characters of its first column
 * @width:         of all columns together
 */
struct text_section {
	struct plot *plot;
	const struct efimap_plot_options *options;
	const struct plot_axis *axis;
	struct text_column columns[TEXT_MAX_COLUMNS];
	size_t n_columns;
	unsigned int address_width;
	unsigned int width;
};

/**
 * text_section_plan() - choose columns, and what each takes of @width
 * @number: PLOT_PHYS or PLOT_VIRT
 */
void text_section_plan(struct plot *plot, const struct efimap_plot_options *options,
		       unsigned int number, unsigned int width,
		       struct text_section *ret_section);
/** text_section_draw() - append its lines, each filled up to the width */
void text_section_draw(const struct text_section *section, struct efimap_out *out);

/** text_put_mark() - a letter, or a blank, for what begins at a band */
void text_put_mark(const struct text_section *section, const struct text_column *column,
		   size_t band, struct efimap_out *out);
/** text_put_rule() - the worst rule of what begins at a band, filled up to the width */
void text_put_rule(const struct text_section *section, const struct text_column *column,
		   size_t band, struct efimap_out *out);
/** text_put_phys() - the physical start of what begins at a band, likewise */
void text_put_phys(const struct text_section *section, const struct text_column *column,
		   size_t band, struct efimap_out *out);

/** text_bar() - append the character of a tone, @count times, coloured if wanted */
void text_bar(const struct efimap_plot_options *options, enum plot_tone tone,
	      unsigned int count, struct efimap_out *out);

#endif
