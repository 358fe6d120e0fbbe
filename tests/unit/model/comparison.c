/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of what a comparison can be. */
#include <stdlib.h>

#include "test.h"
#include "model/comparison.h"

static void verdicts_have_names(void **state)
{
	static const char *const names[] = {
		[EFIMAP_VERDICT_PASS] = "same",
		[EFIMAP_VERDICT_FAIL] = "drift",
		[EFIMAP_VERDICT_NOT_APPLICABLE] = "not-applicable",
		[EFIMAP_VERDICT_DENIED] = "denied",
		[EFIMAP_VERDICT_UNREADABLE] = "unreadable",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		efimap_auto_comparison struct efimap_comparison *comparison =
			calloc(1, sizeof(*comparison));

		assert_non_null(comparison);
		assert_int_equal(efimap_report_new(&comparison->report), 0);
		comparison->report->verdict = (enum efimap_verdict)i;
		assert_string_equal(efimap_comparison_verdict(comparison), names[i]);
	}
	efimap_comparison_free(NULL);
}

static void relations_have_names(void **state)
{
	static const char *const names[] = { "unknown", "kexec", "self", "other-boot",
					     "swapped" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(efimap_relation_name((enum efimap_relation)i), names[i]);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_have_names),
		cmocka_unit_test(relations_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
