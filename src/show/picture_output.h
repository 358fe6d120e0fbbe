/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PICTURE_OUTPUT_H
#define SHOW_PICTURE_OUTPUT_H

#include <stdbool.h>

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/report.h"

/**
 * struct picture_options - options for drawing on a terminal
 * @width: number of columns, 0 for 80
 * @ascii: use ASCII characters only
 */
struct picture_options {
	unsigned int width;
	bool color;
	bool ascii;
};

/**
 * picture_write_text() - write the picture of @map for a terminal
 * @report: verify's report on @map
 */
void picture_write_text(const struct efimap *map, const struct report *report,
			const struct picture_options *options, struct out *out);

/**
 * picture_write_svg() - write the picture of @map as an SVG document
 * @report: verify's report on @map
 */
void picture_write_svg(const struct efimap *map, const struct report *report, struct out *out);

#endif
