/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/picture.h"
#include "test.h"
#include "sample_capture.h"

TEST(lines_break_at_blanks_and_hyphens)
{
	const struct {
		const char *text;
		size_t width;
		size_t len;
		const char *next;
	} rows[] = {
		{ "", 8, 0, NULL },
		{ "RAM 640K", 8, 8, NULL },
		{ "RAM 640K", 7, 3, "640K" },
		{ "RAM\n640K", 20, 3, "640K" },
		{ "boot-params?", 8, 5, "params?" },
		{ "kexec_file_load", 12, 11, "load" },
		/* A blank is preferred, even if the line is shorter. */
		{ "kexec_load 7.3-cloud", 15, 10, "7.3-cloud" },
		{ "0xfffffffeff1ec000", 10, 10, "ff1ec000" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *next;

		assert_int_equal(picture_line(rows[i].text, rows[i].width, &next),
				 rows[i].len);
		if (rows[i].next)
			assert_string_equal(next, rows[i].next);
		else
			assert_null(next);
	}
}

static void make(const struct efimap *map, unsigned int width, struct picture *picture)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	assert_int_equal(picture_make(map, report, width, false, picture), 0);
}

static size_t lines_of(const char *text, size_t width)
{
	size_t lines = 0;

	for (; text; lines++)
		picture_line(text, width, &text);
	return lines;
}

TEST(each_label_fits_at_each_width)
{
	struct efimap *map efimap_auto_map = sample_map();

	for (unsigned int width = 60; width < 200; width++) {
		picture_auto struct picture picture = { 0 };

		make(map, width, &picture);
		assert_true(picture.width <= width);
		for (size_t i = 0; i < picture.n_lanes; i++) {
			const struct picture_lane *lane = &picture.lanes[i];

			for (size_t k = 0; k < lane->n_cells; k++) {
				const struct picture_cell *cell = &lane->cells[k];
				const struct picture_row *last =
					&picture.rows[cell->last_row];

				assert_true(lines_of(cell->text, lane->width - 1) <=
					    last->at + last->lines -
						    picture.rows[cell->first_row].at);
				assert_true(k == 0 || lane->cells[k - 1].last_row <
							      cell->first_row);
			}
		}
	}
}

/* Two entries that overlap, one inside another, and one that ends at the last address */
static const struct efimap_entry overlapping[] = {
	{ 0, 6, 0x1000, 0x1000, 4, EFIMAP_ATTR_RUNTIME },
	{ 1, 5, 0x3000, 0x3000, 4, EFIMAP_ATTR_RUNTIME },
	{ 2, 5, 0x10000, 0x10000, 4, EFIMAP_ATTR_RUNTIME },
	{ 3, 6, 0x11000, 0x11000, 1, EFIMAP_ATTR_RUNTIME },
	{ 4, 5, 0xfffffffffffff000, 0xfffffffffffff000, 1, EFIMAP_ATTR_RUNTIME },
};

TEST(overlaps_have_their_own_cells)
{
	static const struct {
		uint64_t first;
		uint64_t last;
		const char *text;
		bool is_overlap;
	} cells[] = {
		{ 0x1000, 0x2fff, "0 RuntimeData 16K", false },
		{ 0x3000, 0x4fff, "OVERLAP\n1 RuntimeCode 16K", true },
		{ 0x5000, 0x6fff, "(1 RuntimeCode)", false },
		{ 0x10000, 0x10fff, "2 RuntimeCode 16K", false },
		{ 0x11000, 0x11fff, "OVERLAP\n3 RuntimeData 4K", true },
		{ 0x12000, 0x13fff, "(2 RuntimeCode)", false },
		{ 0xfffffffffffff000, UINT64_MAX, "4 RuntimeCode 4K", false },
	};
	struct efimap *map efimap_auto_map = sample_empty("overlaps");
	picture_auto struct picture picture = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(overlapping); i++)
		assert_int_equal(efimap_add_entry(map, &overlapping[i]), 0);
	efimap_seal(map);
	make(map, 80, &picture);
	assert_int_equal(picture.lanes[0].n_cells, ARRAY_SIZE(cells));
	for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
		const struct picture_cell *cell = &picture.lanes[0].cells[i];

		assert_true(picture.rows[cell->first_row].span.first == cells[i].first);
		assert_true(picture.rows[cell->last_row].span.last == cells[i].last);
		assert_string_equal(cell->text, cells[i].text);
		assert_true(cell->is_overlap == cells[i].is_overlap);
	}
	assert_int_equal(picture.address_width, 18);
	assert_false(picture.rows[picture.n_rows - 2].is_covered);
}
