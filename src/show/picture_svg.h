/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PICTURE_SVG_H
#define SHOW_PICTURE_SVG_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/report.h"

/**
 * picture_write_svg() - write the picture of @map as an SVG document
 * @report: verify's report on @map
 */
void picture_write_svg(const struct efimap *map, const struct report *report, struct out *out);

#endif
