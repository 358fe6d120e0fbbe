/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/cleanup.h"
#include "show/explain.h"
#include "../sample_capture.h"

static void assert_lines_fit(const char *text, size_t width)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), start = strspn(text, " ");

		if (strncmp(text + start, "- ", 2) == 0)
			start += 2;
		else if (strncmp(text + start + 1, ". ", 2) == 0)
			start += 3;
		/* Of the indented lines, only a command or a single word may exceed the width. */
		if (len > width && text[0] == ' ' && strncmp(text + start, "$ ", 2) != 0)
			assert_null(memchr(text + start, ' ', len - start));
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
