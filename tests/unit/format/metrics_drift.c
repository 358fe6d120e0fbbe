/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comparison as metrics: which rule counts as what, and what was not compared. */
#include <string.h>

#include "test.h"
#include "format/metrics_parts.h"
#include "format/sample.h"

static void add(struct efimap_report *report, enum efimap_rule_id rule, size_t n_entries)
{
	static const uint32_t indices[] = { 1, 2, 3 };
	const struct efimap_rule *found = efimap_rule_get(rule);
	struct efimap_finding *finding;

	assert_int_equal(efimap_report_add(report, rule, found->severity, found->consequence,
					   &finding), 0);
	assert_int_equal(efimap_finding_set_entries(report, finding, indices, n_entries), 0);
}

static char *text_of(struct efimap_report *report)
{
	const struct efimap_comparison comparison = { .report = report };
	struct efimap_out out = EFIMAP_OUT_MEM;

	metrics_put_drift(&comparison, &out);
	assert_int_equal(out.error, 0);
	efimap_out_putc(&out, '\0');
	return out.data;
}

static void entries_are_counted_by_kind(void **state)
{
	struct efimap_report *report efimap_auto_report = NULL;
	efimap_auto_free char *text = NULL;

	assert_int_equal(efimap_report_new(&report), 0);
	add(report, EFIMAP_RULE_DRIFT_VIRT, 1);
	add(report, EFIMAP_RULE_DRIFT_VIRT, 1);
	add(report, EFIMAP_RULE_DRIFT_LOST, 1);
	add(report, EFIMAP_RULE_DRIFT_ATTR_RT_ADDED, 3);
	add(report, EFIMAP_RULE_DRIFT_MEMMAP, 2);
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	text = text_of(report);
	assert_non_null(strstr(text, "\nefimap_drift_status 2\n"));
	assert_non_null(strstr(text, "\nefimap_drift_entries{kind=\"added\"} 0\n"
				     "efimap_drift_entries{kind=\"removed\"} 1\n"
				     "efimap_drift_entries{kind=\"moved\"} 2\n"
				     "efimap_drift_entries{kind=\"resized\"} 0\n"
				     "efimap_drift_entries{kind=\"retyped\"} 0\n"
				     "efimap_drift_entries{kind=\"attr\"} 0\n"
				     "efimap_drift_entries{kind=\"expected_attr\"} 3\n"));
	assert_non_null(strstr(text, "\nefimap_drift_findings{severity=\"error\"} "));
}

static void the_same_promise_is_zeros(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	efimap_auto_free char *text = text_of(report);

	assert_non_null(strstr(text, "\nefimap_drift_status 0\n"));
	assert_non_null(strstr(text, "\nefimap_drift_entries{kind=\"moved\"} 0\n"));
}

static void what_was_not_compared_is_not_zero(void **state)
{
	static const enum efimap_verdict verdicts[] = { EFIMAP_VERDICT_NOT_APPLICABLE,
							EFIMAP_VERDICT_DENIED,
							EFIMAP_VERDICT_UNREADABLE };

	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		struct efimap_report *report efimap_auto_report = sample_clean_report();
		efimap_auto_free char *text = NULL;

		report->verdict = verdicts[i];
		text = text_of(report);
		assert_non_null(strstr(text, "\nefimap_drift_status 3\n"));
		assert_null(strstr(text, "{"));
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_counted_by_kind),
		cmocka_unit_test(the_same_promise_is_zeros),
		cmocka_unit_test(what_was_not_compared_is_not_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
