/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain: every rule is listed, and one rule is told whole. */
#include "test.h"
#include "base/cleanup.h"
#include "sample.h"

static const struct efimap_rule_text made_up_text = {
	.tests = "One two three four five six seven. Eight.",
	.why = "Why.",
	.breaks = "Breaks.",
	.exceptions = "none",
	.fix = "Fix.",
	.source = "efi.c: symbol",
	.rows = "one-row, another",
	.experiment = "Seen.",
};

static const struct efimap_rule made_up = {
	.severity = EFIMAP_ERROR,
	.consequence = EFIMAP_CONSEQ_NO_EFI,
	.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) | EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP),
	.name = "made-up",
	.text = &made_up_text,
};

static void one_rule_is_told_whole(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_int_equal(efimap_explain_rule(&made_up, false, 30, &out), 0);
	assert_string_equal(sample_text(&out), "made-up: error\n"
					       "next kernel: boots-without-efi\n"
					       "\n"
					       "What it tests\n"
					       "    One two three four five\n"
					       "    six seven. Eight.\n"
					       "\n"
					       "Why it matters\n"
					       "    Why.\n"
					       "\n"
					       "What breaks in the next kernel\n"
					       "    Breaks.\n"
					       "\n"
					       "Exceptions\n"
					       "    none\n"
					       "\n"
					       "What to do\n"
					       "    Fix.\n"
					       "\n"
					       "Seen\n"
					       "    Seen.\n"
					       "\n"
					       "Source\n"
					       "    efi.c: symbol\n"
					       "\n"
					       "Rows of docs/fault-matrix.md\n"
					       "    one-row, another\n"
					       "\n"
					       "Skipped without\n"
					       "    sys/firmware/efi/runtime-map,\n"
					       "    sys/firmware/memmap\n");
}

static void colors_change_no_word(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	static const char start[] = "\033[1mmade-up\033[0m: \033[1;31merror\033[0m\n"
				    "next kernel: boots-without-efi\n"
				    "\n"
				    "\033[1mWhat it tests\033[0m\n";

	assert_int_equal(efimap_explain_rule(&made_up, true, 0, &out), 0);
	assert_memory_equal(sample_text(&out), start, sizeof(start) - 1);
}

static void assert_lines_fit(const char *text, size_t width)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		/* A word that is longer stands alone, behind its indentation. */
		if (len > width && text[0] == ' ')
			assert_null(memchr(text + 4, ' ', len - 4));
		text += len + 1;
	}
}

static void all_rules_fit_any_width(void **state)
{
	static const unsigned int widths[] = { 0, 1, 40, 80, 200 };

	for (int id = 0; id < EFIMAP_RULE_COUNT; id++)
		for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
			struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
			size_t width = widths[i] ? widths[i] : 80;

			assert_int_equal(efimap_explain_rule(
						 efimap_rule_get((enum efimap_rule_id)id),
						 false, widths[i], &out),
					 0);
			assert_lines_fit(sample_text(&out), width < 30 ? 30 : width);
		}
}

static void the_list_fits_a_terminal(void **state)
{
	static const char wide[] =
		"\n  error    map-absent              The kernel was booted with EFI, "
		"but there "
		"is\n"
		"                                   no sys/firmware/efi/runtime-map\n"
		"  error    map-empty ";
	static const char narrow[] = "\n  error    map-absent\n"
				     "             The kernel was booted with EFI, but\n"
				     "             there is no\n"
				     "             sys/firmware/efi/runtime-map\n"
				     "  error    map-empty\n";
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_out small efimap_auto_out = EFIMAP_OUT_MEM;

	assert_int_equal(efimap_explain_list(false, 80, &out), 0);
	assert_non_null(strstr(sample_text(&out), wide));
	assert_int_equal(efimap_explain_list(false, 50, &small), 0);
	assert_non_null(strstr(sample_text(&small), narrow));
}

static void every_rule_is_listed(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_out row efimap_auto_out = EFIMAP_OUT_MEM;
	const char *list;

	assert_int_equal(efimap_explain_list(false, 0, &out), 0);
	list = sample_text(&out);
	for (int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		const struct efimap_rule *rule = efimap_rule_get((enum efimap_rule_id)id);

		efimap_out_printf(&row, "\n  %-7s  %s ",
				  efimap_severity_name(rule->severity), rule->name);
		assert_non_null(strstr(list, sample_text(&row)));
	}
	for (const struct efimap_rule_family *family = efimap_rule_families; family->name;
	     family++)
		assert_non_null(strstr(list, family->title));
	assert_null(strstr(list, " \n"));
	assert_null(strstr(list, ".\n"));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_rule_is_told_whole),
		cmocka_unit_test(colors_change_no_word),
		cmocka_unit_test(all_rules_fit_any_width),
		cmocka_unit_test(every_rule_is_listed),
		cmocka_unit_test(the_list_fits_a_terminal),
	};

	return cmocka_run_group_tests_name("format/explain", tests, NULL, NULL) != 0;
}
