/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture as SVG: what is in it, what is not, and that it stays small. */
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "plot/draw.h"

#define MANY 100000

static const char *draw(const struct efimap *map, const struct efimap_report *report,
			struct efimap_out *out)
{
	const struct efimap_plot_input input = { .map = map, .report = report };
	const struct efimap_plot_options options = { 0 };

	out->used = 0;
	assert_int_equal(efimap_plot_write_svg(&input, &options, out), 0);
	return sample_text(out);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

static void it_has_what_a_reader_needs(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text = draw(map, report, &out);

	assert_non_null(strstr(text, "role=\"img\" aria-labelledby=\"efimap-title\""));
	assert_non_null(strstr(text, "<title id=\"efimap-title\">EFI runtime map of /<"));
	assert_non_null(strstr(text, "<desc id=\"efimap-desc\">8 entries, 7.5M"));
	assert_non_null(strstr(text, "prefers-color-scheme:dark"));
	assert_non_null(strstr(text, "class=\"cell is-warning\"><title>entry 6: BootData"));
	assert_non_null(strstr(text, "<title>warning: table-in-ram, and 2 more</title>"));
	assert_non_null(strstr(text, "warning: entry 6: the Memory Attributes Table"));
	/* A box for each entry on either side. */
	assert_int_equal(count(text, "<title>entry "), 16);
	assert_int_equal(count(text, "<path class=\"link "), 8);
}

/* The address of the namespace is a name, nothing that is loaded. */
static void it_loads_nothing(void **state)
{
	static const char *const forbidden[] = { "<script", "<image", "<foreignObject", "@import",
						 "url(",    "style=", "onload",		"<a " };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text = draw(map, report, &out);

	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++)
		assert_null(strstr(text, forbidden[i]));
	assert_int_equal(count(text, "http"), 1);
	assert_int_equal(count(text, "href=\"#"), count(text, "href="));
}

static void it_does_not_grow_with_the_map(void **state)
{
	struct efimap *map efimap_auto_map = sample_empty("many");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	for (uint32_t i = 0; i < MANY; i++) {
		const struct efimap_entry entry = { i, 6, i * UINT64_C(0x3000),
						    0xffffffef00000000 + i * UINT64_C(0x1000),
						    1 + i % 4, 0x800000000000000f };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	assert_true(strlen(draw(map, report, &out)) < 600000);
}

static void two_kernels_are_told_apart(void **state)
{
	struct efimap *first efimap_auto_map = sample_map();
	struct efimap *second efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_match matches[] = {
		{ 1, 1, EFIMAP_MARK_SAME },
		{ 2, 2, EFIMAP_MARK_DRIFT },
		{ 3, EFIMAP_NO_ENTRY, EFIMAP_MARK_LOST },
	};
	const struct efimap_comparison comparison = { .report = report,
						      .matches = matches,
						      .n_matches = ARRAY_SIZE(matches) };
	const struct efimap_plot_input input = { .map = first,
						 .second = second,
						 .comparison = &comparison };
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text;

	report->verdict = EFIMAP_VERDICT_FAIL;
	assert_int_equal(efimap_plot_write_svg(&input, &(struct efimap_plot_options){ 0 },
					       &out), 0);
	text = sample_text(&out);
	assert_non_null(strstr(text, ">drift: 1 unchanged, 1 changed, 1 lost</text>"));
	assert_non_null(strstr(text, ">SECOND RUNTIME MAP</text>"));
	/* Its physical box and its virtual one. */
	assert_int_equal(count(text, "<g class=\"cell lost\">"), 2);
	assert_int_equal(count(text, "<path class=\"link code changed\""), 1);
	assert_int_equal(count(text, "<path class=\"link "), 2);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_what_a_reader_needs),
		cmocka_unit_test(it_loads_nothing),
		cmocka_unit_test(it_does_not_grow_with_the_map),
		cmocka_unit_test(two_kernels_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
