/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comparison as text: verdict, marks, which rows are shown. */
#include <string.h>

#include "test.h"
#include "format/sample.h"

static struct efimap *changed_map(void)
{
	struct efimap *map = sample_map();

	map->entries[2].virt += 0x1000;
	map->entries[5].attribute = 0xf;
	return map;
}

static char *text_of(const struct efimap_comparison_options *options,
		     enum efimap_relation relation)
{
	struct efimap *first efimap_auto_map = sample_map();
	struct efimap *second efimap_auto_map = changed_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out = EFIMAP_OUT_MEM;
	struct efimap_match matches[] = {
		{ 7, 7, EFIMAP_MARK_SAME },	{ 5, 5, EFIMAP_MARK_EXPECTED },
		{ 4, EFIMAP_NO_ENTRY, EFIMAP_MARK_LOST },
		{ 2, 2, EFIMAP_MARK_DRIFT },	{ EFIMAP_NO_ENTRY, 0, EFIMAP_MARK_EXTRA },
	};
	const struct efimap_comparison comparison = {
		.report = report,
		.relation = relation,
		.loaded_by = EFIMAP_LOADED_BY_KEXEC_LOAD,
		.matches = matches,
		.n_matches = ARRAY_SIZE(matches),
	};

	report->fails = true;
	assert_int_equal(efimap_comparison_write_text(first, second, &comparison, options, &out),
			 0);
	efimap_out_putc(&out, '\0');
	return out.data;
}

static void only_drift_is_shown(void **state)
{
	const struct efimap_comparison_options options = { 0 };
	efimap_auto_free char *text = text_of(&options, EFIMAP_RELATION_KEXEC);

	assert_string_equal(
		text,
		"drift: 8 entries in FIRST, 8 in SECOND, 1 changed, 1 lost, 1 too many; handed "
		"over by kexec_load\n"
		"\n"
		"   FIRST SECOND TYPE        PHYS       PAGES VIRT                               "
		"      ATTR\n"
		" -     4      - RuntimeData 0x3eaa0000 0x102 0xfffffffefe6a0000                 "
		"      0x800000000000000f\n"
		" !     2      2 RuntimeCode 0x3f5ec000 0x100 0xfffffffeff1ec000 -> "
		"0xfffffffeff1ed000 0x800000000000000f\n"
		" +     -      0 MMIO        0xffc00000 0x400 0xfffffffeffc00000                 "
		"      0x8000000000000001\n"
		"no findings: 0 errors, 0 warnings, 0 notes\n");
}

static void all_shows_what_is_the_same(void **state)
{
	const struct efimap_comparison_options options = { .all = true };
	efimap_auto_free char *text = text_of(&options, EFIMAP_RELATION_OTHER_BOOT);

	assert_non_null(strstr(text, "; SECOND is another boot\n"));
	assert_non_null(strstr(text, "\n ~     5      5 BootData"));
	assert_non_null(strstr(text, "0x800000000000000f -> 0xf\n"));
	assert_non_null(strstr(text, "\n       7      7 BootCode"));
}

static void a_swap_is_said(void **state)
{
	const struct efimap_comparison_options options = { .color = true };
	efimap_auto_free char *text = text_of(&options, EFIMAP_RELATION_SWAPPED);

	assert_non_null(strstr(text, "; FIRST and SECOND seem to be swapped\n"));
	assert_int_equal(text[0], '\033');
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_drift_is_shown),
		cmocka_unit_test(all_shows_what_is_the_same),
		cmocka_unit_test(a_swap_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
