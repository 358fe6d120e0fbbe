/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "input/shell_assignments.h"
#include "base/cleanup.h"
#include "test.h"

/*
 * @expected is the value of A, or NULL if A is not set, its value is unknown, or the text is not
 * read.
 */
struct row {
	const char *text;
	bool is_read;
	bool is_set;
	const char *expected;
};

static const struct row rows[] = {
	{ "", true, false, NULL },
	{ "\n\n  \t\n# A=1\n", true, false, NULL },
	{ "A=", true, true, "" },
	{ "A=1", true, true, "1" },
	{ "  A=1  \n", true, true, "1" },
	{ "A=1;B=2\nA=3;", true, true, "3" },
	{ "B=2\nAA=3\n_A=4", true, false, NULL },
	{ "A=1 # 2", true, true, "1" },
	{ "A=1#2", true, true, "1#2" },
	{ "A=1\nA=\n", true, true, "" },
	{ "A='a \"$b\" \\'c", true, true, "a \"$b\" \\c" },
	{ "A=\"a 'b' \\\"c\\\" \\$d \\\\ \\e\"", true, true, "a 'b' \"c\" $d \\ \\e" },
	{ "A=a\\ b\\\\", true, true, "a b\\" },
	{ "A=a\\", true, true, "a\\" },
	{ "A=a\\\nb \\\n # c", true, true, "ab" },
	{ "A=\"a\\\nb\"", true, true, "ab" },
	{ "A=''\"\"x''", true, true, "x" },
	{ "A=*?[x]{a,b}!%=", true, true, "*?[x]{a,b}!%=" },
	/* A value is unknown if it contains control characters or only a shell can evaluate it. */
	{ "A=$B", true, true, NULL },
	{ "A=1\nA=x${B}y", true, true, NULL },
	{ "A=\"x $(cat /a (b) c) y\"", true, true, NULL },
	{ "A=`cat /a`", true, true, NULL },
	{ "A=~/x", true, true, NULL },
	{ "A='1\n2'", true, true, NULL },
	{ "A=\001", true, true, NULL },
	{ "A=1\r\n", true, true, NULL },
	{ "A=1\nA+=2\n", true, true, NULL },
	/* A later assignment makes the value known again. */
	{ "A=$B\nA=2\n", true, true, "2" },
	{ "B=\"$(cat /a)\"\nA=2\n", true, true, "2" },
	{ "B=$ A=1", false, false, NULL },
	/* The line that sources efimapctl's gate is accepted. Similar lines are not. */
	{ "A=1\n[ ! -r /usr/share/efimapctl/gate ] || . /usr/share/efimapctl/gate\n", true, true,
	  "1" },
	{ "[ ! -r /efimapctl/gate ] || . /efimapctl/gate", true, false, NULL },
	{ "A=1\n[ ! -r /efimapctl/gate ] || . /efimapctl/more\n", false, false, NULL },
	{ "A=1\n[ ! -r /etc/more ] || . /etc/more\n", false, false, NULL },
	{ "A=1\n[ ! -r /efimapctl/gate ] || . /efimapctl/gate x\n", false, false, NULL },
	{ "A=1\n[ ! -r  ] || . ", false, false, NULL },
	{ "A=1\n[ ! -r ", false, false, NULL },
	/* A file that contains another command or an incomplete line is not read. */
	{ "A=1\n. /etc/more\n", false, false, NULL },
	{ "[ -e x ] && A=1\n", false, false, NULL },
	{ "A=1 B=2\n", false, false, NULL },
	{ "A=1 command\n", false, false, NULL },
	{ "A=1&\n", false, false, NULL },
	{ "A=1;;\n", false, false, NULL },
	{ ";A=1\n", false, false, NULL },
	{ "A=(1 2)\n", false, false, NULL },
	{ "export A=1\n", false, false, NULL },
	{ "A =1\n", false, false, NULL },
	{ "1A=1\n", false, false, NULL },
	{ "A=1\n'", false, false, NULL },
	{ "A='1", false, false, NULL },
	{ "A=\"1", false, false, NULL },
	{ "A=\"1\\", false, false, NULL },
	{ "A=$(cat", false, false, NULL },
	{ "A=$(cat \"x)\")", false, false, NULL },
	{ "A=`cat \\`x\\``", false, false, NULL },
	{ "A=1\n\\", false, false, NULL },
	{ "=1", false, false, NULL },
};

TEST(assignments)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		struct efimap_shell_variable variable = { .name = "A" };
		/* The text has no terminating NUL. */
		efimap_auto_free char *text = malloc(strlen(row->text) + 1);

		assert_non_null(text);
		memcpy(text, row->text, strlen(row->text));
		if (efimap_shell_read(text, strlen(row->text), &variable, 1) != row->is_read ||
		    variable.is_set != row->is_set || !variable.value != !row->expected ||
		    (row->expected && strcmp(variable.value, row->expected) != 0))
			fail_msg("row %zu: %s: set %d, %s", i, row->text, variable.is_set,
				 variable.value ? variable.value : "not known");
	}
}
