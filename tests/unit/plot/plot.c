/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture as plain values: lanes, marks, links, what is inside iomem, what is not known. */
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "plot/draw.h"

static struct plot open_plot(const struct efimap *map, const struct efimap_report *report,
			     struct efimap_plot_input *input)
{
	struct plot plot;

	*input = (struct efimap_plot_input){ .map = map, .report = report };
	assert_int_equal(plot_open(input, 100, &plot), 0);
	return plot;
}

/* The cell that shows the entry at this position of the map. */
static const struct plot_cell *cell_of(const struct plot_lane *lane, size_t position)
{
	for (size_t c = 0; c < lane->n_cells; c++)
		for (size_t i = 0; i < lane->cells[c].count; i++)
			if (lane->items[lane->cells[c].first + i].source == position)
				return &lane->cells[c];
	return NULL;
}

static void a_map_has_lanes_marks_and_links(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_plot_input input;
	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);
	const struct plot_lane *lane = plot_find_lane(&plot, PLOT_LANE_RUNTIME, 0);
	const struct plot_cell *cell = cell_of(lane, 6);

	assert_int_equal(plot.n_lanes, 5);
	assert_int_equal(lane->n_cells, 8);
	assert_int_equal(plot_find_lane(&plot, PLOT_LANE_VIRT, 0)->n_cells, 8);
	assert_int_equal(plot.n_links, 8);
	assert_non_null(cell);
	assert_int_equal(cell->tone, PLOT_TONE_BOOT);
	assert_true(cell->mark.said);
	assert_int_equal(cell->mark.severity, EFIMAP_WARNING);
	assert_string_equal(cell->mark.rule->name, "table-in-ram");
	assert_int_equal(cell->mark.n_rules, 3);
	assert_int_equal(cell_of(lane, 5)->mark.severity, EFIMAP_NOTE);
	assert_false(cell_of(lane, 0)->mark.said);
	assert_string_equal(plot_find_lane(&plot, PLOT_LANE_TABLES, 0)->absent,
			    "not collected");
	assert_null(plot_find_lane(&plot, PLOT_LANE_RUNTIME, 1));
}

/* Of the inner lines: what lies on an entry, and kernels; no other device. */
static void iomem_shows_what_matters(void **state)
{
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	const struct efimap_entry entry = { 0, 6, 0x5000, 0xfffffffe00005000, 1, 0xf };
	struct efimap_plot_input input;

	assert_int_equal(efimap_add_entry(map, &entry), 0);
	sample_iomem(map, 0x0, 0xffff, 0, "System RAM");
	sample_iomem(map, 0x1000, 0x1fff, 1, "Kernel code");
	sample_iomem(map, 0x2000, 0x2fff, 1, "0000:00:1f.2");
	sample_iomem(map, 0x5000, 0x5fff, 1, "pnp 00:05");
	sample_iomem(map, 0x8000, 0x9fff, 1, "Crash kernel");
	assert_int_equal(efimap_seal(map), 0);

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);
	const struct plot_lane *lane = plot_find_lane(&plot, PLOT_LANE_IOMEM, 0);

	assert_int_equal(lane->n_items, 4);
	assert_int_equal(lane->n_tracks, 2);
	assert_int_equal(lane->items[0].track, 0);
	assert_int_equal(lane->items[1].track, 1);
	assert_null(cell_of(lane, 2));
}

static void what_is_hidden_is_said(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_plot_input input;

	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_MASKED;

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);

	assert_string_equal(plot_find_lane(&plot, PLOT_LANE_IOMEM, 0)->absent,
			    "hidden by the kernel");
	assert_null(plot_find_lane(&plot, PLOT_LANE_MEMMAP, 0)->absent);
}

static void what_cannot_be_drawn_is_counted(void **state)
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
	sample_memmap(map, 0, 0x2000, 0x1000, "System RAM");
	assert_int_equal(efimap_seal(map), 0);

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);

	assert_int_equal(plot_find_lane(&plot, PLOT_LANE_RUNTIME, 0)->n_left_out, 2);
	assert_int_equal(plot_find_lane(&plot, PLOT_LANE_RUNTIME, 0)->n_cells, 1);
	assert_int_equal(plot_find_lane(&plot, PLOT_LANE_VIRT, 0)->n_left_out, 1);
	assert_int_equal(plot_find_lane(&plot, PLOT_LANE_MEMMAP, 0)->n_left_out, 1);
	/* Entry 2 alone has both sides. */
	assert_int_equal(plot.n_links, 1);
}

static void where_virt_comes_from_is_kept(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_plot_input input;

	map->entries[0].virt_from = EFIMAP_VIRT_UNKNOWN;
	map->entries[1].virt_from = EFIMAP_VIRT_PREDICTED;

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);
	const struct plot_lane *virt = plot_find_lane(&plot, PLOT_LANE_VIRT, 0);

	assert_int_equal(virt->n_unknown, 1);
	assert_int_equal(virt->n_left_out, 0);
	assert_int_equal(virt->n_predicted, 1);
	assert_null(cell_of(virt, 0));
	assert_true(cell_of(virt, 1)->predicted);
	assert_false(cell_of(virt, 2)->predicted);
	assert_false(cell_of(plot_find_lane(&plot, PLOT_LANE_RUNTIME, 0), 1)->predicted);
}

static void ranges_are_marked_by_evidence(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report;
	struct efimap_plot_input input;
	struct efimap_finding *finding;

	assert_int_equal(efimap_report_new(&report), 0);
	finding = sample_finding(report, EFIMAP_RULE_MEMMAP_OVERLAP, EFIMAP_WARNING,
				 EFIMAP_CONSEQ_NONE, NULL, 0, "two overlap");
	assert_int_equal(efimap_finding_add_evidence(report, finding, "memmap/2/start", "x"),
			 0);
	assert_int_equal(efimap_finding_add_evidence(report, finding, "memmap/99/start",
						     "x"), 0);
	assert_int_equal(efimap_finding_add_evidence(report, finding, "memmap/", "x"), 0);
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);
	const struct plot_lane *lane = plot_find_lane(&plot, PLOT_LANE_MEMMAP, 0);

	for (size_t i = 0; i < lane->n_cells; i++)
		assert_int_equal(lane->cells[i].mark.said,
				 lane->items[lane->cells[i].first].source == 2);
}

/* A finding on no entry marks the table that the log names, and then no range. */
static void tables_are_marked_and_share_places(void **state)
{
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report;
	struct efimap_plot_input input;
	struct efimap_finding *finding;

	sample_memmap(map, 0, 0x0, 0xffff, "System RAM");
	assert_int_equal(efimap_add_table(map, "ACPI", 4, 0x3000), 0);
	assert_int_equal(efimap_add_table(map, "ACPI 2.0", 8, 0x3000), 0);
	assert_int_equal(efimap_add_table(map, "ESRT", 4, 0x5000), 0);
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_report_new(&report), 0);
	finding = sample_finding(report, EFIMAP_RULE_TABLE_IN_RAM, EFIMAP_WARNING,
				 EFIMAP_CONSEQ_MEMORY_AT_RISK, NULL, 0, "in RAM");
	assert_int_equal(efimap_finding_add_evidence(report, finding, "kernel log",
						     "ACPI 2.0=0x3000"),
			 0);
	assert_int_equal(efimap_finding_add_evidence(report, finding, "memmap/0/type", "x"),
			 0);
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);

	struct plot plot efimap_cleanup(plot_close) = open_plot(map, report, &input);
	const struct plot_lane *lane = plot_find_lane(&plot, PLOT_LANE_TABLES, 0);

	assert_false(plot.sides[0].table_marks[0].said);
	assert_true(plot.sides[0].table_marks[1].said);
	assert_false(plot.sides[0].table_marks[2].said);
	assert_false(plot.sides[0].memmap_marks[0].said);
	assert_int_equal(lane->n_tracks, 1);
	/* One band, so one box. */
	assert_int_equal(lane->n_cells, 1);
	assert_int_equal(lane->cells[0].count, 3);
	assert_true(lane->cells[0].mark.said);
}

static void two_kernels_are_matched(void **state)
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
	sample_finding(report, EFIMAP_RULE_DRIFT_LOST, EFIMAP_ERROR, EFIMAP_CONSEQ_NO_RUNTIME,
		       lost, 1, "lost");
	sample_finding(report, EFIMAP_RULE_DRIFT_EXTRA, EFIMAP_ERROR, EFIMAP_CONSEQ_NONE,
		       extra, 1, "extra");
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	comparison.report = report;
	assert_int_equal(plot_open(&input, 100, &plot), 0);

	const struct plot_lane *one = plot_find_lane(&plot, PLOT_LANE_RUNTIME, 0);
	const struct plot_lane *two = plot_find_lane(&plot, PLOT_LANE_RUNTIME, 1);

	assert_int_equal(plot.n_links, 2);
	assert_int_equal(plot.links[0].change + plot.links[1].change, EFIMAP_MARK_DRIFT);
	assert_int_equal(cell_of(one, 3)->change, EFIMAP_MARK_LOST);
	assert_int_equal(cell_of(two, 0)->change, EFIMAP_MARK_EXTRA);
	/* drift-extra speaks of SECOND's entry 0, drift-lost of FIRST's entry 3. */
	assert_string_equal(cell_of(one, 3)->mark.rule->name, "drift-lost");
	assert_false(cell_of(one, 0)->mark.said);
	assert_string_equal(cell_of(two, 0)->mark.rule->name, "drift-extra");
	assert_false(cell_of(two, 3)->mark.said);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_has_lanes_marks_and_links),
		cmocka_unit_test(iomem_shows_what_matters),
		cmocka_unit_test(what_is_hidden_is_said),
		cmocka_unit_test(what_cannot_be_drawn_is_counted),
		cmocka_unit_test(where_virt_comes_from_is_kept),
		cmocka_unit_test(ranges_are_marked_by_evidence),
		cmocka_unit_test(tables_are_marked_and_share_places),
		cmocka_unit_test(two_kernels_are_matched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
