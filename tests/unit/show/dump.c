/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/cleanup.h"
#include "show/dump_view.h"
#include "../sample_capture.h"

TEST(no_format_lets_control_bytes_through)
{
	static const struct {
		enum efimap_dump_format format;
		const char *text;
	} rows[] = {
		{ EFIMAP_DUMP_TABLE, " \\x1b[2J \\xc3\\xbc\\xff\\x0a\\x7f\n" },
		{ EFIMAP_DUMP_PAIRS, "MEMMAP=\"\\x1b[2J \\xc3\\xbc\\xff\\x0a\\x7f\"\n" },
		{ EFIMAP_DUMP_RAW, "\\x1b[2J\\x20\\xc3\\xbc\\xff\\x0a\\x7f\n" },
	};
	static const struct efimap_entry entry = { .pages = 1 };
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	assert_int_equal(efimap_add_entry(map, &entry), 0);
	add_memmap(map, 0, 0, 0xffff, "\033[2J \303\274\377\n\177");
	efimap_seal(map);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_dump_options options = { .format = rows[i].format };
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

		assert_string_equal(sample_dump(map, report, options, "MEMMAP", &out),
				    rows[i].text);
	}
}

static void expect_rules(const struct dump_view *view, size_t position, const char *names)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const struct efimap_rule *rule;
	size_t from = 0;

	while ((rule = dump_view_rule(view, position, &from))) {
		efimap_out_puts(&out, rule->name);
		efimap_out_putc(&out, ' ');
	}
	assert_string_equal(sample_text(&out), names);
}

TEST(rules_are_listed_once)
{
	static const uint32_t both[] = { 2, 7 }, second[] = { 7 },
			      unknown[] = { 3, 4000 };
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = NULL;
	struct dump_view view;

	for (uint32_t index = 2; index <= 7; index += 5) {
		struct efimap_entry entry = { index, 6, index << 12, 0, 1, 0 };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	efimap_seal(map);
	assert_int_equal(efimap_report_new(&report), 0);
	sample_finding(report, EFIMAP_RULE_RUNTIME_OFF, EFIMAP_ERROR, EFIMAP_OUTCOME_NONE,
		       second, 1, "m");
	sample_finding(report, EFIMAP_RULE_MAP_ABSENT, EFIMAP_NOTE, EFIMAP_OUTCOME_NONE,
		       both, 2, "m");
	sample_finding(report, EFIMAP_RULE_MAP_ABSENT, EFIMAP_ERROR, EFIMAP_OUTCOME_NONE,
		       second, 1, "m");
	sample_finding(report, EFIMAP_RULE_VIRT_OVERLAP, EFIMAP_ERROR, EFIMAP_OUTCOME_NONE,
		       unknown, 2, "m");
	assert_int_equal(dump_view_open(map, report, false, &view), 0);
	expect_rules(&view, 0, "map-absent ");
	expect_rules(&view, 1, "map-absent runtime-off ");
	dump_view_close(&view);
}

TEST(every_rule_fits)
{
	static const uint32_t entry[] = { 6 };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = NULL;
	struct dump_view view;
	size_t from = 0;

	assert_int_equal(efimap_report_new(&report), 0);
	for (int id = 0; id < EFIMAP_RULE_COUNT; id++)
		sample_finding(report, (enum efimap_rule_id)id, EFIMAP_ERROR,
			       EFIMAP_OUTCOME_NONE, entry, 1, "m");
	assert_int_equal(dump_view_open(map, report, false, &view), 0);
	for (int id = 0; id < EFIMAP_RULE_COUNT; id++)
		assert_ptr_equal(dump_view_rule(&view, 6, &from),
				 efimap_rule_get((enum efimap_rule_id)id));
	assert_null(dump_view_rule(&view, 6, &from));
	dump_view_close(&view);
}
