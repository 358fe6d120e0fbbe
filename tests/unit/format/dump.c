/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump as a whole: what is refused writes nothing, and every format takes every map. */
#include <errno.h>

#include "test.h"
#include "base/cleanup.h"
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

static uint32_t next_random(uint32_t *random, uint32_t limit)
{
	*random = *random * UINT32_C(1664525) + UINT32_C(1013904223);
	return (*random >> 8) % limit;
}

/* Labels of any bytes but zero. */
static struct efimap *random_map(uint32_t seed)
{
	struct efimap *map = sample_empty("/");
	uint32_t random = seed;
	char label[40];

	for (uint32_t i = 0; i < 4; i++) {
		struct efimap_entry entry = {
			i, next_random(&random, 20),	 (uint64_t)i << 12, 0,
			1, next_random(&random, 1 << 24)
		};
		size_t len = next_random(&random, sizeof(label));

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		for (size_t j = 0; j < len; j++)
			label[j] = (char)(1 + next_random(&random, 255));
		assert_int_equal(efimap_add_memmap(map, i, entry.phys, entry.phys + 4095,
						   label, len),
				 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

static void no_format_lets_control_bytes_through(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	for (uint32_t seed = 0; seed < 300; seed++) {
		struct efimap *map efimap_auto_map = random_map(seed);

		for (int format = EFIMAP_DUMP_TABLE; format <= EFIMAP_DUMP_RAW;
		     format++) {
			struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
			const char *text = sample_dump(
				map, report, (enum efimap_dump_format)format, NULL, &out);

			for (const char *c = text; *c; c++)
				assert_true(*c == '\n' ||
					    ((unsigned char)*c >= ' ' && *c != '\177'));
		}
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_format_is_refused),
		cmocka_unit_test(formats_have_a_line_an_entry),
		cmocka_unit_test(no_format_lets_control_bytes_through),
	};

	return cmocka_run_group_tests_name("format/dump", tests, NULL, NULL) != 0;
}
