/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/picture/axis.h"
#include "test.h"
#include "sample_capture.h"
#include "show/picture/lanes.h"

static const struct plot_medium medium = {
	.max_bands = 100, .tables = true, .scale = { .band = 1, .line = 1, .fold = 1 },
};

static const char *worst(const struct plot_mark *mark)
{
	struct mark_rule found;

	return mark_find_rule(mark, 0, &found) ? found.rule->name : "";
}


static const struct plot_mark silent;

struct made {
	struct plot_axis axis;
	struct plot_lane lane;
};

static void make(struct made *made, const struct efimap_span *spans, size_t count,
		 size_t max_bands)
{
	*made = (struct made){ .lane = { .kind = PLOT_LANE_IOMEM } };
	made->lane.items = calloc(count + 1, sizeof(*made->lane.items));
	assert_non_null(made->lane.items);
	for (size_t i = 0; i < count; i++) {
		made->lane.items[i] = (struct plot_item){ .span = spans[i],
							  .mark = &silent,
							  .source = i,
							  .rank = 1,
							  .tone = (enum plot_tone)(i / 2) };
	}
	made->lane.n_items = count;
	assert_int_equal(plot_axis_make(&made->lane, 1, PLOT_PHYS, max_bands, &made->axis), 0);
	plot_lane_settle(&made->lane);
	assert_int_equal(plot_lane_fill(&made->axis, &made->lane), 0);
}

static void free_made(struct made *made)
{
	plot_axis_free(&made->axis);
	free(made->lane.items);
	free(made->lane.cells);
}

TEST(each_region_has_its_box)
{
	static const struct efimap_span spans[] = {
		{ 0x5000, 0x5fff }, { 0x1000, 0x2fff }, { 0x3000, 0x3fff },
	};
	struct made made;

	make(&made, spans, ARRAY_SIZE(spans), 100);
	assert_int_equal(made.lane.n_cells, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct plot_cell *cell = &made.lane.cells[i];

		assert_int_equal(cell->count, 1);
		assert_ptr_equal(plot_cell_at(&made.lane, 0, cell->band), cell);
	}
	/* The range 0x4000 to 0x4fff is folded and has no cell. */
	assert_null(plot_cell_at(&made.lane, 0, 2));
	assert_null(plot_cell_at(&made.lane, 1, 0));
	free_made(&made);
}

TEST(overlapping_regions_are_side_by_side)
{
	static const struct efimap_span spans[] = {
		{ 0x1000, 0x4fff }, { 0x2000, 0x2fff }, { 0x4000, 0x6fff },
		{ 0x2000, 0x2fff },
	};
	struct made made;

	make(&made, spans, ARRAY_SIZE(spans), 100);
	/* There are two tracks, so the second and fourth spans share a cell of track 1. */
	assert_int_equal(made.lane.n_cells, 3);
	assert_int_equal(made.lane.cells[0].track, 0);
	assert_int_equal(made.lane.cells[1].track, 1);
	assert_int_equal(made.lane.cells[1].count, 2);
	assert_int_equal(made.lane.cells[1].tone, PLOT_TONE_MIXED);
	assert_int_equal(made.lane.cells[2].track, 1);
	assert_int_equal(made.lane.cells[2].count, 1);
	free_made(&made);
}

/* Every item is in exactly one cell, and no two cells of a track share a band. */
TEST(nothing_is_lost_in_groups)
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

			assert_ptr_equal(cell->items, &made.lane.items[seen]);
			assert_true(cell->band <= cell->last_band);
			assert_true(cell->last_band < made.axis.n_bands);
			if (i && cell->track == cell[-1].track)
				assert_true(cell->band > cell[-1].last_band);
			seen += cell->count;
		}
		assert_int_equal(seen, ARRAY_SIZE(spans));
		assert_true(made.lane.n_cells >= 1 &&
			    made.lane.n_cells <= 2 * made.axis.n_bands);
		free_made(&made);
	}
}


static struct plot open_plot(const struct efimap *map, const struct efimap_report *report,
			     struct efimap_plot_input *input)
{
	struct plot plot;

	*input = (struct efimap_plot_input){ .map = map, .report = report };
	assert_int_equal(plot_open(input, &medium, &plot), 0);
	return plot;
}

static const struct plot_cell *cell_of(const struct plot_lane *lane, size_t position)
{
	for (size_t c = 0; c < lane->n_cells; c++)
		for (size_t i = 0; i < lane->cells[c].count; i++)
			if (lane->cells[c].items[i].source == position)
				return &lane->cells[c];
	return NULL;
}

TEST(what_cannot_be_drawn_is_counted)
{
	static const struct efimap_entry entries[] = {
		{ 0, 6, 0x1000, 0xfffffffe00001000, 0, 0xf },
		{ 1, 6, 0xfffffffffffff000, 0x1000, 2, 0xf },
		{ 2, 6, 0x1000, 0xfffffffffffff000, 1, 0xf },
	};
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_plot_input input;

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
	add_memmap(map, 0, 0x2000, 0x1000, "System RAM");
	efimap_seal(map);

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);

	assert_int_equal(plot_find_lane(&plot, PLOT_LANE_RUNTIME, 0)->n_left_out, 2);
	assert_int_equal(plot_find_lane(&plot, PLOT_LANE_RUNTIME, 0)->n_cells, 1);
	assert_int_equal(plot_find_lane(&plot, PLOT_LANE_VIRT, 0)->n_left_out, 1);
	assert_int_equal(plot_find_lane(&plot, PLOT_LANE_MEMMAP, 0)->n_left_out, 1);
	/* Only entry 2 is on both axes. */
	assert_int_equal(plot.n_links, 1);
}

TEST(ranges_are_marked_by_evidence)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report;
	const struct efimap_evidence facts[] = {
		{ "memmap/2/start", "x" }, { "memmap/99/start", "x" }, { "memmap/", "x" },
	};
	struct efimap_plot_input input;
	struct efimap_finding *finding;

	assert_int_equal(efimap_report_new(&report), 0);
	finding = sample_finding(report, EFIMAP_RULE_MEMMAP_OVERLAP, EFIMAP_WARNING,
				 EFIMAP_OUTCOME_NONE, NULL, 0, "two overlap");
	finding->evidence = facts;
	finding->n_evidence = ARRAY_SIZE(facts);
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);
	const struct plot_lane *lane = plot_find_lane(&plot, PLOT_LANE_MEMMAP, 0);

	for (size_t i = 0; i < lane->n_cells; i++)
		assert_int_equal(*worst(&lane->cells[i].mark) != 0,
				 lane->cells[i].items[0].source == 2);
}

TEST(two_kernels_are_matched)
{
	struct efimap *first efimap_auto_map = sample_map();
	struct efimap *second efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report;
	static const uint32_t lost[] = { 3 }, extra[] = { 0 };
	struct efimap_match matches[] = {
		{ 1, 1, EFIMAP_MARK_SAME },
		{ 2, 2, EFIMAP_MARK_DRIFT },
		{ 3, EFIMAP_NO_ENTRY, EFIMAP_MARK_LOST },
		{ EFIMAP_NO_ENTRY, 0, EFIMAP_MARK_EXTRA },
	};
	struct efimap_comparison comparison = { .matches = matches,
						.n_matches = ARRAY_SIZE(matches) };
	struct plot plot efimap_cleanup(plot_close) = { 0 };
	const struct efimap_plot_input input = { .map = first,
						 .second = second,
						 .comparison = &comparison };

	assert_int_equal(efimap_report_new(&report), 0);
	sample_finding(report, EFIMAP_RULE_DRIFT_LOST, EFIMAP_ERROR, EFIMAP_OUTCOME_NO_RUNTIME,
		       lost, 1, "lost");
	sample_finding(report, EFIMAP_RULE_DRIFT_EXTRA, EFIMAP_ERROR, EFIMAP_OUTCOME_NONE,
		       extra, 1, "extra");
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	comparison.report = report;
	assert_int_equal(plot_open(&input, &medium, &plot), 0);

	const struct plot_lane *one = plot_find_lane(&plot, PLOT_LANE_RUNTIME, 0);
	const struct plot_lane *two = plot_find_lane(&plot, PLOT_LANE_RUNTIME, 1);

	assert_int_equal(plot.n_links, 2);
	assert_int_equal(plot.links[0].change + plot.links[1].change, EFIMAP_MARK_DRIFT);
	assert_int_equal(cell_of(one, 3)->change, EFIMAP_MARK_LOST);
	assert_int_equal(cell_of(two, 0)->change, EFIMAP_MARK_EXTRA);
	/* drift-extra refers to entry 0 of SECOND, and drift-lost to entry 3 of FIRST. */
	assert_string_equal(worst(&cell_of(one, 3)->mark), "drift-lost");
	assert_string_equal(worst(&cell_of(one, 0)->mark), "");
	assert_string_equal(worst(&cell_of(two, 0)->mark), "drift-extra");
	assert_string_equal(worst(&cell_of(two, 3)->mark), "");
}

TEST(a_band_names_the_rules_of_all_lanes)
{
	static const struct {
		enum efimap_rule_id rule;
		enum efimap_severity severity;
	} wanted[] = {
		{ EFIMAP_RULE_MEMMAP_OVERLAP, EFIMAP_ERROR },
		{ EFIMAP_RULE_TABLE_IN_RAM, EFIMAP_WARNING },
		{ EFIMAP_RULE_ATTR_WX, EFIMAP_NOTE },
	};
	static const uint32_t entries[] = { 0 };
	const struct efimap_evidence table = { "kernel log", "ESRT=0x10018" };
	const struct efimap_evidence range = { "memmap/0/start", "x" };
	const struct efimap_entry entry = { 0, 5, 0x10000, 0xffffffff00010000, 1, 15 };
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report;
	struct efimap_plot_input input;
	struct efimap_finding *finding;
	struct mark_rule found;

	add_memmap(map, 0, 0x10000, 0x1ffff, "System RAM");
	assert_int_equal(efimap_add_table(map, "ESRT", 4, 0x10018), 0);
	assert_int_equal(efimap_add_entry(map, &entry), 0);
	efimap_seal(map);
	assert_int_equal(efimap_report_new(&report), 0);
	sample_finding(report, EFIMAP_RULE_ATTR_WX, EFIMAP_NOTE, EFIMAP_OUTCOME_NONE, entries, 1,
		       "writable");
	/* A rule is listed once, with the worst severity of its findings. */
	sample_finding(report, EFIMAP_RULE_TABLE_IN_RAM, EFIMAP_NOTE, EFIMAP_OUTCOME_NONE,
		       entries, 1, "in RAM");
	finding = sample_finding(report, EFIMAP_RULE_TABLE_IN_RAM, EFIMAP_WARNING,
				 EFIMAP_OUTCOME_MEMORY_AT_RISK, NULL, 0, "in RAM");
	finding->evidence = &table;
	finding->n_evidence = 1;
	finding = sample_finding(report, EFIMAP_RULE_MEMMAP_OVERLAP, EFIMAP_ERROR,
				 EFIMAP_OUTCOME_MEMORY_AT_RISK, NULL, 0, "two overlap");
	finding->evidence = &range;
	finding->n_evidence = 1;
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);
	const struct plot_mark mark = plot_band_mark(&plot, 0);

	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		assert_true(mark_find_rule(&mark, i, &found));
		assert_int_equal(found.rule->id, wanted[i].rule);
		assert_int_equal(found.severity, wanted[i].severity);
	}
	assert_false(mark_find_rule(&mark, ARRAY_SIZE(wanted), &found));
	assert_true(plot_mark_is_bad(&mark));
	/* The band has a line for each of its rules. */
	assert_int_equal(plot.axes[PLOT_PHYS].bands[0].height, 3);
	assert_int_equal(plot.axes[PLOT_PHYS].bands[1].height, 1);
}

TEST(slots_take_their_share)
{
	static const struct plot_plan plan[] = {
		{ PLOT_SLOT_LANE, PLOT_LANE_RUNTIME, 0, 10, 0, 1 },
		{ PLOT_SLOT_LANE, PLOT_LANE_TABLES, 0, 10, 0, 1 },
		{ PLOT_SLOT_RULES, PLOT_LANE_RUNTIME, 0, 10, 0, 0 },
		{ PLOT_SLOT_LANE, PLOT_LANE_MEMMAP, 0, 10, 15, 1 },
		{ 0 },
	};
	/*
	 * @first is the width of the first lane. @at and @last are the position and width of the
	 * last lane, and @all is the total width. If @room is too small, both lanes have the
	 * minimum width.
	 */
	static const struct {
		unsigned int room, first, at, last, all;
	} rows[] = {
		{ 0, 10, 23, 10, 33 },
		{ 33, 10, 23, 10, 33 },
		{ 41, 14, 27, 14, 41 },
		{ 53, 20, 33, 15, 48 },
	};
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_plot_input input;

	map->n_tables = 0;

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct plot_slots slots =
			plot_share_out(&plot, plan, NULL, rows[i].room, 1);
		const struct plot_slot *last = &slots.list[slots.count - 1];

		assert_int_equal(slots.count, 3);
		assert_int_equal(slots.list[0].at, 1);
		assert_int_equal(slots.list[0].width, rows[i].first);
		assert_int_equal(last->at, rows[i].at);
		assert_int_equal(last->width, rows[i].last);
		assert_int_equal(slots.width, rows[i].all);
	}
}
