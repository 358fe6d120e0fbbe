/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The axis of a picture: addresses cut into bands at every edge of a region. What a band
 * takes grows with the logarithm of its size; where nothing lies it is folded.
 */
#ifndef SHOW_PICTURE_AXIS_H
#define SHOW_PICTURE_AXIS_H

#include "show/picture/plot.h"

/**
 * plot_axis_make() - cut an axis at the edges of what lies on it
 * @lanes:     @count of them; those of another axis than @number do not count
 * @max_bands: bands at most, at least 1. Where that is not enough, edges of high rank are
 *             kept, as are those of the widest empty stretches; of the rank that is too
 *             many, every so many-th
 */
int plot_axis_make(const struct plot_lane *lanes, size_t count, unsigned int number,
		   size_t max_bands, struct plot_axis *ret_axis);
void plot_axis_free(struct plot_axis *axis);

/** plot_axis_lay() - give each band its place */
void plot_axis_lay(struct plot_axis *axis, const struct plot_scale *scale);
/** plot_axis_stretch() - share out among the folds what a laid axis lacks of @height */
void plot_axis_stretch(struct plot_axis *axis, const struct plot_scale *scale,
		       unsigned int height);
/** plot_axis_band() - the band of an address, or the nearest one; @axis is not empty */
size_t plot_axis_band(const struct plot_axis *axis, uint64_t address);

#endif
