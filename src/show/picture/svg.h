/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PICTURE_SVG_H
#define SHOW_PICTURE_SVG_H

#include "show/picture/lanes.h"
#include "show/xml_writer.h"

/** SVG_LINKED_ROWS - maximum number of rows in each table of a page; regions link to these rows */
#define SVG_LINKED_ROWS 2000U

/**
 * svg_put() - draw the picture
 * @page: the picture is part of a page, and its regions are links to rows of tables
 */
void svg_put(struct plot *plot, bool page, struct xml *xml);

int svg_open(const struct efimap_plot_input *input, const struct efimap_plot_options *options,
	     struct plot *plot);

/**
 * efimap_plot_write_svg() - write a self-contained SVG 1.1 document
 *
 * The colours follow the viewer's preference for light or dark mode. Texts are text elements, and
 * every cell has a tooltip.
 *
 * Return: 0, the error of @out, -ENOMEM, or -EOVERFLOW if memmap or iomem has 2^32 - 1 or more
 * ranges. After -EOVERFLOW, nothing has been written.
 */
int efimap_plot_write_svg(const struct efimap_plot_input *input,
			  const struct efimap_plot_options *options,
			  struct efimap_out *out);

#endif
