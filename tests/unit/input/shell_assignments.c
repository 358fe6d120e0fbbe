/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "input/shell_assignments.h"

static const char *const names[] = { "A", "B", NULL };

/* shell_filter() shortens a text in place, so its result must never be longer than the text. */
TEST(a_filtered_text_is_not_longer)
{
	static const struct {
		const char *text;
		const char *kept;
	} rows[] = {
		{ "A=1\n", "A=1\n" },
		{ "A=1 # comment\nC=2\n", "A=1\n" },
		{ "A=1;B=2\n", "A=1\nB=2\n" },
		{ "A=1;", "A=1" },
		{ "A=1 ", "A=1" },
		{ "A=1;B=2;", "A=1\nB=2" },
		{ "A=1 #", "A=1" },
		{ "A=1;C=2", "A=1\n#" },
		{ "A=1;\\\n", "A=1\n" },
		{ "A=1\\\n", "A=1\\\n" },
		{ "A=1;\n ", "A=1\n#" },
		{ "C=1", "#" },
		{ "x", "(" },
		{ "x\n", "(\n" },
		{ "\r\n", "\r\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[32];
		size_t len = strlen(rows[i].text);

		memcpy(text, rows[i].text, len + 1);
		shell_filter(text, &len, names);
		assert_int_equal(len, strlen(rows[i].kept));
		assert_memory_equal(text, rows[i].kept, len);
		/* Filtering a result does not change it. */
		shell_filter(text, &len, names);
		assert_int_equal(len, strlen(rows[i].kept));
		assert_memory_equal(text, rows[i].kept, len);
	}
}
