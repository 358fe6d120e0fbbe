/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many reports summed up: what is counted, in which order, and where the list ends. */
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "format/summary.h"

static struct efimap_seen seen_one(enum efimap_rule_id rule, enum efimap_severity severity)
{
	struct efimap_seen seen = { 0 };

	seen.severity[rule] = (uint8_t)(1 + severity);
	return seen;
}

static char *text_of(const struct efimap_summary *summary, bool notes)
{
	struct efimap_out out = EFIMAP_OUT_MEM;

	assert_int_equal(efimap_summary_write_text(summary, notes, false, &out), 0);
	efimap_out_putc(&out, '\0');
	return out.data;
}

static void a_rule_is_seen_once_and_at_its_highest(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_seen seen;
	size_t rules = 0;

	efimap_seen_in(report, &seen);
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		rules += seen.severity[i] != 0;
	assert_true(rules > 1 && rules <= report->n_findings);
	for (size_t i = 0; i < report->n_findings; i++)
		assert_true(seen.severity[report->findings[i].rule->id] >=
			    1 + report->findings[i].severity);
}

static void verdicts_are_counted(void **state)
{
	static const struct efimap_seen nothing = { 0 };
	struct efimap_summary summary = { 0 };
	efimap_auto_free char *text = NULL;

	for (int i = 0; i < 3; i++)
		efimap_summary_add(&summary, EFIMAP_VERDICT_PASS, &nothing);
	efimap_summary_add(&summary, EFIMAP_VERDICT_UNREADABLE, &nothing);
	text = text_of(&summary, true);
	assert_string_equal(text, "4 sources: 3 pass, 1 unreadable\n");
}

static void rules_of_most_sources_come_first(void **state)
{
	const struct efimap_seen often = seen_one(EFIMAP_RULE_VIRT_ZERO, EFIMAP_WARNING);
	const struct efimap_seen once = seen_one(EFIMAP_RULE_MAP_EMPTY, EFIMAP_ERROR);
	const struct efimap_seen note = seen_one(EFIMAP_RULE_NONIDENTITY, EFIMAP_NOTE);
	struct efimap_summary summary = { 0 };
	efimap_auto_free char *text = NULL, *all = NULL;

	efimap_summary_add(&summary, EFIMAP_VERDICT_FAIL, &once);
	efimap_summary_add(&summary, EFIMAP_VERDICT_PASS, &often);
	efimap_summary_add(&summary, EFIMAP_VERDICT_PASS, &often);
	efimap_summary_add(&summary, EFIMAP_VERDICT_PASS, &note);
	text = text_of(&summary, false);
	assert_string_equal(text, "4 sources: 3 pass, 1 fail\n"
				  "rules that spoke, by number of sources:\n"
				  "       2 warning virt-zero\n"
				  "       1 error   map-empty\n");
	all = text_of(&summary, true);
	assert_non_null(strstr(all, "       1 error   map-empty\n"
				    "       1 note    nonidentity\n"));
}

static void the_highest_severity_of_a_rule_is_shown(void **state)
{
	const struct efimap_seen low = seen_one(EFIMAP_RULE_MAP_ABSENT, EFIMAP_NOTE);
	const struct efimap_seen high = seen_one(EFIMAP_RULE_MAP_ABSENT, EFIMAP_ERROR);
	struct efimap_summary summary = { 0 };
	efimap_auto_free char *text = NULL, *all = NULL;

	efimap_summary_add(&summary, EFIMAP_VERDICT_PASS, &low);
	efimap_summary_add(&summary, EFIMAP_VERDICT_FAIL, &high);
	text = text_of(&summary, false);
	assert_non_null(strstr(text, "       1 error   map-absent\n"));
	all = text_of(&summary, true);
	assert_non_null(strstr(all, "       2 error   map-absent\n"));
}

static void a_long_list_ends_with_how_many_more(void **state)
{
	struct efimap_seen seen = { 0 };
	struct efimap_summary summary = { 0 };
	efimap_auto_free char *text = NULL;

	for (int i = 0; i < 10; i++)
		seen.severity[i] = 1 + EFIMAP_WARNING;
	efimap_summary_add(&summary, EFIMAP_VERDICT_PASS, &seen);
	text = text_of(&summary, false);
	assert_null(strstr(text, "more"));
	free(efimap_steal(text));
	/* In two sources, so it comes first, and another one falls off. */
	memset(&seen, 0, sizeof(seen));
	seen.severity[10] = 1 + EFIMAP_WARNING;
	efimap_summary_add(&summary, EFIMAP_VERDICT_PASS, &seen);
	efimap_summary_add(&summary, EFIMAP_VERDICT_PASS, &seen);
	text = text_of(&summary, false);
	assert_non_null(strstr(text, "sources:\n       2 warning "));
	assert_non_null(strstr(text, "         and 1 more\n"));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_is_seen_once_and_at_its_highest),
		cmocka_unit_test(verdicts_are_counted),
		cmocka_unit_test(rules_of_most_sources_come_first),
		cmocka_unit_test(the_highest_severity_of_a_rule_is_shown),
		cmocka_unit_test(a_long_list_ends_with_how_many_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
