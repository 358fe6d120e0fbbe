/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metrics: every series of a family or none, the status, and where zeros would lie. */
#include <stdio.h>
#include <string.h>

#include "test.h"
#include "format/metrics.h"
#include "format/sample.h"

static char *text_of(const struct efimap *map, const struct efimap_report *report)
{
	struct efimap_out out = EFIMAP_OUT_MEM;
	const struct efimap_metrics metrics = {
		.map = map, .report = report, .arch = "x\"y\\z\n", .now = 1700000000,
	};

	assert_int_equal(efimap_metrics_write(&metrics, &out), 0);
	efimap_out_putc(&out, '\0');
	return out.data;
}

static size_t lines_of(const char *text, const char *prefix)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, prefix)); at++)
		count += at == text || at[-1] == '\n';
	return count;
}

static void every_family_is_there_with_zeros(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	efimap_auto_free char *text = text_of(map, report);
	size_t families = 0;

	for (const struct efimap_rule_family *f = efimap_rule_families; f->name; f++)
		families += strcmp(f->command, "verify") == 0;
	assert_int_equal(lines_of(text, "efimap_findings{"), 3 * families);
	assert_int_equal(lines_of(text, "efimap_rules_skipped{"), families);
	assert_non_null(strstr(text, "efimap_findings{check=\"virt\",severity=\"error\"} 0\n"));
	assert_non_null(strstr(text, "\nefimap_verify_status 0\n"));
	assert_non_null(strstr(text, "\nefimap_entries{type=\"runtime_services_data\"} 3\n"));
	assert_non_null(strstr(text, "\nefimap_entries{type=\"persistent\"} 0\n"));
	assert_non_null(strstr(text, "\nefimap_bytes{type=\"mmio\"} 4194304\n"));
	assert_non_null(strstr(text, "\nefimap_last_run_timestamp_seconds 1700000000\n"));
	assert_int_equal(text[strlen(text) - 1], '\n');
}

static void labels_are_escaped(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	efimap_auto_free char *text = text_of(map, report);

	assert_non_null(strstr(text, ",arch=\"x\\\"y\\\\z\\n\",source=\"tree\""));
}

static void findings_are_counted_by_family(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	efimap_auto_free char *text = text_of(map, report);
	size_t warnings = 0;

	/* table-in-ram is the one warning of the sample, and of the family memmap. */
	for (size_t i = 0; i < report->n_findings; i++)
		warnings += report->findings[i].severity == EFIMAP_WARNING;
	assert_int_equal(warnings, 1);
	assert_non_null(strstr(text, "efimap_findings{check=\"memmap\",severity=\"warning\"} "
				     "1\n"));
	assert_non_null(strstr(text, "\nefimap_verify_status 1\n"));
}

static void what_is_not_known_is_not_zero(void **state)
{
	static const enum efimap_verdict verdicts[] = { EFIMAP_VERDICT_DENIED,
							EFIMAP_VERDICT_UNREADABLE };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	for (size_t i = 0; i < 2 * ARRAY_SIZE(verdicts); i++) {
		efimap_auto_free char *text = NULL;

		report->verdict = verdicts[i / 2];
		text = text_of(i % 2 ? map : NULL, report);
		assert_null(strstr(text, "efimap_findings"));
		assert_null(strstr(text, "efimap_entries"));
		assert_null(strstr(text, "efimap_bytes"));
		assert_non_null(strstr(text, "\nefimap_verify_status 3\n"));
		assert_non_null(strstr(text, "efimap_last_run_timestamp_seconds "));
	}
}

static void levels_follow_the_verdict(void **state)
{
	static const struct {
		const char *name;
		enum efimap_verdict verdict;
		size_t errors, warnings;
		enum efimap_level level;
		bool is_unknown, fails;
	} rows[] = {
		{ "clean", EFIMAP_VERDICT_PASS, 0, 0, EFIMAP_LEVEL_OK, false },
		{ "warnings", EFIMAP_VERDICT_PASS, 0, 2, EFIMAP_LEVEL_WARNING, false },
		{ "warnings that fail", EFIMAP_VERDICT_FAIL, 0, 2, EFIMAP_LEVEL_CRITICAL, false },
		{ "errors", EFIMAP_VERDICT_FAIL, 1, 0, EFIMAP_LEVEL_CRITICAL, false },
		{ "no EFI", EFIMAP_VERDICT_NOT_APPLICABLE, 0, 0, EFIMAP_LEVEL_OK, false },
		{ "EFI, but no map", EFIMAP_VERDICT_NOT_APPLICABLE, 0, 0, EFIMAP_LEVEL_UNKNOWN,
		  true },
		{ "denied", EFIMAP_VERDICT_DENIED, 0, 0, EFIMAP_LEVEL_UNKNOWN, false },
		{ "denied, warnings", EFIMAP_VERDICT_DENIED, 0, 1, EFIMAP_LEVEL_UNKNOWN, false },
		{ "denied, errors", EFIMAP_VERDICT_DENIED, 1, 0, EFIMAP_LEVEL_CRITICAL, false,
		  true },
		{ "unreadable", EFIMAP_VERDICT_UNREADABLE, 0, 0, EFIMAP_LEVEL_UNKNOWN, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_report report = {
			.verdict = rows[i].verdict,
			.is_unknown = rows[i].is_unknown,
			.fails = rows[i].fails,
			.counts = { [EFIMAP_ERROR] = rows[i].errors,
				    [EFIMAP_WARNING] = rows[i].warnings },
		};

		if (efimap_level(&report) != rows[i].level)
			fail_msg("%s: %d", rows[i].name, efimap_level(&report));
	}
}

/* A status of 3 has a reason, and only that. */
static void what_is_not_known_says_why(void **state)
{
	static const struct {
		enum efimap_verdict verdict;
		bool is_unknown;
		const char *why;
	} rows[] = {
		{ EFIMAP_VERDICT_PASS, false, NULL },
		{ EFIMAP_VERDICT_FAIL, false, NULL },
		{ EFIMAP_VERDICT_NOT_APPLICABLE, false, NULL },
		{ EFIMAP_VERDICT_DENIED, false, "denied" },
		{ EFIMAP_VERDICT_UNREADABLE, false, "unreadable" },
		{ EFIMAP_VERDICT_NOT_APPLICABLE, true, "uncollected" },
		{ EFIMAP_VERDICT_PASS, true, "uncollected" },
	};
	static const char *const whys[] = { "denied", "unreadable", "uncollected" };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_free char *text = NULL;

		report->verdict = rows[i].verdict;
		report->is_unknown = rows[i].is_unknown;
		text = text_of(map, report);
		for (size_t j = 0; j < ARRAY_SIZE(whys); j++) {
			char line[64];

			snprintf(line, sizeof(line), "\nefimap_verify_unknown{why=\"%s\"} %d\n",
				 whys[j], rows[i].why && !strcmp(rows[i].why, whys[j]));
			if (!strstr(text, line))
				fail_msg("row %zu: no %s", i, line);
		}
		assert_int_equal(!!strstr(text, "\nefimap_verify_status 3\n"), !!rows[i].why);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_family_is_there_with_zeros),
		cmocka_unit_test(labels_are_escaped),
		cmocka_unit_test(findings_are_counted_by_family),
		cmocka_unit_test(what_is_not_known_is_not_zero),
		cmocka_unit_test(levels_follow_the_verdict),
		cmocka_unit_test(what_is_not_known_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
