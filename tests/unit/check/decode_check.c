/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every oddity of a binary has its rule, and one of them none. */
#include <string.h>

#include "test.h"
#include "check/decode_check.h"

static const struct {
	struct efimap_oddity oddity;
	const char *rule;
	enum efimap_severity severity;
} rows[] = {
	{ { EFIMAP_ODD_SETUP_LOOP, 0, 1 }, "setup-data-loop", EFIMAP_ERROR },
	{ { EFIMAP_ODD_SETUP_OVERLAP, 0, 1 }, "setup-data-loop", EFIMAP_ERROR },
	{ { EFIMAP_ODD_SETUP_TRUNCATED, 0, 1 }, "setup-data-truncated", EFIMAP_ERROR },
	{ { EFIMAP_ODD_SETUP_OUTSIDE, 0, 1 }, NULL, EFIMAP_NOTE },
	{ { EFIMAP_ODD_SETUP_EFI_DUP, 0, 1 }, "setup-data-efi-dup", EFIMAP_WARNING },
	{ { EFIMAP_ODD_SETUP_EFI_LEN, 0, 97 }, "setup-data-efi-len", EFIMAP_WARNING },
	{ { EFIMAP_ODD_SETUP_EFI_LEN, 0, 32 }, "setup-data-efi-len", EFIMAP_WARNING },
	{ { EFIMAP_ODD_SETUP_EFI_LEN, 0, 31 }, "setup-data-efi-len", EFIMAP_ERROR },
	{ { EFIMAP_ODD_TABLES_ZERO, 0, 0 }, "setup-data-tables-zero", EFIMAP_ERROR },
	{ { EFIMAP_ODD_VENDOR_ZERO, 0, 0 }, "setup-data-vendor-zero", EFIMAP_WARNING },
	{ { EFIMAP_ODD_RESERVED, 0, 1 }, "setup-data-reserved", EFIMAP_NOTE },
	{ { EFIMAP_ODD_SIGNATURE, 0, 1 }, "efi-info-signature", EFIMAP_WARNING },
	{ { EFIMAP_ODD_DESC_SIZE, 0, 0 }, "efi-info-desc-size", EFIMAP_ERROR },
	{ { EFIMAP_ODD_MEMMAP_SIZE, 0, 1 }, "efi-info-desc-size", EFIMAP_ERROR },
	{ { EFIMAP_ODD_VERSION, 0, 2 }, "efi-info-version", EFIMAP_ERROR },
	{ { EFIMAP_ODD_MEMMAP_ZERO, 0, 0 }, "efi-info-addr-zero", EFIMAP_ERROR },
	{ { EFIMAP_ODD_SYSTAB_ZERO, 0, 0 }, "efi-info-addr-zero", EFIMAP_ERROR },
	{ { EFIMAP_ODD_TRAILING, 0, 1 }, "trailing-bytes", EFIMAP_NOTE },
};

static void each_oddity_has_its_rule(void **state)
{
	bool seen[EFIMAP_ODD_COUNT] = { false };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_oddity oddity = rows[i].oddity;
		const struct efimap_decoded decoded = { .oddities = &oddity, .n_oddities = 1 };
		efimap_auto_report struct efimap_report *report = NULL;

		seen[oddity.kind] = true;
		oddity.offset = 0x1c8;
		assert_int_equal(efimap_decode_check(&decoded, &report), 0);
		assert_int_equal(report->n_findings, rows[i].rule ? 1 : 0);
		assert_int_equal(report->verdict, rows[i].severity == EFIMAP_ERROR ?
							  EFIMAP_VERDICT_FAIL :
							  EFIMAP_VERDICT_PASS);
		if (!rows[i].rule)
			continue;
		assert_string_equal(report->findings[0].rule->name, rows[i].rule);
		assert_int_equal(report->findings[0].severity, rows[i].severity);
		assert_non_null(strstr(report->findings[0].evidence[0].source, "byte 0x1c8"));
	}
	for (size_t kind = 0; kind < EFIMAP_ODD_COUNT; kind++)
		assert_true(seen[kind]);
}

static void many_are_few(void **state)
{
	static struct efimap_oddity many[1000];
	const struct efimap_decoded decoded = { .oddities = many,
						.n_oddities = ARRAY_SIZE(many) };
	efimap_auto_report struct efimap_report *report = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = (struct efimap_oddity){ EFIMAP_ODD_SETUP_EFI_DUP, i, i };
	assert_int_equal(efimap_decode_check(&decoded, &report), 0);
	assert_int_equal(report->n_findings, 100);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_oddity_has_its_rule),
		cmocka_unit_test(many_are_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
