/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A receipt as text: what is said at once, and what only when asked for more. */
#include <string.h>

#include "test.h"
#include "format/sample.h"

static char *text_of(bool verbose)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out = EFIMAP_OUT_MEM;
	const struct efimap_receipt receipt = {
		.received = EFIMAP_RECEIVED_NO,
		.reason = "nothing came",
		.loaded_by = EFIMAP_LOADED_BY_KEXEC_FILE_LOAD,
		.causes = { { "one", EFIMAP_FIT_CERTAIN, "why one", "check one" },
			    { "two", EFIMAP_FIT_EXCLUDED, "why two", "check two" } },
		.n_causes = 2,
		.has_payload = true,
		.payload = { 1, 2, 3, 4 },
		.has_info = true,
		.info = { "E\033", 5, 40, 1, 6, 80 },
		.report = report,
	};

	assert_int_equal(efimap_receipt_write_text(&receipt, verbose, false, &out), 0);
	efimap_out_putc(&out, '\0');
	return out.data;
}

static void causes_that_fit_are_told(void **state)
{
	efimap_auto_free char *text = text_of(false);

	assert_string_equal(text, "not-received: nothing came; loaded by kexec_file_load\n"
				  "\n"
				  "cause certain: why one [one]\n"
				  "    how to tell: check one\n");
}

static void more_is_told_when_asked_for(void **state)
{
	efimap_auto_free char *text = text_of(true);

	assert_non_null(strstr(text, "cause excluded: why two [two]\n"));
	assert_non_null(strstr(text, "\n\nsetup_data: fw_vendor 0x1 runtime 0x2 tables 0x3 "
				     "smbios 0x4\n"));
	assert_non_null(strstr(text, "efi_info: signature E\\x1b systab 0x5 memmap 0x6 size 80 "
				     "desc_size 40 desc_version 1\n"));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(causes_that_fit_are_told),
		cmocka_unit_test(more_is_told_when_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
