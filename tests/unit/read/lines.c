/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of systab and /proc/iomem, good and bad. */
#include <stdlib.h>
#include <string.h>

#include "../test.h"
#include "read/parse.h"

#define KEY_32 "A2345678901234567890123456789012"

static void systab_lines(void **state)
{
	static const struct {
		const char *name;
		const char *text;
		bool good;
		size_t key;
		uint64_t value;
	} rows[] = {
		{ "as the kernel prints it", "ACPI20=0x3f77d014", true, 6, 0x3f77d014 },
		{ "zero", "SMBIOS3=0x0", true, 7, 0 },
		{ "all bits", "UGA=0xffffffffffffffff", true, 3, UINT64_MAX },
		{ "32 characters", KEY_32 "=0x1", true, 32, 1 },
		{ "33 characters", KEY_32 "3=0x1", false, 0, 0 },
		{ "no key", "=0x1", false, 0, 0 },
		{ "no value", "ACPI=", false, 0, 0 },
		{ "no equals", "ACPI", false, 0, 0 },
		{ "empty", "", false, 0, 0 },
		{ "no prefix", "ACPI=3f77d014", false, 0, 0 },
		{ "17 digits", "ACPI=0x10000000000000000", false, 0, 0 },
		{ "negative", "ACPI=-0x1", false, 0, 0 },
		{ "a blank in the key", "ACPI 2.0=0x1", false, 0, 0 },
		{ "a blank at the end", "ACPI=0x1 ", false, 0, 0 },
		{ "two values", "ACPI=0x1=0x2", false, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_named named = { 0 };
		struct efimap_problem problem = { 0 };
		bool parsed = efimap_parse_systab_line(rows[i].text, strlen(rows[i].text), 7,
						       &named, &problem);

		if (parsed != rows[i].good || named.name_len != rows[i].key ||
		    named.value != rows[i].value)
			fail_msg("%s", rows[i].name);
		if (!parsed && (problem.kind != EFIMAP_FAULT_SYNTAX || problem.line != 7))
			fail_msg("%s: %s", rows[i].name, problem.text);
	}
}

struct iomem_row {
	const char *name;
	const char *text;
	bool good;
	struct efimap_iomem_line line;
	const char *problem;
};

static void run_iomem(const struct iomem_row *row)
{
	struct efimap_problem problem = { 0 };
	struct efimap_iomem_line line = { 0 };
	size_t len = strlen(row->text);
	char *exact = malloc(len ? len : 1);

	assert_non_null(exact);
	memcpy(exact, row->text, len);
	if (efimap_parse_iomem_line(exact, len, 7, 2, &line, &problem) != row->good)
		fail_msg("%s: %s", row->name, problem.text);
	if (line.span.first != row->line.span.first || line.span.last != row->line.span.last ||
	    line.depth != row->line.depth || line.name_len != row->line.name_len)
		fail_msg("%s: values", row->name);
	if (row->good && memcmp(line.name, row->line.name, line.name_len) != 0)
		fail_msg("%s: name", row->name);
	if (!row->good && (problem.kind != EFIMAP_FAULT_SYNTAX || problem.line != 7 ||
			   !strstr(problem.text, row->problem)))
		fail_msg("%s: %s", row->name, problem.text);
	free(exact);
}

static void iomem_lines(void **state)
{
#define NO_LINE { { 0, 0 }, 0, NULL, 0 }
#define LINE(first, last, depth, name) { { first, last }, depth, name, sizeof(name) - 1 }
	static const struct iomem_row rows[] = {
		{ "as the kernel prints it", "3f4ec000-3f76bfff : Reserved", true,
		  LINE(0x3f4ec000, 0x3f76bfff, 0, "Reserved"), "" },
		{ "a level down", "  3aa00000-3b801d31 : Kernel code", true,
		  LINE(0x3aa00000, 0x3b801d31, 1, "Kernel code"), "" },
		{ "two levels down", "    0-0 : pnp 00:06", true, LINE(0, 0, 2, "pnp 00:06"),
		  "" },
		{ "three levels down", "      0-0 : x", false, NO_LINE, "one level below" },
		{ "16 digits", "100000000-ffffffffffffffff : x", true,
		  LINE(0x100000000, UINT64_MAX, 0, "x"), "" },
		{ "17 digits", "0-10000000000000000 : x", false, NO_LINE, "START-END" },
		{ "one byte", "5-5 : x", true, LINE(5, 5, 0, "x"), "" },
		{ "end before start", "6-5 : x", false, NO_LINE, "ends before it starts" },
		{ "an odd blank", " 0-0 : x", false, NO_LINE, "two blanks" },
		{ "a tab", "\t0-0 : x", false, NO_LINE, "\"?0-0" },
		{ "no name", "0-0 : ", false, NO_LINE, "START-END" },
		{ "no separator", "0-0", false, NO_LINE, "START-END" },
		{ "no blank", "0-0: x", false, NO_LINE, "START-END" },
		{ "a name with a separator", "0-0 : a : b", true, LINE(0, 0, 0, "a : b"), "" },
		{ "no start", "-5 : x", false, NO_LINE, "START-END" },
		{ "no end", "5- : x", false, NO_LINE, "START-END" },
		{ "with 0x", "0x0-0x5 : x", false, NO_LINE, "START-END" },
		{ "empty", "", false, NO_LINE, "found \"\"" },
		{ "only blanks", "    ", false, NO_LINE, "START-END" },
	};
#undef NO_LINE
#undef LINE

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		run_iomem(&rows[i]);
}

static void line_numbers(void **state)
{
	struct efimap_lines lines = { .data = "a\r\n\nb", .len = 5 };
	static const size_t expected[] = { 1, 0, 1 };
	const char *text;
	size_t len;

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		assert_true(efimap_lines_next(&lines, &text, &len));
		assert_int_equal(lines.line, i + 1);
		assert_int_equal(len, expected[i]);
	}
	assert_false(efimap_lines_next(&lines, &text, &len));
}

UNIT_TESTS()
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(systab_lines),
		cmocka_unit_test(iomem_lines),
		cmocka_unit_test(line_numbers),
	};

	return cmocka_run_group_tests_name("read/lines", tests, NULL, NULL) != 0;
}
