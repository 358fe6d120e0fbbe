/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: pictures
 *
 * A runtime map beside the firmware's memory map, /proc/iomem and the virtual addresses:
 * lanes over one axis on which a region takes room by the logarithm of its size and empty
 * stretches are folded. Nothing here fails on an odd map: what cannot be drawn is counted
 * and said.
 */
#ifndef SHOW_PICTURE_PICTURE_H
#define SHOW_PICTURE_PICTURE_H

#include <stdbool.h>

#include "capture/capture.h"
#include "compare/comparison.h"
#include "base/output_buffer.h"
#include "rules/received.h"
#include "rules/report.h"

/** EFIMAP_PLOT_MIN_ROWS, EFIMAP_PLOT_MAX_ROWS - bounds of &efimap_plot_options.rows */
#define EFIMAP_PLOT_MIN_ROWS 8
#define EFIMAP_PLOT_MAX_ROWS 1000

/**
 * struct efimap_plot_input - what to draw
 * @map:        the capture; of two, the kernel that handed over
 * @report:     what verify says of it; of two, unused
 * @received:    what received says of it, for a page; NULL where nobody asked
 * @second:     the kernel that received, or NULL
 * @comparison: of the two, judged; NULL exactly when @second is
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
 * @width:   columns of the terminal, 0 for 80
 * @rows:    stretches of address space that are told apart at most, 0 for what suits
 *           the medium; regions that do not fit are grouped
 * @unicode: use block characters instead of ASCII
 * @notes:   list notes too
 * @date:    of a page: when it was made, as ISO 8601 has it; NULL for not said
 *
 * Only @rows and @notes matter to SVG and HTML.
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
