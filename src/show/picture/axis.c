/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cut an axis into bands at the edges of regions, drop the least important edges if there are too
 * many, and assign positions to the bands.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/sort.h"
#include "capture/entry.h"
#include "show/picture/axis.h"

/* Keep the edges of the widest gaps: up to KEPT_GAPS gaps that are wider than WIDE bytes. */
#define KEPT_GAPS ((size_t)12)
#define WIDE (UINT64_C(16) << 20)
/* Rank of the first edge and of the edges of wide gaps, above all values of enum plot_rank. */
#define RANK_KEPT (PLOT_RANK_MARKED + 1)

/*
 * struct edge - an address at which regions begin or end
 * @address: must be the first member, because efimap_order_at() compares it
 * @rank:    the highest rank of these regions; 0 if the edge is dropped
 * @open:    number of regions that begin minus number of regions that end; after merging, the
 *           number of regions that cover the byte at @address
 */
struct edge {
	uint64_t address;
	unsigned int rank;
	int64_t open;
};

/* struct edges - the edges of an axis; @last is the address of its last byte */
struct edges {
	struct edge *list;
	size_t count;
	uint64_t last;
};

/* A region that ends at the end of the address space has only one edge. */
static void fill_edges(const struct plot_lane *lane, struct edges *edges)
{
	for (size_t i = 0; i < lane->n_items; i++) {
		const struct plot_item *item = &lane->items[i];

		edges->list[edges->count++] =
			(struct edge){ item->span.first, item->rank, 1 };
		if (item->span.last != UINT64_MAX)
			edges->list[edges->count++] =
				(struct edge){ item->span.last + 1, item->rank, -1 };
		if (item->span.last > edges->last)
			edges->last = item->span.last;
	}
}

static void merge_edges(struct edges *edges)
{
	struct edge *list = edges->list;
	size_t n = 0;

	efimap_sort(list, edges->count, sizeof(*list), efimap_order_at);
	for (size_t i = 0; i < edges->count; i++) {
		const struct edge edge = list[i];

		if (n && list[n - 1].address == edge.address) {
			list[n - 1].open += edge.open;
			if (list[n - 1].rank < edge.rank)
				list[n - 1].rank = edge.rank;
			continue;
		}
		list[n] = edge;
		if (n)
			list[n].open += list[n - 1].open;
		n++;
	}
	/* An edge after the last byte of the axis starts no band. */
	if (n && list[n - 1].address > edges->last)
		n--;
	edges->count = n;
}

/* Return the last byte before the next edge, or the last byte of the axis. */
static uint64_t last_of(const struct edges *edges, size_t i)
{
	return i + 1 < edges->count ? edges->list[i + 1].address - 1 : edges->last;
}

static uint64_t width_of(const struct edges *edges, size_t i)
{
	return last_of(edges, i) - edges->list[i].address;
}

static void keep_widest_gaps(struct edges *edges)
{
	size_t widest[KEPT_GAPS], n = 0;

	for (size_t i = 0; i < edges->count; i++) {
		size_t at = n;

		if (edges->list[i].open || width_of(edges, i) < WIDE)
			continue;
		while (at > 0 && width_of(edges, i) > width_of(edges, widest[at - 1]))
			at--;
		if (at == KEPT_GAPS)
			continue;
		n += n < KEPT_GAPS;
		for (size_t k = n - 1; k > at; k--)
			widest[k] = widest[k - 1];
		widest[at] = i;
	}
	for (size_t i = 0; i < n; i++) {
		edges->list[widest[i]].rank = RANK_KEPT;
		/* The axis ends with a region, so an edge follows each gap. */
		edges->list[widest[i] + 1].rank = RANK_KEPT;
	}
}

/* Keep @quota evenly spaced edges of the @there edges of a rank. */
static void thin_rank(struct edges *edges, unsigned int rank, size_t there, size_t quota)
{
	size_t seen = 0;

	for (size_t i = 0; i < edges->count; i++) {
		if (edges->list[i].rank != rank)
			continue;
		if (seen * quota % there >= quota)
			edges->list[i].rank = 0;
		seen++;
	}
}

static void thin(struct edges *edges, size_t max)
{
	size_t counts[RANK_KEPT + 1] = { 0 };

	if (edges->count <= max)
		return;
	/* The first edge must not be dropped, because the axis starts with it. */
	edges->list[0].rank = RANK_KEPT;
	if (max > 4 * KEPT_GAPS)
		keep_widest_gaps(edges);
	for (size_t i = 0; i < edges->count; i++)
		counts[edges->list[i].rank]++;
	for (unsigned int rank = RANK_KEPT; rank > 0; rank--) {
		if (counts[rank] > max)
			thin_rank(edges, rank, counts[rank], max);
		max -= counts[rank] > max ? max : counts[rank];
	}
}

static struct plot_band *make_bands(const struct edges *edges, size_t *ret_count)
{
	struct plot_band *bands = efimap_array_new(edges->count, sizeof(*bands));
	size_t n = 0;

	for (size_t i = 0; bands && i < edges->count; i++) {
		if (edges->list[i].rank) {
			bands[n].span.first = edges->list[i].address;
			bands[n++].fold = true;
		}
		bands[n - 1].span.last = last_of(edges, i);
		bands[n - 1].fold &= !edges->list[i].open;
	}
	*ret_count = n;
	return bands;
}

int plot_axis_make(const struct plot_lane *lanes, size_t count, unsigned int number,
		   size_t max_bands, struct plot_axis *ret_axis)
{
	efimap_auto_free struct edge *list = NULL;
	struct edges edges = { .count = 0 };
	struct plot_axis axis = { 0 };
	size_t most = 0;

	for (size_t i = 0; i < count; i++)
		most += lanes[i].n_items;
	edges.list = list = efimap_array_new(most, 2 * sizeof(*list));
	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (lanes[i].axis == number)
			fill_edges(&lanes[i], &edges);
	merge_edges(&edges);
	thin(&edges, max_bands);
	axis.bands = make_bands(&edges, &axis.n_bands);
	if (!axis.bands)
		return -ENOMEM;
	axis.n_lost = edges.count - axis.n_bands;
	*ret_axis = axis;
	return 0;
}

void plot_axis_free(struct plot_axis *axis)
{
	free(axis->bands);
}

/* Return the binary logarithm of the size in pages, rounded up. */
static unsigned int magnitude(struct efimap_span span)
{
	const uint64_t pages = (span.last - span.first) / EFIMAP_PAGE_SIZE;

	return pages ? 64 - (unsigned int)__builtin_clzll(pages) : 0;
}

static void place_bands(struct plot_axis *axis)
{
	axis->height = 0;
	for (size_t i = 0; i < axis->n_bands; i++) {
		axis->bands[i].at = axis->height;
		axis->height += axis->bands[i].height;
	}
}

static unsigned int height_of(const struct plot_band *band, const struct plot_scale *scale)
{
	const unsigned int grown = magnitude(band->span) * scale->grow / 16;
	const unsigned int words = band->lines > 1 ? (band->lines - 1) * scale->line : 0;

	if (band->fold)
		return scale->fold;
	return scale->band + (grown > words ? grown : words);
}

void plot_axis_lay(struct plot_axis *axis, const struct plot_scale *scale)
{
	for (size_t i = 0; i < axis->n_bands; i++)
		axis->bands[i].height = height_of(&axis->bands[i], scale);
	place_bands(axis);
}

void plot_axis_stretch(struct plot_axis *axis, const struct plot_scale *scale,
		       unsigned int height)
{
	unsigned int folds = 0, wanted;

	for (size_t i = 0; i < axis->n_bands; i++)
		folds += axis->bands[i].fold;
	if (!folds || height <= axis->height)
		return;
	wanted = scale->fold + (height - axis->height) / folds;
	if (wanted > scale->most)
		wanted = scale->most;
	for (size_t i = 0; i < axis->n_bands; i++)
		if (axis->bands[i].fold && axis->bands[i].height < wanted)
			axis->bands[i].height = wanted;
	place_bands(axis);
}

size_t plot_axis_band(const struct plot_axis *axis, uint64_t address)
{
	size_t low = 0, high = axis->n_bands;

	while (high - low > 1) {
		const size_t middle = low + (high - low) / 2;

		if (axis->bands[middle].span.first <= address)
			low = middle;
		else
			high = middle;
	}
	return low;
}
