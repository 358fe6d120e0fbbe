/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "random.h"
#include "show/picture/axis.h"
#include "test.h"
#include "show/picture/lanes.h"

#define MANY 100000

static const struct plot_scale scale = { .band = 10, .grow = 16, .fold = 7, .most = 50 };

static struct plot_axis axis_of(struct plot_item *items, size_t count, size_t max)
{
	const struct plot_lane lane = { .items = items, .n_items = count };
	struct plot_axis axis;

	assert_int_equal(plot_axis_make(&lane, 1, PLOT_PHYS, max, &axis), 0);
	return axis;
}

static void check_axis(const struct plot_axis *axis)
{
	unsigned int before = 0;

	for (size_t i = 0; i < axis->n_bands; i++) {
		const struct plot_band *band = &axis->bands[i];

		assert_true(band->span.first <= band->span.last);
		if (i)
			assert_int_equal(band->span.first, band[-1].span.last + 1);
		assert_int_equal(band->at, before);
		assert_true(band->height > 0);
		assert_int_equal(plot_axis_band(axis, band->span.first), i);
		assert_int_equal(plot_axis_band(axis, band->span.last), i);
		before += band->height;
	}
	assert_int_equal(axis->height, before);
}

TEST(bands_end_where_regions_do)
{
	struct plot_item items[] = {
		{ { 0x3000, 0x4fff }, 1 }, { { 0, 0xfff }, 1 }, { { 0x4000, 0x7fff }, 2 },
	};
	static const struct {
		struct efimap_span span;
		bool fold;
	} rows[] = {
		{ { 0, 0xfff }, false },	 { { 0x1000, 0x2fff }, true },
		{ { 0x3000, 0x3fff }, false },	 { { 0x4000, 0x4fff }, false },
		{ { 0x5000, 0x7fff }, false },
	};
	struct plot_axis axis = axis_of(items, ARRAY_SIZE(items), 100);

	plot_axis_lay(&axis, &scale);
	check_axis(&axis);
	assert_int_equal(axis.n_bands, ARRAY_SIZE(rows));
	assert_int_equal(axis.n_lost, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(axis.bands[i].span.first, rows[i].span.first);
		assert_int_equal(axis.bands[i].span.last, rows[i].span.last);
		assert_int_equal(axis.bands[i].fold, rows[i].fold);
	}
	/*
	 * A page has the minimum height, and each doubling of the size adds 1. A fold has a fixed
	 * height.
	 */
	assert_int_equal(axis.bands[0].height, 10);
	assert_int_equal(axis.bands[1].height, 7);
	assert_int_equal(axis.bands[4].height, 12);
	plot_axis_free(&axis);
}

TEST(nothing_is_an_empty_axis)
{
	struct plot_axis axis = axis_of(NULL, 0, 10);

	plot_axis_lay(&axis, &scale);
	plot_axis_stretch(&axis, &scale, 100);
	assert_int_equal(axis.n_bands, 0);
	assert_int_equal(axis.height, 0);
	plot_axis_free(&axis);
}

TEST(the_whole_address_space_fits)
{
	struct plot_item items[] = {
		{ { 0, UINT64_MAX }, 1 },
		{ { UINT64_MAX, UINT64_MAX }, 1 },
		{ { 0, 0 }, 1 },
	};
	struct plot_axis axis = axis_of(items, ARRAY_SIZE(items), 100);

	plot_axis_lay(&axis, &scale);
	check_axis(&axis);
	assert_int_equal(axis.n_bands, 3);
	assert_int_equal(axis.bands[2].span.first, UINT64_MAX);
	assert_int_equal(axis.bands[2].span.last, UINT64_MAX);
	/* The size is slightly less than 2^52 pages. */
	assert_int_equal(axis.bands[1].height, 10 + 52);
	plot_axis_free(&axis);
}

TEST(edges_of_high_rank_stay)
{
	struct plot_item items[40];
	struct plot_axis axis;
	size_t found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		items[i] = (struct plot_item){
			{ i * 0x1000, i * 0x1000 + 0xfff }, i == 23 ? PLOT_RANK_MARKED : 1
		};
	axis = axis_of(items, ARRAY_SIZE(items), 8);
	assert_true(axis.n_bands <= 8);
	assert_int_equal(axis.n_lost, 40 - axis.n_bands);
	for (size_t i = 0; i < axis.n_bands; i++)
		found += axis.bands[i].span.first == items[23].span.first &&
			 axis.bands[i].span.last == items[23].span.last;
	assert_int_equal(found, 1);
	assert_int_equal(axis.bands[axis.n_bands - 1].span.last, 40 * 0x1000 - 1);
	plot_axis_free(&axis);
}

TEST(wide_folds_stay)
{
	const uint64_t far = UINT64_C(1) << 40;
	efimap_auto_free struct plot_item *items = calloc(MANY, sizeof(*items));
	struct plot_axis axis;
	size_t folds = 0;

	assert_non_null(items);
	for (size_t i = 0; i < MANY; i++) {
		const uint64_t at = i * 0x3000 + (i > 70000 ? far : 0);

		items[i] = (struct plot_item){ { at, at + 0xfff }, 1 };
	}
	axis = axis_of(items, MANY, 100);
	plot_axis_lay(&axis, &scale);
	check_axis(&axis);
	assert_true(axis.n_bands <= 100);
	for (size_t i = 0; i < axis.n_bands; i++)
		folds += axis.bands[i].fold && axis.bands[i].span.last -
						       axis.bands[i].span.first > far / 2;
	assert_int_equal(folds, 1);
	plot_axis_free(&axis);
}

TEST(many_regions_give_a_bounded_axis)
{
	efimap_auto_free struct plot_item *items = calloc(MANY, sizeof(*items));
	uint64_t seed = 88172645463325252u;

	assert_non_null(items);
	for (size_t i = 0; i < MANY; i++) {
		const uint64_t random = random_bits(&seed);

		items[i].span.first = random;
		items[i].span.last = random | (random >> 20);
		items[i].rank = 1 + (unsigned int)(random % PLOT_RANK_MARKED);
	}
	for (size_t max = 1; max <= 1000; max *= 10) {
		struct plot_axis axis = axis_of(items, MANY, max);

		plot_axis_lay(&axis, &scale);
		check_axis(&axis);
		assert_true(axis.n_bands >= 1 && axis.n_bands <= max);
		for (size_t i = 0; i < MANY; i += 997) {
			assert_true(axis.bands[0].span.first <= items[i].span.first);
			assert_true(axis.bands[axis.n_bands - 1].span.last >=
				    items[i].span.last);
		}
		plot_axis_free(&axis);
	}
}
