/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "base/base64.h"

/* The examples are from RFC 4648, section 10. */
TEST(encodes_and_decodes)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xff\xef\xbe", "/+++" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t len = strlen(rows[i][0]);
		uint8_t data[16] = { 0 };
		char text[16];

		base64_encode((const uint8_t *)rows[i][0], len, text);
		assert_string_equal(text, rows[i][1]);
		assert_int_equal(base64_decode(text, strlen(text), data), len);
		assert_memory_equal(data, rows[i][0], len);
	}
}

TEST(invalid_text_is_refused)
{
	static const char *const rows[] = {
		"Z",	"Zg",	    "Zg=",  "Zg===", "=Zg=", "Zh==",
		"Zm9=", "Zm8=Zm8=", "Zm 8", "Zm9\n", "====", "Z===",
	};
	uint8_t data[16];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (base64_decode(rows[i], strlen(rows[i]), data) != -EBADMSG)
			fail_msg("\"%s\" was not refused with -EBADMSG", rows[i]);
}
