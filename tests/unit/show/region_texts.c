/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/picture/legend.h"
#include "show/picture/region_texts.h"
#include "test.h"
#include "sample_capture.h"
#include "show/picture/lanes.h"

static const struct plot_medium medium = {
	.max_bands = 100, .tables = true, .scale = { .band = 1, .fold = 1 },
};

static const char *label(const struct plot_cell *cell, unsigned int columns,
			 struct efimap_out *out)
{
	plot_put_label(cell, columns, out);
	return sample_text(out);
}

static void check(const struct plot *plot, enum plot_lane_kind kind, size_t cell,
		  unsigned int columns, const char *wanted)
{
	const struct plot_lane *lane = plot_find_lane(plot, kind, 0);
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	assert_string_equal(label(&lane->cells[cell], columns, &out), wanted);
}

TEST(the_longest_that_fits)
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

	assert_int_equal(plot_open(&input, &medium, &plot), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check(&plot, rows[i].kind, rows[i].cell, rows[i].columns, rows[i].wanted);
}

TEST(groups_have_a_count)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	const struct efimap_plot_input input = { .map = map, .report = report };
	const struct plot_medium narrow = { .max_bands = 1, .scale = medium.scale };
	struct plot plot efimap_cleanup(plot_close) = { 0 };

	assert_int_equal(plot_open(&input, &narrow, &plot), 0);
	check(&plot, PLOT_LANE_RUNTIME, 0, 40, "0..7: 8 entries, 7.5M");
	check(&plot, PLOT_LANE_RUNTIME, 0, 20, "0..7: 8 entries");
	check(&plot, PLOT_LANE_RUNTIME, 0, 10, "8 entries");
	check(&plot, PLOT_LANE_RUNTIME, 0, 8, "8");
	check(&plot, PLOT_LANE_MEMMAP, 0, 40, "System RAM, Reserved 1002.2M");
}

TEST(no_label_is_longer_than_asked)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	const struct efimap_plot_input input = { .map = map, .report = report };
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	for (size_t bands = 1; bands < 64; bands += 7) {
		const struct plot_medium narrow = { .max_bands = bands, .scale = medium.scale };
		struct plot plot efimap_cleanup(plot_close) = { 0 };

		assert_int_equal(plot_open(&input, &narrow, &plot), 0);
		for (size_t i = 0; i < plot.n_lanes; i++)
			for (size_t c = 0; c < plot.lanes[i].n_cells; c++)
				for (unsigned int n = 0; n < 50; n++)
					assert_true(strlen(label(&plot.lanes[i].cells[c], n,
								 &out)) <= n);
	}
}

TEST(any_type_has_a_tone)
{
	for (uint32_t type = 0; type < EFIMAP_TYPE_FIRST_UNDEFINED; type++)
		assert_int_not_equal(plot_tone_of_entry(&(struct efimap_entry){ .type = type }),
				     PLOT_TONE_OTHER);
	assert_int_equal(plot_tone_of_entry(&(struct efimap_entry){
				 .type = EFIMAP_TYPE_FIRST_UNDEFINED }), PLOT_TONE_OTHER);
	assert_int_equal(plot_tone_of_entry(&(struct efimap_entry){ .type = UINT32_MAX }),
			 PLOT_TONE_OTHER);
	assert_int_equal(plot_tone_of_entry(&(struct efimap_entry){
				 .type = EFIMAP_TYPE_RUNTIME_CODE,
				 .missing_values = EFIMAP_MISSING_TYPE }),
			 PLOT_TONE_OTHER);
}
