/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/utf8.h"

static size_t encode(uint32_t code, char text[EFIMAP_UTF8_MAX])
{
	const size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = length; i-- > 1; code >>= 6)
		text[i] = (char)(0x80 | (code & 0x3f));
	text[0] = (char)(leads[length] | code);
	return length;
}

static bool is_surrogate(uint32_t code)
{
	return code >= 0xd800 && code <= 0xdfff;
}

TEST(every_code_point)
{
	for (uint32_t code = 0; code < 0x120000; code++) {
		char text[EFIMAP_UTF8_MAX];
		const size_t length = encode(code, text);
		const bool is_valid = code <= 0x10ffff && !is_surrogate(code);

		assert_int_equal(utf8_length(text, length), is_valid ? length : 0);
		assert_int_equal(utf8_length(text, length - 1), 0);
		if (is_valid)
			assert_int_equal(utf8_decode(text, length), code);
	}
}

/* 1,920 two-byte sequences are valid. Overlong sequences, such as 0xc0 0x80, are invalid. */
TEST(every_pair_of_bytes)
{
	unsigned int characters = 0;

	for (unsigned int pair = 0; pair < 65536; pair++) {
		const char text[] = { (char)(pair >> 8), (char)pair };
		const size_t length = utf8_length(text, 2);

		characters += length == 2;
		assert_true((length == 1) == (pair >> 8 < 0x80));
	}
	assert_int_equal(characters, 0x800 - 0x80);
}

TEST(broken_rows)
{
	static const char *const rows[] = {
		"\x80",		"\xbf",		 "\xc1\xbf",	 "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80", "\xf4\x90\x80",	 "\xf5\x80\x80", "\xff",	 "\xe2\x82",
		"\xe2\x82x",	"\xf0\x9f\x98x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (utf8_length(rows[i], EFIMAP_UTF8_MAX))
			fail_msg("row %zu: an invalid sequence was accepted", i);
}

TEST(columns)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *prefix; /* in four columns */
	} rows[] = {
		{ "", 0, "" },
		{ "abcde", 5, "abcd" },
		{ "B\u00fcro", 4, "B\u00fcro" },
		{ "u\u0308ber", 4, "u\u0308ber" },
		{ "\u65e5\u672c\u8a9e", 6, "\u65e5\u672c" },
		{ "abc\u65e5", 5, "abc" },
		{ "\u30ab\u3099", 2, "\u30ab\u3099" },
		{ "\U0001f600", 2, "\U0001f600" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *text = rows[i].text;

		assert_int_equal(utf8_columns(text, strlen(text)), rows[i].columns);
		assert_int_equal(utf8_prefix(text, 4), strlen(rows[i].prefix));
	}
}
