/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "base/text_scan.h"

TEST(clean)
{
	static const struct {
		const char *name;
		const char *text;
		const char *expected;
	} rows[] = {
		{ "ASCII", "System RAM", "System RAM" },
		{ "control characters", "a\tb\nc\033[0m\177", "a?b?c?[0m?" },
		{ "two bytes", "\xc3\xbc", "\xc3\xbc" },
		{ "three bytes", "\xe2\x82\xac", "\xe2\x82\xac" },
		{ "four bytes", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "last code point", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },
		{ "beyond Unicode", "\xf4\x90\x80\x80", "????" },
		{ "C1 control character", "\xc2\x9b", "??" },
		{ "no-break space", "\xc2\xa0", "\xc2\xa0" },
		{ "overlong", "\xc0\xaf\xe0\x80\xaf", "?????" },
		{ "surrogate", "\xed\xa0\x80", "???" },
		{ "cut short", "a\xe2\x82", "a??" },
		{ "continuation alone", "\x80z", "?z" },
		{ "broken in the middle", "\xe2\x28\xa1", "?(?" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[32];

		strncpy(text, rows[i].text, sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		text_clean(text, strlen(text));
		if (strcmp(text, rows[i].expected) != 0)
			fail_msg("%s: \"%s\", expected \"%s\"", rows[i].name, text,
				 rows[i].expected);
	}
}

TEST(quote)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
		{ "", "\"\"" },
		{ "a\nb", "\"a?b\"" },
		{ "a\", b", "\"a\\\", b\"" },
		{ "a\\\", b\\", "\"a\\\\\\\", b\\\\\"" },
		{ "1234567890123456789012345678901234567890",
		  "\"1234567890123456789012345678901234567890\"" },
		{ "12345678901234567890123456789012345678901",
		  "\"1234567890123456789012345678901234567890\"..." },
		{ "123456789012345678901234567890123456789\xc3\xbc",
		  "\"123456789012345678901234567890123456789?\"..." },
	};
	char buf[EFIMAP_QUOTE_SIZE], quotes[41];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(text_quote(buf, rows[i].text, strlen(rows[i].text)),
				    rows[i].expected);
	/* The longest quote contains 40 quotation marks, each after a backslash. */
	memset(quotes, '"', sizeof(quotes));
	assert_int_equal(strlen(text_quote(buf, quotes, sizeof(quotes))),
			 strlen("\"\"...") + 2 * 40);
}

/* Only a single word is shown without quotes. */
TEST(mark)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
		{ "/boot/vmlinuz-6.1.0-50-amd64", "/boot/vmlinuz-6.1.0-50-amd64" },
		{ "", "\"\"" },
		{ "/boot/k; kexec -e", "\"/boot/k; kexec -e\"" },
		{ "$(x)", "\"$(x)\"" },
		{ "a\". Use: b\n", "\"a\\\". Use: b?\"" },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(text_mark(&arena, rows[i].text), rows[i].expected);
	arena_free(&arena);
}

TEST(one_of)
{
	assert_true(text_is_one_of('a', "abc"));
	assert_true(text_is_one_of('c', "abc"));
	assert_false(text_is_one_of('d', "abc"));
	assert_false(text_is_one_of('\0', "abc"));
	assert_false(text_is_one_of('\0', ""));
}

TEST(lines)
{
	static const struct {
		const char *name;
		const char *text;
		size_t line;
		size_t next;
	} rows[] = {
		{ "a line", "abc\nd", 3, 4 },
		{ "carriage return", "abc\r\nd", 3, 5 },
		{ "no newline", "abc", 3, 3 },
		{ "empty line", "\nabc", 0, 1 },
		{ "nothing", "", 0, 0 },
		{ "a lone carriage return", "\r\n", 0, 2 },
		{ "return inside", "a\rb\n", 3, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t next;
		size_t line = text_line(rows[i].text, strlen(rows[i].text), &next);

		if (line != rows[i].line || next != rows[i].next)
			fail_msg("%s: length %zu and next line at %zu, expected %zu and %zu",
				 rows[i].name, line, next, rows[i].line, rows[i].next);
	}
}

/* Each call advances, because callers take words until the end of the text. */
TEST(words_are_separated_by_all_kinds_of_spaces)
{
	static const char line[] = "\rfunc=X \t\r\n  a\rb\r";
	static const char *const words[] = { "func=X", "a", "b", "" };
	struct text text = { line, strlen(line) };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		assert_true(text_is(text_take_word(&text), words[i]));
	assert_int_equal(text.len, 0);
}

/* A path that ends with a slash has an empty last part. */
TEST(last_part_of_a_path)
{
	static const char *const rows[][2] = {
		{ "a/b/c", "c" }, { "/c", "c" }, { "c", "c" },
		{ "a/", "" },	  { "/", "" },	 { "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(last_part(rows[i][0]), rows[i][1]);
}
