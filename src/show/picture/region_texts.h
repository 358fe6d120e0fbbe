/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a picture says of regions: printable ASCII, not longer than asked for. */
#ifndef SHOW_PICTURE_REGION_TEXTS_H
#define SHOW_PICTURE_REGION_TEXTS_H

#include "base/output_buffer.h"
#include "show/picture/plot.h"
#include "show/text_style.h"

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
