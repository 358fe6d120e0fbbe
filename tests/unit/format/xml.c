/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of strangers in markup. */
#include <string.h>

#include "test.h"

#include "xml.h"

static void text_becomes_harmless(void **state)
{
	static const struct {
		const char *text;
		const char *wanted;
	} rows[] = {
		{ "", "" },
		{ "System RAM", "System RAM" },
		{ "<b class='x' id=\"y\">&amp;", "&lt;b class=&#39;x&#39; id=&quot;y&quot;&gt;"
						 "&amp;amp;" },
		{ "]]> <!-- -->", "]]&gt; &lt;!-- --&gt;" },
		{ "a\nb", "a\\x0ab" },
		{ "a\r\t\033[2J\177", "a\\x0d\\x09\\x1b[2J\\x7f" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "\xc2\x85", "\\xc2\\x85" },
		{ "\xff\xc3", "\\xff\\xc3" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		/* U+202E, U+2066, U+200B, U+FEFF, U+FFFF: not seen, or no characters */
		{ "\xe2\x80\xae" "x", "\\xe2\\x80\\xaex" },
		{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6" },
		{ "\xe2\x80\x8b", "\\xe2\\x80\\x8b" },
		{ "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
		{ "\xef\xbf\xbf", "\\xef\\xbf\\xbf" },
		/* U+2026, U+FFFD, U+1F600: ordinary */
		{ "\xe2\x80\xa6\xef\xbf\xbd\xf0\x9f\x98\x80",
		  "\xe2\x80\xa6\xef\xbf\xbd\xf0\x9f\x98\x80" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

		xml_text(&out, rows[i].text);
		efimap_out_putc(&out, '\0');
		assert_int_equal(out.error, 0);
		assert_string_equal(out.data, rows[i].wanted);
	}
}

static void a_part_is_a_text_too(void **state)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	xml_lines(&out, "a<b", 2);
	xml_lines(&out, "\xc3\xbc", 1);
	xml_lines(&out, "", 0);
	xml_lines(&out, "\n", 1);
	efimap_out_putc(&out, '\0');
	assert_string_equal(out.data, "a&lt;\\xc3\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_harmless),
		cmocka_unit_test(a_part_is_a_text_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
