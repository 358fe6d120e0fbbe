/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page: its policy, its parts, links that have an end, and limits. */
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "plot/draw.h"
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

static void it_allows_nothing_remote(void **state)
{
	static const char *const forbidden[] = { "<script", "<link", "<img",  "<iframe",
						 "@import", "url(",  "http:", "https:" };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text = draw(map, report, &out);
	const char *after = strstr(text, "xmlns=\"http://www.w3.org/2000/svg\"");

	assert_non_null(strstr(text, "content=\"default-src 'none'; style-src 'unsafe-inline'; "
				     "base-uri 'none'; form-action 'none'\""));
	assert_non_null(after);
	after += strlen("xmlns=\"http:");
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++)
		assert_null(strstr(after, forbidden[i]));
}

static void it_has_all_parts(void **state)
{
	static const char *const parts[] = {
		"<section id=\"picture\"",
		"<section id=\"findings\"",
		"<section id=\"runtime-map-0\"",
		"<section id=\"memory-map-0\"",
		"<section id=\"io-memory-0\"",
		"<section id=\"pointers-0\"",
		"<section id=\"rules\"",
		"<section id=\"skipped\"",
		"<tr id=\"entry-0-6\">",
		"<a href=\"#entry-0-6\">",
		"<a href=\"#rule-table-in-ram\">",
		"<div id=\"rule-table-in-ram\">",
		"<h3>Why it matters</h3>",
		"MEMATTR=0x3d117018",
		"was not collected",
		"0x3f5ebb98",
	};
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text = draw(map, report, &out);

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strstr(text, parts[i]))
			fail_msg("lacks %s", parts[i]);
}

/* Rows beyond the limit are counted, and no region leads to them. */
static void tables_are_bounded(void **state)
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

static void strangers_write_no_markup(void **state)
{
	struct efimap *map efimap_auto_map = sample_empty("<i>x</i>");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text;

	sample_memmap(map, 0, 0, 0xfff, "<b>\"&'\033");
	sample_iomem(map, 0, 0xfff, 0, "</table><script>");
	assert_int_equal(efimap_set_cmdline(map, "<u>", 3), 0);
	assert_int_equal(efimap_seal(map), 0);
	text = draw(map, report, &out);
	assert_non_null(strstr(text, "<td class=\"wrap\">&lt;b&gt;&quot;&amp;&#39;\\x1b</td>"));
	assert_non_null(strstr(text, "&lt;/table&gt;&lt;script&gt;</th>"));
	assert_null(strstr(text, "<b>"));
	assert_null(strstr(text, "<script>"));
	assert_null(strstr(text, "<i>"));
	assert_null(strstr(text, "<u>"));
	assert_null(strchr(text, '\033'));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_allows_nothing_remote),
		cmocka_unit_test(it_has_all_parts),
		cmocka_unit_test(tables_are_bounded),
		cmocka_unit_test(strangers_write_no_markup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
