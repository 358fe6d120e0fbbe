/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: pictures
 *
 * A picture shows a runtime map, its virtual addresses, memmap, /proc/iomem and the configuration
 * tables, each as a lane along an axis. In a comparison, /proc/iomem and the configuration tables
 * are not shown. An invalid map is not an error: the picture reports how many regions cannot be
 * drawn.
 */
#ifndef SHOW_PICTURE_PICTURE_H
#define SHOW_PICTURE_PICTURE_H

#include <stdbool.h>

#include "capture/capture.h"
#include "compare/comparison.h"
#include "base/output_buffer.h"
#include "rules/received.h"
#include "rules/report.h"

/** EFIMAP_PLOT_MIN_ROWS, EFIMAP_PLOT_MAX_ROWS - limits of &efimap_plot_options.rows */
#define EFIMAP_PLOT_MIN_ROWS 8
#define EFIMAP_PLOT_MAX_ROWS 1000

/**
 * struct efimap_plot_input - what to draw
 * @map:        the capture, or the capture of the first kernel
 * @report:     verify's report on @map; not used for two captures
 * @received:   result of "efimapctl received", for a page; or NULL
 * @second:     capture of the second kernel, or NULL
 * @comparison: comparison of @map with @second; NULL if and only if @second is NULL
 */
struct efimap_plot_input {
	const struct efimap *map;
	const struct efimap_report *report;
	const struct efimap_received *received;
	const struct efimap *second;
	const struct efimap_comparison *comparison;
};

/**
 * struct efimap_plot_options - how to draw
 * @width:   width of the terminal in columns, 0 for 80
 * @rows:    maximum number of address ranges into which each axis is cut, 0 for the default of the
 *           output format; regions in the same range are grouped
 * @unicode: use block characters instead of ASCII
 * @notes:   list notes too
 * @date:    for a page, its date in ISO 8601, or NULL
 *
 * SVG uses only @rows. HTML uses only @rows and @date.
 */
struct efimap_plot_options {
	unsigned int width;
	unsigned int rows;
	bool color;
	bool unicode;
	bool notes;
	const char *date;
};

#endif
