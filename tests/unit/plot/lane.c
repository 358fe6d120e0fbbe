/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From items to boxes: what lies beside what, and what shares a box. */
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "plot/draw.h"

/* struct made - a lane of plain spans over an axis of bands of a page each */
struct made {
	struct plot_side side;
	struct plot_axis axis;
	struct plot_lane lane;
};

static void make(struct made *made, const struct efimap_span *spans, size_t count,
		 size_t max_bands)
{
	struct plot_extent extents[64];

	*made = (struct made){ .lane = { .kind = PLOT_LANE_IOMEM } };
	made->lane.items = calloc(count + 1, sizeof(*made->lane.items));
	assert_non_null(made->lane.items);
	for (size_t i = 0; i < count; i++) {
		made->lane.items[i] = (struct plot_item){ .span = spans[i],
							  .source = (uint32_t)i,
							  .rank = 1,
							  .tone = (uint8_t)(i / 2) };
		extents[i] = (struct plot_extent){ spans[i], 1 };
	}
	made->lane.n_items = count;
	assert_int_equal(plot_axis_make(extents, count, max_bands, &made->axis), 0);
	assert_int_equal(plot_lane_settle(&made->lane), 0);
	assert_int_equal(plot_lane_fill(&made->side, &made->axis, &made->lane), 0);
}

static void unmake(struct made *made)
{
	plot_axis_free(&made->axis);
	free(made->lane.items);
	free(made->lane.cells);
}

static void each_region_has_its_box(void **state)
{
	static const struct efimap_span spans[] = {
		{ 0x5000, 0x5fff }, { 0x1000, 0x2fff }, { 0x3000, 0x3fff },
	};
	struct made made;

	make(&made, spans, ARRAY_SIZE(spans), 100);
	assert_int_equal(made.lane.n_cells, 3);
	assert_int_equal(made.lane.n_tracks, 1);
	for (size_t i = 0; i < 3; i++) {
		const struct plot_cell *cell = &made.lane.cells[i];

		assert_int_equal(cell->count, 1);
		assert_ptr_equal(plot_cell_at(&made.lane, 0, cell->band), cell);
	}
	/* 0x4000 to 0x4fff is a fold: nothing lies there. */
	assert_null(plot_cell_at(&made.lane, 0, 2));
	assert_null(plot_cell_at(&made.lane, 1, 0));
	unmake(&made);
}

static void what_overlaps_lies_beside(void **state)
{
	static const struct efimap_span spans[] = {
		{ 0x1000, 0x4fff }, { 0x2000, 0x2fff }, { 0x4000, 0x6fff },
		{ 0x2000, 0x2fff },
	};
	struct made made;

	make(&made, spans, ARRAY_SIZE(spans), 100);
	assert_int_equal(made.lane.n_tracks, 2);
	/* The first; beside it the second with the fourth, for which there is no third
	 * track, and the third. */
	assert_int_equal(made.lane.n_cells, 3);
	assert_int_equal(made.lane.cells[0].track, 0);
	assert_int_equal(made.lane.cells[1].track, 1);
	assert_int_equal(made.lane.cells[1].count, 2);
	assert_int_equal(made.lane.cells[1].tone, PLOT_TONE_MIXED);
	assert_int_equal(made.lane.cells[2].track, 1);
	assert_int_equal(made.lane.cells[2].count, 1);
	unmake(&made);
}

/* However few bands: every item is in exactly one box, and no two boxes share a band. */
static void nothing_is_lost_in_groups(void **state)
{
	struct efimap_span spans[60];

	for (size_t i = 0; i < ARRAY_SIZE(spans); i++)
		spans[i] = (struct efimap_span){ i * 0x1800, i * 0x1800 + 0x1000 * (i % 3) };
	for (size_t max = 1; max <= 128; max *= 2) {
		struct made made;
		size_t seen = 0;

		make(&made, spans, ARRAY_SIZE(spans), max);
		for (size_t i = 0; i < made.lane.n_cells; i++) {
			const struct plot_cell *cell = &made.lane.cells[i];

			assert_int_equal(cell->first, seen);
			assert_true(cell->band <= cell->last_band);
			assert_true(cell->last_band < made.axis.n_bands);
			if (i && cell->track == cell[-1].track)
				assert_true(cell->band > cell[-1].last_band);
			seen += cell->count;
		}
		assert_int_equal(seen, ARRAY_SIZE(spans));
		assert_in_range(made.lane.n_cells, 1, 2 * made.axis.n_bands);
		unmake(&made);
	}
}

static void an_empty_lane_has_no_box(void **state)
{
	struct made made;

	make(&made, NULL, 0, 10);
	assert_int_equal(made.lane.n_cells, 0);
	assert_null(plot_cell_at(&made.lane, 0, 0));
	unmake(&made);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_region_has_its_box),
		cmocka_unit_test(what_overlaps_lies_beside),
		cmocka_unit_test(nothing_is_lost_in_groups),
		cmocka_unit_test(an_empty_lane_has_no_box),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
