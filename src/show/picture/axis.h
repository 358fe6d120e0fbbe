/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The axis of a picture: addresses, cut into bands at every edge of a region. The height of a
 * band grows with the logarithm of its size. Bands without regions are folded.
 */
#ifndef SHOW_PICTURE_AXIS_H
#define SHOW_PICTURE_AXIS_H

#include "show/picture/plot.h"

/**
 * plot_axis_make() - Cut an axis at the edges of its regions
 * @lanes:     @count lanes; those of an axis other than @number are ignored
 * @max_bands: the largest number of bands, at least 1. If there are more, edges of high rank and
 *             of the widest gaps are kept. The first rank that does not fit is thinned out at
 *             equal intervals.
 */
int plot_axis_make(const struct plot_lane *lanes, size_t count, unsigned int number,
		   size_t max_bands, struct plot_axis *ret_axis);
void plot_axis_free(struct plot_axis *axis);

/** plot_axis_lay() - Assign positions to the bands */
void plot_axis_lay(struct plot_axis *axis, const struct plot_scale *scale);
/** plot_axis_stretch() - Stretch the folds of an axis to make it @height high */
void plot_axis_stretch(struct plot_axis *axis, const struct plot_scale *scale,
		       unsigned int height);
/** plot_axis_band() - Return the band of an address, or the nearest one; @axis is not empty */
size_t plot_axis_band(const struct plot_axis *axis, uint64_t address);

#endif
