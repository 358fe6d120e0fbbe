/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rules lie on which entry, and the names of attribute bits. */
#include "test.h"
#include "base/cleanup.h"
#include "format/dump.h"
#include "sample.h"

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

/* In the order of the catalogue, each once, whatever the order of the findings. */
static void rules_are_said_once(void **state)
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
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_report_new(&report), 0);
	sample_finding(report, EFIMAP_RULE_RUNTIME_OFF, EFIMAP_ERROR, EFIMAP_CONSEQ_NONE,
		       second, 1, "m");
	sample_finding(report, EFIMAP_RULE_MAP_ABSENT, EFIMAP_NOTE, EFIMAP_CONSEQ_NONE,
		       both, 2, "m");
	sample_finding(report, EFIMAP_RULE_MAP_ABSENT, EFIMAP_ERROR, EFIMAP_CONSEQ_NONE,
		       second, 1, "m");
	sample_finding(report, EFIMAP_RULE_VIRT_OVERLAP, EFIMAP_ERROR, EFIMAP_CONSEQ_NONE,
		       unknown, 2, "m");
	assert_int_equal(dump_view_open(map, report, false, &view), 0);
	expect_rules(&view, 0, "map-absent ");
	expect_rules(&view, 1, "map-absent runtime-off ");
	dump_view_close(&view);
}

static void every_rule_fits(void **state)
{
	static const uint32_t entry[] = { 6 };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = NULL;
	struct dump_view view;
	size_t from = 0;

	assert_int_equal(efimap_report_new(&report), 0);
	for (int id = 0; id < EFIMAP_RULE_COUNT; id++)
		sample_finding(report, (enum efimap_rule_id)id, EFIMAP_ERROR,
			       EFIMAP_CONSEQ_NONE, entry, 1, "m");
	assert_int_equal(dump_view_open(map, report, false, &view), 0);
	for (int id = 0; id < EFIMAP_RULE_COUNT; id++)
		assert_ptr_equal(dump_view_rule(&view, 6, &from),
				 efimap_rule_get((enum efimap_rule_id)id));
	assert_null(dump_view_rule(&view, 6, &from));
	dump_view_close(&view);
}

static void bits_have_names(void **state)
{
	static const struct {
		uint64_t attribute;
		const char *names;
	} rows[] = {
		{ 0, "" },
		{ 0x800000000000000f, "RUN WB WT WC UC " },
		{ 0x8000000000000001, "RUN UC " },
		{ 0x100, "0x100 " },
		{ 0x4000100000000020, "ISA 0x100000000020 " },
	};
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t rest = rows[i].attribute;
		const char *name;
		size_t from = 0;
		char buf[24];

		while ((name = efimap_attr_next_name(&rest, &from, buf))) {
			efimap_out_puts(&out, name);
			efimap_out_putc(&out, ' ');
		}
		assert_string_equal(sample_text(&out), rows[i].names);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_said_once),
		cmocka_unit_test(every_rule_fits),
		cmocka_unit_test(bits_have_names),
	};

	return cmocka_run_group_tests_name("format/dump_view", tests, NULL, NULL) != 0;
}
