/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a page that holds a picture asks of who draws it. */
#ifndef SHOW_PICTURE_SVG_H
#define SHOW_PICTURE_SVG_H

#include "show/picture/lanes.h"
#include "show/xml_writer.h"

/** SVG_LINKED_ROWS - rows of a table in a page that are there, and regions lead to */
#define SVG_LINKED_ROWS 2000U

/** svg_put() - the picture; as part of a page its regions are links to rows of tables */
void svg_put(struct plot *plot, bool page, struct xml *xml);

/** svg_open() - plot_open() for a file */
int svg_open(const struct efimap_plot_input *input, const struct efimap_plot_options *options,
	     struct plot *plot);

/**
 * efimap_plot_write_svg() - one self-contained SVG 1.1 document
 *
 * Light or dark as the viewer prefers; text is text; every region has a tooltip.
 */
int efimap_plot_write_svg(const struct efimap_plot_input *input,
			  const struct efimap_plot_options *options,
			  struct efimap_out *out);

#endif
