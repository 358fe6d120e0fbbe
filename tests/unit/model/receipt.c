/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of what a receipt can say. */
#include "test.h"
#include "model/receipt.h"

static void verdicts_and_fits_have_names(void **state)
{
	static const char *const verdicts[] = { "received", "not-received",
						"not-applicable" };
	static const char *const fits[] = { "certain", "possible", "excluded" };

	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++)
		assert_string_equal(efimap_received_name((enum efimap_received)i),
				    verdicts[i]);
	for (size_t i = 0; i < ARRAY_SIZE(fits); i++)
		assert_string_equal(efimap_fit_name((enum efimap_fit)i), fits[i]);
	efimap_receipt_free(NULL);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_and_fits_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
