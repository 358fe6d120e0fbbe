/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decode UTF-8 strictly, as RFC 3629 requires. */
#include <stdbool.h>

#include "base/utf8.h"

/* First bytes of multi-byte characters, ranges of the second byte, and lengths in bytes. */
static const struct {
	unsigned char first, last;
	unsigned char low, high;
	size_t length;
} forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t utf8_length(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t form = 0, length;

	if (len == 0 || s[0] < 0x80)
		return len > 0;
	while (form < sizeof(forms) / sizeof(forms[0]) && s[0] > forms[form].last)
		form++;
	if (form == sizeof(forms) / sizeof(forms[0]) || s[0] < forms[form].first)
		return 0;
	length = forms[form].length;
	if (length > len || s[1] < forms[form].low || s[1] > forms[form].high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

uint32_t utf8_decode(const char *text, size_t length)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t code = length > 1 ? s[0] & (0x7fU >> length) : s[0];

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (s[i] & 0x3fU);
	return code;
}

struct code_range {
	uint32_t first;
	uint32_t last;
};

static bool is_in(const struct code_range *ranges, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

/* The ranges are those of Unicode's EastAsianWidth.txt (W and F) and of the main blocks of Mn. */
static size_t columns_of_code(uint32_t code)
{
	static const struct code_range combining[] = {
		{ 0x300, 0x36f },   { 0x483, 0x489 },	{ 0x591, 0x5bd },   { 0x610, 0x61a },
		{ 0x64b, 0x65f },   { 0x6d6, 0x6dc },	{ 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
		{ 0x20d0, 0x20f0 }, { 0x3099, 0x309a }, { 0xfe20, 0xfe2f },
	};
	static const struct code_range wide[] = {
		{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },
		{ 0xa960, 0xa97c },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
		{ 0xfe30, 0xfe6f },   { 0xff01, 0xff60 },   { 0xffe0, 0xffe6 },
		{ 0x16fe0, 0x18aff }, { 0x1b000, 0x1b2ff }, { 0x1f300, 0x1f64f },
		{ 0x1f680, 0x1f6ff }, { 0x1f900, 0x1faff }, { 0x20000, 0x3fffd },
	};

	if (is_in(combining, sizeof(combining) / sizeof(combining[0]), code))
		return 0;
	return is_in(wide, sizeof(wide) / sizeof(wide[0]), code) ? 2 : 1;
}

size_t utf8_columns(const char *text, size_t len)
{
	size_t columns = 0;

	for (size_t at = 0, length; at < len; at += length) {
		length = (unsigned char)text[at] < 0x80 ? 0 : utf8_length(text + at, len - at);
		columns += length ? columns_of_code(utf8_decode(text + at, length)) : 1;
		length = length ? length : 1;
	}
	return columns;
}

size_t utf8_prefix(const char *text, size_t columns)
{
	size_t at = 0, length;

	while ((length = text[at] ? utf8_length(text + at, EFIMAP_UTF8_MAX) : 0)) {
		const size_t needed = columns_of_code(utf8_decode(text + at, length));

		if (needed > columns)
			break;
		columns -= needed;
		at += length;
	}
	return at;
}
