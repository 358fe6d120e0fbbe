/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decode UTF-8 strictly, as RFC 3629 requires. */
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
