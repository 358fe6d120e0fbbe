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

/* The line of the gate is skipped only if the two paths are equal, and nothing else follows. */
TEST(the_line_of_the_gate_is_skipped)
{
	static const struct {
		const char *text;
		bool is_read;
	} rows[] = {
		{ "[ ! -r /usr/efimapctl/gate ] || . /usr/efimapctl/gate\nA=1", true },
		{ "[ ! -r /usr/efimapctl/gate ] || . /usr/efimapctl/gate", true },
		{ "[ ! -r /usr/efimapctl/gate ] || . /usr/efimapctl/gate2\nA=1", false },
		{ "[ ! -r /usr/efimapctl/gate ] || .\n /usr/efimapctl/gate\nA=1", false },
		{ "[ ! -r ", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct shell_variable variable = { .name = "A" };
		char text[96];

		strcpy(text, rows[i].text);
		assert_int_equal(shell_read(text, strlen(text), &variable, 1), rows[i].is_read);
	}
}
