/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in a box, for every width: the most that fits, and never more. */
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "plot/draw.h"

static const char *label(const struct plot *plot, const struct plot_lane *lane,
			 const struct plot_cell *cell, unsigned int columns,
			 struct efimap_out *out)
{
	out->used = 0;
	plot_put_label(&plot->sides[lane->side], lane, cell, columns, out);
	efimap_out_putc(out, '\0');
	assert_int_equal(out->error, 0);
	return out->data;
}

static void check(const struct plot *plot, enum plot_lane_kind kind, size_t cell,
		  unsigned int columns, const char *wanted)
{
	const struct plot_lane *lane = plot_find_lane(plot, kind, 0);
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	assert_string_equal(label(plot, lane, &lane->cells[cell], columns, &out), wanted);
}

static void the_longest_that_fits(void **state)
{
	static const struct {
		enum plot_lane_kind kind;
		size_t cell;
		unsigned int columns;
		const char *wanted;
	} rows[] = {
		{ PLOT_LANE_RUNTIME, 3, 40, "4 RuntimeData 1M" },
		{ PLOT_LANE_RUNTIME, 3, 16, "4 RuntimeData 1M" },
		{ PLOT_LANE_RUNTIME, 3, 15, "4 RuntimeData" },
		{ PLOT_LANE_RUNTIME, 3, 12, "4" },
		{ PLOT_LANE_RUNTIME, 3, 0, "" },
		{ PLOT_LANE_VIRT, 0, 40, "7 BootCode 4K" },
		{ PLOT_LANE_MEMMAP, 0, 40, "System RAM 640K" },
		{ PLOT_LANE_MEMMAP, 0, 14, "System RAM" },
		{ PLOT_LANE_MEMMAP, 0, 9, "System .." },
		{ PLOT_LANE_MEMMAP, 0, 4, "Syst" },
	};
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	const struct efimap_plot_input input = { .map = map, .report = report };
	struct plot plot efimap_cleanup(plot_close) = { 0 };

	assert_int_equal(plot_open(&input, 100, &plot), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check(&plot, rows[i].kind, rows[i].cell, rows[i].columns, rows[i].wanted);
}

static void groups_say_how_many(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	const struct efimap_plot_input input = { .map = map, .report = report };
	struct plot plot efimap_cleanup(plot_close) = { 0 };

	assert_int_equal(plot_open(&input, 1, &plot), 0);
	check(&plot, PLOT_LANE_RUNTIME, 0, 40, "0..7: 8 entries, 7.5M");
	check(&plot, PLOT_LANE_RUNTIME, 0, 20, "0..7: 8 entries");
	check(&plot, PLOT_LANE_RUNTIME, 0, 10, "8 entries");
	check(&plot, PLOT_LANE_RUNTIME, 0, 8, "8");
	check(&plot, PLOT_LANE_MEMMAP, 0, 40, "System RAM, Reserved 1002.2M");
}

static void no_label_is_longer_than_asked(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	const struct efimap_plot_input input = { .map = map, .report = report };
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	for (size_t bands = 1; bands < 64; bands += 7) {
		struct plot plot efimap_cleanup(plot_close) = { 0 };

		assert_int_equal(plot_open(&input, bands, &plot), 0);
		for (size_t i = 0; i < plot.n_lanes; i++)
			for (size_t c = 0; c < plot.lanes[i].n_cells; c++)
				for (unsigned int n = 0; n < 50; n++)
					assert_true(strlen(label(&plot, &plot.lanes[i],
								 &plot.lanes[i].cells[c], n,
								 &out)) <= n);
	}
}

/* Escapes of a terminal, in a label of memmap and in one of iomem. */
static void labels_are_printable(void **state)
{
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	const struct efimap_plot_input input = { .map = map, .report = report };
	struct plot plot efimap_cleanup(plot_close) = { 0 };

	sample_memmap(map, 0, 0, 0xfff, "a\033[2Jb");
	sample_iomem(map, 0, 0xfff, 0, "\xe2\x80\xae");
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(plot_open(&input, 100, &plot), 0);
	check(&plot, PLOT_LANE_MEMMAP, 0, 40, "a\\x1b[2Jb 4K");
	check(&plot, PLOT_LANE_IOMEM, 0, 40, "\\xe2\\x80\\xae 4K");
}

static void marks_name_the_worst_rule(void **state)
{
	static const struct {
		size_t n_rules;
		unsigned int columns;
		const char *wanted;
	} rows[] = {
		{ 1, 40, "table-in-ram" },
		{ 3, 40, "table-in-ram +2" },
		{ 3, 12, "table-i.. +2" },
		{ 1, 8, "table-.." },
		{ 3, 7, "table.." },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct plot_mark mark = {
			.said = true,
			.rule = efimap_rule_get(EFIMAP_RULE_TABLE_IN_RAM),
			.n_rules = rows[i].n_rules,
		};
		efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

		plot_put_mark(&mark, rows[i].columns, &out);
		efimap_out_putc(&out, '\0');
		assert_true(strlen(out.data) <= rows[i].columns);
		assert_string_equal(out.data, rows[i].wanted);
	}
}

static void details_say_all(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	const struct efimap_plot_input input = { .map = map, .report = report };
	struct plot plot efimap_cleanup(plot_close) = { 0 };
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const struct plot_lane *lane;

	assert_int_equal(plot_open(&input, 100, &plot), 0);
	lane = plot_find_lane(&plot, PLOT_LANE_RUNTIME, 0);
	plot_put_detail(&plot.sides[0], lane, &lane->cells[1], &out);
	efimap_out_putc(&out, '\0');
	assert_string_equal(out.data,
			    "entry 6: BootData, 4K\n"
			    "physical: 0x3d117000-0x3d117fff\n"
			    "attributes: RUN,WB,WT,WC,UC\n"
			    "virtual: 0xfffffffefcd17000\n"
			    "memmap: System RAM\n"
			    "iomem: System RAM\n"
			    "findings: boot-services-kept,boot-services-in-ram,table-in-ram");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_that_fits),
		cmocka_unit_test(groups_say_how_many),
		cmocka_unit_test(no_label_is_longer_than_asked),
		cmocka_unit_test(labels_are_printable),
		cmocka_unit_test(marks_name_the_worst_rule),
		cmocka_unit_test(details_say_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
