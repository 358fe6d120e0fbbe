/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page: its limits. */
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "plot/plot.h"
#include "plot/svg.h"

static const char *draw(const struct efimap *map, const struct efimap_report *report,
			struct efimap_out *out)
{
	const struct efimap_plot_input input = { .map = map, .report = report };
	const struct efimap_plot_options options = { 0 };

	out->used = 0;
	assert_int_equal(efimap_plot_write_html(&input, &options, out), 0);
	return sample_text(out);
}

/* Rows beyond the limit are counted, and no region leads to them. */
TEST(tables_are_bounded)
{
	struct efimap *map efimap_auto_map = sample_empty("many");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text;

	for (uint32_t i = 0; i <= SVG_LINKED_ROWS; i++) {
		const struct efimap_entry entry = { i, 6, i * UINT64_C(0x3000),
						    0xffffffef00000000 + i * UINT64_C(0x3000),
						    1, 0x800000000000000f };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	text = draw(map, report, &out);
	assert_non_null(strstr(text, "2001 rows, the first 2000 of them here"));
	assert_non_null(strstr(text, "<tr id=\"entry-0-1999\">"));
	assert_null(strstr(text, "<tr id=\"entry-0-2000\">"));
	assert_null(strstr(text, "#entry-0-2000\""));
}
