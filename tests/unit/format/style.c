/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Colours only when asked for. */
#include "test.h"
#include "base/cleanup.h"
#include "format/style.h"
#include "sample.h"

static void severities(void **state)
{
	static const struct {
		enum efimap_severity severity;
		const char *plain;
		const char *colored;
	} rows[] = {
		{ EFIMAP_NOTE, "note", "\033[36mnote\033[0m" },
		{ EFIMAP_WARNING, "warning", "\033[33mwarning\033[0m" },
		{ EFIMAP_ERROR, "error", "\033[1;31merror\033[0m" },
	};
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		style_severity(&out, false, rows[i].severity);
		assert_string_equal(sample_text(&out), rows[i].plain);
		style_severity(&out, true, rows[i].severity);
		assert_string_equal(sample_text(&out), rows[i].colored);
	}
}

static void headings(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	style_text(&out, false, STYLE_HEADING, "IDX");
	assert_string_equal(sample_text(&out), "IDX");
	style_text(&out, true, STYLE_HEADING, "IDX");
	assert_string_equal(sample_text(&out), "\033[1mIDX\033[0m");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(severities),
		cmocka_unit_test(headings),
	};

	return cmocka_run_group_tests_name("format/style", tests, NULL, NULL) != 0;
}
