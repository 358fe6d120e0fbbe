/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cuts an axis at the edges of regions, leaves out the least of them where there are too
 * many, and gives each band its place. Knows addresses only: no entry, no label.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/sort.h"
#include "model/entry.h"
#include "plot/axis.h"

/* So many wide empty stretches keep their edges whatever the rank of what lies there. */
#define KEPT_FOLDS ((size_t)12)
#define WIDE (UINT64_C(16) << 20)
/* Above all ranks: such edges, and both ends of the axis. */
#define RANK_KEPT (PLOT_RANK_MAX + 1)

/* struct edge - an address at which the set of regions changes */
struct edge {
	uint64_t address;
	unsigned int rank;
	bool covered;
};

/* struct edges - all of them; @last is the axis's last byte */
struct edges {
	struct edge *list;
	size_t count;
	uint64_t last;
};

static bool is_end(const struct efimap_key *key)
{
	return key->index & 1;
}

/* Both ends of each region; one that ends with the address space has no second. */
static size_t fill_keys(const struct plot_extent *extents, size_t count,
			struct efimap_key *keys, uint64_t *ret_last)
{
	uint64_t last = 0;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct efimap_span span = extents[i].span;

		keys[n++] = (struct efimap_key){ span.first, (uint32_t)(2 * i) };
		if (span.last != UINT64_MAX)
			keys[n++] = (struct efimap_key){ span.last + 1,
							 (uint32_t)(2 * i + 1) };
		if (span.last > last)
			last = span.last;
	}
	*ret_last = last;
	return n;
}

static void sweep(const struct plot_extent *extents, const struct efimap_key *keys,
		  size_t n_keys, struct edges *edges)
{
	size_t open = 0;

	for (size_t i = 0; i < n_keys; i++) {
		const unsigned int rank = extents[keys[i].index / 2].rank;
		struct edge *edge = &edges->list[edges->count];

		if (edges->count && edge[-1].address == keys[i].key)
			edge--;
		else
			*edge = (struct edge){ .address = keys[i].key };
		if (rank > edge->rank)
			edge->rank = rank;
		open = is_end(&keys[i]) ? open - 1 : open + 1;
		edge->covered = open > 0;
		edges->count = (size_t)(edge - edges->list) + 1;
	}
	/* What follows the last byte is no band. */
	if (edges->count && edges->list[edges->count - 1].address > edges->last)
		edges->count--;
}

/* The last byte before the next edge. */
static uint64_t last_of(const struct edges *edges, size_t i)
{
	return i + 1 < edges->count ? edges->list[i + 1].address - 1 : edges->last;
}

static void keep_folds(struct edges *edges)
{
	size_t widest[KEPT_FOLDS], n = 0;

	for (size_t i = 0; i < edges->count; i++) {
		const uint64_t size = last_of(edges, i) - edges->list[i].address;
		size_t at = n;

		if (edges->list[i].covered || size < WIDE)
			continue;
		while (at > 0 && size > last_of(edges, widest[at - 1]) -
						 edges->list[widest[at - 1]].address)
			at--;
		if (at == KEPT_FOLDS)
			continue;
		n += n < KEPT_FOLDS;
		for (size_t k = n - 1; k > at; k--)
			widest[k] = widest[k - 1];
		widest[at] = i;
	}
	for (size_t i = 0; i < n; i++) {
		edges->list[widest[i]].rank = RANK_KEPT;
		/* A fold is never the last band. */
		edges->list[widest[i] + 1].rank = RANK_KEPT;
	}
}

/* Of the @there edges of a rank keep @quota, the first of them and then every so many-th. */
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
	/* The axis begins where its first region does. */
	edges->list[0].rank = RANK_KEPT;
	if (max > 4 * KEPT_FOLDS)
		keep_folds(edges);
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
		bands[n - 1].fold &= !edges->list[i].covered;
	}
	*ret_count = n;
	return bands;
}

int plot_axis_make(const struct plot_extent *extents, size_t count, size_t max_bands,
		   struct plot_axis *ret_axis)
{
	efimap_auto_free struct efimap_key *keys = NULL;
	efimap_auto_free struct edge *list = NULL;
	struct edges edges = { 0 };
	struct plot_axis axis = { 0 };
	size_t n_keys;

	if (count > INT32_MAX)
		return -EOVERFLOW;
	keys = efimap_array_new(2 * count, sizeof(*keys));
	list = efimap_array_new(2 * count, sizeof(*list));
	if (!keys || !list)
		return -ENOMEM;
	edges.list = list;
	n_keys = fill_keys(extents, count, keys, &edges.last);
	efimap_sort_keys(keys, n_keys);
	sweep(extents, keys, n_keys, &edges);
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
	*axis = (struct plot_axis){ 0 };
}

/* How often a page fits into it, as a power of two. */
static uint32_t magnitude(struct efimap_span span)
{
	const uint64_t pages = (span.last - span.first) / EFIMAP_PAGE_SIZE;

	return pages ? 64 - (uint32_t)__builtin_clzll(pages) : 0;
}

static void place(struct plot_axis *axis)
{
	uint32_t at = 0;

	for (size_t i = 0; i < axis->n_bands; i++) {
		axis->bands[i].at = at;
		at += axis->bands[i].height;
	}
	axis->height = at;
}

void plot_axis_lay(struct plot_axis *axis, const struct plot_scale *scale)
{
	for (size_t i = 0; i < axis->n_bands; i++) {
		struct plot_band *band = &axis->bands[i];

		band->height = band->fold ? scale->fold
					  : scale->band + magnitude(band->span) *
								  scale->grow / 16;
	}
	place(axis);
}

void plot_axis_stretch(struct plot_axis *axis, uint32_t height, uint32_t max_fold)
{
	const uint32_t missing = height > axis->height ? height - axis->height : 0;
	uint32_t folds = 0, share;

	for (size_t i = 0; i < axis->n_bands; i++)
		folds += axis->bands[i].fold;
	if (!folds)
		return;
	share = missing / folds;
	for (size_t i = 0; i < axis->n_bands; i++) {
		struct plot_band *band = &axis->bands[i];

		if (band->fold && band->height < max_fold)
			band->height = share < max_fold - band->height
					       ? band->height + share
					       : max_fold;
	}
	place(axis);
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

uint32_t plot_axis_position(const struct plot_axis *axis, uint64_t address)
{
	const struct plot_band *band = &axis->bands[plot_axis_band(axis, address)];
	uint64_t size = band->span.last - band->span.first, offset;

	if (address <= band->span.first)
		return band->at;
	if (address > band->span.last)
		return band->at + band->height;
	offset = address - band->span.first;
	while (size > UINT32_MAX) {
		size /= 2;
		offset /= 2;
	}
	/* size is not 0: address lies above the first byte of the band and within it. */
	return band->at + (uint32_t)((uint64_t)band->height * offset / (size + 1));
}
