/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PICTURE_REGION_TEXTS_H
#define SHOW_PICTURE_REGION_TEXTS_H

#include "base/output_buffer.h"
#include "show/picture/plot.h"
#include "show/text_style.h"

/** plot_put_label() - write the label of a cell, shortened to at most @columns characters */
void plot_put_label(const struct plot_cell *cell, unsigned int columns, struct efimap_out *out);
/** plot_put_detail() - write the lines of a cell's tooltip, without a final newline */
void plot_put_detail(const struct plot *plot, const struct plot_cell *cell,
		     struct efimap_out *out);
/** plot_put_heading() - write the heading of a lane, such as "RUNTIME MAP" or "SECOND MEMMAP" */
void plot_put_heading(const struct plot *plot, const struct plot_lane *lane,
		      struct efimap_out *out);
/** plot_put_left_out() - report regions that are not drawn, or are not drawn separately */
void plot_put_left_out(const struct plot *plot, struct efimap_out *out);
int plot_put_findings(const struct plot *plot, const struct efimap_text_options *options,
		      struct efimap_out *out);
/** plot_source_name() - return the displayed name of a capture, such as "the running system" */
const char *plot_source_name(const struct efimap *map);

#endif
