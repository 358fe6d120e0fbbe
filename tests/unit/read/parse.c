/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parsers of values and lines: what the kernel prints is taken, each fault has its kind. */
#include "../test.h"
#include "base/cleanup.h"
#include "read/parse.h"

#define OK (-1)
#define EMPTY EFIMAP_FAULT_EMPTY
#define SYNTAX EFIMAP_FAULT_SYNTAX
#define BYTES(literal) (literal), sizeof(literal) - 1
#define LABEL_63 "123456789012345678901234567890123456789012345678901234567890123"

/* What a parser finds is a value, or how long a text is. */
typedef bool parser_fn(const char *data, size_t len, uint64_t *value,
		       struct efimap_problem *problem);

static bool hex(const char *data, size_t len, uint64_t *value,
		struct efimap_problem *problem)
{
	return efimap_parse_hex(data, len, UINT64_MAX, value, problem);
}

static bool label(const char *data, size_t len, uint64_t *value,
		  struct efimap_problem *problem)
{
	size_t found = (size_t)*value;
	const bool ret = efimap_parse_label(data, len, &found, problem);

	*value = found;
	return ret;
}

static bool platform_size(const char *data, size_t len, uint64_t *value,
			  struct efimap_problem *problem)
{
	unsigned int bits = (unsigned int)*value;
	const bool ret = efimap_parse_platform_size(data, len, &bits, problem);

	*value = bits;
	return ret;
}

static bool release(const char *data, size_t len, uint64_t *value,
		    struct efimap_problem *problem)
{
	const char *text = NULL;
	size_t found = (size_t)*value;
	const bool ret = efimap_parse_release(data, len, &text, &found, problem);

	*value = found;
	assert_ptr_equal(text, ret ? data + strlen("Linux version ") : NULL);
	return ret;
}

static bool boot_id(const char *data, size_t len, uint64_t *value,
		    struct efimap_problem *problem)
{
	size_t found = (size_t)*value;
	const bool ret = efimap_parse_boot_id(data, len, &found, problem);

	*value = found;
	return ret;
}

#define UNTOUCHED 32

static const struct row {
	parser_fn *parse;
	const char *data;
	size_t len;
	int kind;
	uint64_t value;
	const char *text;
} values[] = {
	{ hex, BYTES("0x3f5ec000\n"), OK, 0x3f5ec000, "" },
	{ hex, BYTES("0x0\n"), OK, 0, "" },
	{ hex, BYTES("0xffffffffffffffff\n"), OK, UINT64_MAX, "" },
	{ hex, BYTES("0x5"), OK, 5, "" },
	{ hex, BYTES(""), EMPTY, 0, "empty, expected 0x" },
	{ hex, BYTES("\n"), SYNTAX, 0, "found \"\"" },
	{ hex, BYTES("0x5\n\n"), SYNTAX, 0, "\"0x5?\"" },
	{ hex, BYTES("0x5\r\n"), SYNTAX, 0, "column 4" },
	{ hex, BYTES("5\n"), SYNTAX, 0, "expected 0x" },
	{ hex, BYTES("0x5\0\n"), SYNTAX, 0, "\"0x5?\"" },
	{ hex, BYTES("\033[31m\n"), SYNTAX, 0, "\"?[31m\"" },
	{ label, BYTES("System RAM\n"), OK, 10, "" },
	{ label, BYTES("Reserved"), OK, 8, "" },
	{ label, LABEL_63, 62, OK, 62, "" },
	{ label, BYTES(LABEL_63 "\n"), OK, 63, "" },
	{ label, BYTES(LABEL_63 "4\n"), SYNTAX, 0, "at most 63" },
	{ label, BYTES(""), EMPTY, 0, "System RAM" },
	{ label, BYTES("\n"), EMPTY, 0, "an empty line" },
	{ label, BYTES("Sys\033tem\n"), SYNTAX, 0, "\"Sys?tem\"" },
	{ label, BYTES("Sys\0tem\n"), SYNTAX, 0, "\"Sys?tem\"" },
	{ label, BYTES("Reserved\r\n"), SYNTAX, 0, "\"Reserved?\"" },
	{ label, BYTES("Speicher \xc3\xbc\n"), SYNTAX, 0, "printable" },
	{ platform_size, BYTES("64\n"), OK, 64, "" },
	{ platform_size, BYTES("32\n"), OK, 32, "" },
	{ platform_size, BYTES("64"), OK, 64, "" },
	{ platform_size, BYTES(""), EMPTY, 0, "64 or 32" },
	{ platform_size, BYTES("16\n"), SYNTAX, 0, "\"16\"" },
	{ platform_size, BYTES("064\n"), SYNTAX, 0, "\"064\"" },
	{ platform_size, BYTES("0x40\n"), SYNTAX, 0, "\"0x40\"" },
	{ release, BYTES("Linux version 6.1.0-56-amd64 (a@b)\n"), OK, 14, "" },
	{ release, BYTES("Linux version 6.12.117"), OK, 8, "" },
	{ release, BYTES(""), EMPTY, 0, "Linux version" },
	{ release, BYTES("Linux version "), SYNTAX, 0, "RELEASE" },
	{ release, BYTES("Linux version  6.1"), SYNTAX, 0, "RELEASE" },
	{ release, BYTES("FreeBSD 14.1\n"), SYNTAX, 0, "\"FreeBSD 14.1?\"" },
	{ release, BYTES("Linux version 4" LABEL_63 "\n"), OK, 64, "" },
	{ release, BYTES("Linux version 45" LABEL_63 "\n"), SYNTAX, 0,
	  "64 characters at most" },
	{ release, BYTES("Linux version v6.1 (x)\n"), SYNTAX, 0,
	  "found \"v6.1\", expected a release" },
	{ release, BYTES("Linux version 6.1</desc><script> (x)\n"), SYNTAX, 0,
	  "found \"6.1</desc><script>\", expected a release" },
	{ release, BYTES("Linux version 6.1\xff (x)\n"), SYNTAX, 0,
	  "found \"6.1?\", expected a release" },
	{ boot_id, BYTES("734e9075-5ce4-496b-8efc-7df6a1244e2f\n"), OK, 36, "" },
	{ boot_id, BYTES(""), EMPTY, 0, "36" },
	{ boot_id, BYTES("734e9075-5ce4-496b-8efc-7df6a1244e2\n"), SYNTAX, 0, "36" },
	{ boot_id, BYTES("734e9075-5ce4-496b-8efc-7df6a1244e2f0\n"), SYNTAX, 0, "36" },
	{ boot_id, BYTES("734e9075-5ce4-496b-8efc-7df6a1244e2x\n"), SYNTAX, 0, "36" },
	{ boot_id, BYTES("734e9075-5ce4-496b-8efc-7df6a1244e2\0\n"), SYNTAX, 0, "36" },
};

/* In a block of its very size, so that ASan sees a read beyond it. */
static void expect_row(const struct row *row)
{
	struct efimap_problem problem = { 0 };
	uint64_t value = UNTOUCHED;
	char *data = malloc(row->len ? row->len : 1);
	bool parsed;

	assert_non_null(data);
	memcpy(data, row->data, row->len);
	parsed = row->parse(data, row->len, &value, &problem);
	free(data);
	if (parsed != (row->kind == OK) || value != (parsed ? row->value : UNTOUCHED))
		fail_msg("%s: %s, %u", row->data, parsed ? "accepted" : problem.text,
			 (unsigned int)value);
	if (!parsed &&
	    ((int)problem.kind != row->kind || !strstr(problem.text, row->text)))
		fail_msg("%s: kind %d: %s", row->data, (int)problem.kind, problem.text);
}

TEST(values_and_lines)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		expect_row(&values[i]);
}

/* A value of 4095 bytes is merely wrong; a whole page is too long whatever is in it. */
TEST(value_size)
{
	static const struct {
		size_t len;
		enum efimap_fault_kind kind;
	} rows[] = {
		{ 4095, EFIMAP_FAULT_SYNTAX },
		{ 4096, EFIMAP_FAULT_TOO_LONG },
		{ 4097, EFIMAP_FAULT_TOO_LONG },
	};
	struct efimap_problem problem;
	char data[4097];
	uint64_t value;

	memset(data, '1', sizeof(data));
	memcpy(data, "0x", 2);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_false(efimap_parse_hex(data, rows[i].len, UINT64_MAX, &value,
					      &problem));
		assert_int_equal(problem.kind, rows[i].kind);
	}
}

TEST(indices)
{
	static const struct {
		const char *name;
		bool good;
		uint32_t index;
	} rows[] = {
		{ "0", true, 0 },
		{ "107", true, 107 },
		{ "4294967294", true, 4294967294 },
		{ "4294967295", false, 0 },
		{ "4294967296", false, 0 },
		{ "01", false, 0 },
		{ "00", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ "1a", false, 0 },
		{ "0x1", false, 0 },
		{ " 1", false, 0 },
		{ "x", false, 0 },
		{ "", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint32_t index = 4711;

		if (efimap_parse_index(rows[i].name, &index) != rows[i].good)
			fail_msg("\"%s\"", rows[i].name);
		assert_int_equal(index, rows[i].good ? rows[i].index : 4711);
	}
}

#define KEY_32 "A2345678901234567890123456789012"

TEST(systab_lines)
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
	efimap_auto_free char *exact = malloc(len ? len : 1);

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
}

TEST(iomem_lines)
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
