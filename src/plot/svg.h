/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a page that holds a picture asks of who draws it. */
#ifndef PLOT_SVG_H
#define PLOT_SVG_H

#include "plot/lanes.h"
#include "plot/xml.h"

/** SVG_LINKED_ROWS - rows of a table in a page that are there, and regions lead to */
#define SVG_LINKED_ROWS 2000U

/** svg_put() - the picture; as part of a page its regions are links to rows of tables */
int svg_put(struct plot *plot, bool page, struct xml *xml);

/** svg_draw_fn - write what a picture is in, and when that was, unless @date is NULL */
typedef int svg_draw_fn(struct plot *plot, const char *date, struct xml *xml);
/** svg_write_file() - make the picture, and let @draw write it; 0 or a negative errno */
int svg_write_file(const struct efimap_plot_input *input,
		   const struct efimap_plot_options *options,
		   svg_draw_fn *draw, struct efimap_out *out);

#endif
