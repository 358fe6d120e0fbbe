/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain: every rule is listed, and fits a terminal. */
#include "test.h"
#include "base/cleanup.h"
#include "sample.h"

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

TEST(all_rules_fit_any_width)
{
	static const unsigned int widths[] = { 0, 1, 40, 80, 200 };

	for (int id = 0; id < EFIMAP_RULE_COUNT; id++)
		for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
			struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
			size_t width = !widths[i] ? 80 : widths[i] < 90 ? widths[i] : 90;

			assert_int_equal(efimap_explain_rule(
						 efimap_rule_get((enum efimap_rule_id)id),
						 false, widths[i], &out),
					 0);
			assert_lines_fit(sample_text(&out), width < 30 ? 30 : width);
		}
}

TEST(the_list_fits_a_terminal)
{
	static const char wide[] =
		"\n  error    map-absent                  The kernel was booted with EFI, but "
		"there\n"
		"                                       is no sys/firmware/efi/runtime-map\n"
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

TEST(every_rule_is_listed)
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
