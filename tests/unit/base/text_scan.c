/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "base/text_scan.h"

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
