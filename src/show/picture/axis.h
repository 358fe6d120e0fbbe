/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PICTURE_AXIS_H
#define SHOW_PICTURE_AXIS_H

#include "show/picture/plot.h"

/**
 * plot_axis_make() - cut the axis @number at the edges of its regions
 * @lanes:     @count lanes; lanes of the other axis are ignored
 * @max_bands: maximum number of bands, at least 1
 * @ret_axis:  the caller frees it with plot_axis_free()
 *
 * If there are more than @max_bands edges, the edges of the highest ranks are kept. Unless
 * @max_bands is small, the edges of the widest gaps are also kept. If only some edges of a rank can
 * be kept, they are spread evenly.
 *
 * Return: 0 or -ENOMEM.
 */
int plot_axis_make(const struct plot_lane *lanes, size_t count, unsigned int number,
		   size_t max_bands, struct plot_axis *ret_axis);
void plot_axis_free(struct plot_axis *axis);

/** plot_axis_lay() - set the height and the position of each band */
void plot_axis_lay(struct plot_axis *axis, const struct plot_scale *scale);
/**
 * plot_axis_stretch() - stretch the folds of an axis until the axis is about @height high
 *
 * No fold becomes higher than @scale->most, so the axis may remain lower than @height.
 */
void plot_axis_stretch(struct plot_axis *axis, const struct plot_scale *scale,
		       unsigned int height);
/**
 * plot_axis_band() - return the index of the band that contains an address, or of the nearest band
 * @axis: must not be empty
 */
size_t plot_axis_band(const struct plot_axis *axis, uint64_t address);

#endif
