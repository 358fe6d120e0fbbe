/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump as a whole: what is refused writes nothing, and every format takes every map. */
#include <errno.h>

#include "test.h"

#include <efimap/cleanup.h>

#include "sample.h"

static void an_unknown_format_is_refused(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .format = (enum efimap_dump_format)99 };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_int_equal(efimap_dump_write(map, report, &options, &out), -EINVAL);
	assert_int_equal(out.used, 0);
}

static void formats_have_a_line_an_entry(void **state)
{
	static const struct {
		enum efimap_dump_format format;
		size_t lines;
	} rows[] = {
		{ EFIMAP_DUMP_NDJSON, 1 },
		{ EFIMAP_DUMP_CSV, 9 },
		{ EFIMAP_DUMP_PAIRS, 8 },
		{ EFIMAP_DUMP_RAW, 9 },
	};
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		const char *text = sample_dump(map, report, rows[i].format, NULL, &out);
		size_t lines = 0;

		for (; *text; text++)
			lines += *text == '\n';
		assert_int_equal(lines, rows[i].lines);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_format_is_refused),
		cmocka_unit_test(formats_have_a_line_an_entry),
	};

	return cmocka_run_group_tests_name("format/dump", tests, NULL, NULL) != 0;
}
