/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The axis of a picture: addresses cut into bands at every edge of a region. What a band
 * takes grows with the logarithm of its size; where nothing lies it is folded.
 */
#ifndef PLOT_AXIS_H
#define PLOT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/** PLOT_RANK_MAX - highest rank of an extent */
#define PLOT_RANK_MAX 6

/**
 * struct plot_extent - a region that the axis has to show
 * @rank: how much its two edges matter, 1 to PLOT_RANK_MAX, where not all can be kept
 */
struct plot_extent {
	struct efimap_span span;
	unsigned int rank;
};

/**
 * struct plot_band - a stretch of addresses in which nothing begins or ends
 * @fold:   no region lies there
 * @lines:  of words that stand beside it; the caller sets it before the axis is laid
 * @at:     where it begins in the picture, in the unit of &struct plot_scale
 * @height: what it takes there, never 0 once the axis is laid
 */
struct plot_band {
	struct efimap_span span;
	bool fold;
	unsigned int lines;
	unsigned int at;
	unsigned int height;
};

/**
 * struct plot_axis - the whole axis
 * @bands:   ascending, each beginning where the one before it has ended
 * @n_bands: how many; 0 when there is no extent
 * @n_lost:  edges that had no room: several regions share a band there
 * @height:  of all bands together, once laid
 */
struct plot_axis {
	struct plot_band *bands;
	size_t n_bands;
	size_t n_lost;
	unsigned int height;
};

/**
 * plot_axis_make() - cut an axis
 * @extents:   @count regions, in any order; they may overlap
 * @max_bands: bands at most, at least 1. Where that is not enough, edges of high rank are
 *             kept, as are those of the widest empty stretches; of the rank that is too
 *             many, every so many-th
 * @ret_axis:  free with plot_axis_free(); untouched on failure
 *
 * Return: 0 or -ENOMEM.
 */
int plot_axis_make(const struct plot_extent *extents, size_t count, size_t max_bands,
		   struct plot_axis *ret_axis);
void plot_axis_free(struct plot_axis *axis);

/**
 * struct plot_scale - what bands take
 * @band: the least
 * @grow: sixteenths of a unit for each time that a band is twice as large as a page
 * @line: each line of words but the first, for which a band has room anyway
 * @fold: a fold
 * @most: no fold is stretched further than this; 0 where none is
 */
struct plot_scale {
	unsigned int band;
	unsigned int grow;
	unsigned int line;
	unsigned int fold;
	unsigned int most;
};

/** plot_axis_lay() - give each band its place */
void plot_axis_lay(struct plot_axis *axis, const struct plot_scale *scale);
/** plot_axis_stretch() - share out among the folds what a laid axis lacks of @height */
void plot_axis_stretch(struct plot_axis *axis, const struct plot_scale *scale,
		       unsigned int height);
/** plot_axis_band() - the band of an address, or the nearest one; @axis is not empty */
size_t plot_axis_band(const struct plot_axis *axis, uint64_t address);

#endif
