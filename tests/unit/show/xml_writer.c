/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>

#include "sample_capture.h"
#include "show/xml_writer.h"

TEST(text_becomes_harmless)
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
		/* U+202E, U+2066, U+200B, U+FEFF and U+FFFF are invisible or not characters. */
		{ "\xe2\x80\xae" "x", "\\xe2\\x80\\xaex" },
		{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6" },
		{ "\xe2\x80\x8b", "\\xe2\\x80\\x8b" },
		{ "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
		{ "\xef\xbf\xbf", "\\xef\\xbf\\xbf" },
		/* U+2026, U+FFFD and U+1F600 are ordinary characters. */
		{ "\xe2\x80\xa6\xef\xbf\xbd\xf0\x9f\x98\x80",
		  "\xe2\x80\xa6\xef\xbf\xbd\xf0\x9f\x98\x80" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
		struct xml *xml = xml_of(&out);

		xml_put(xml, "%s", rows[i].text);
		assert_string_equal(sample_text(&out), rows[i].wanted);
	}
}

TEST(only_the_literal_is_markup)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	struct xml *xml = xml_of(&out);

	xml_put(xml, "<b class=\"%s\">%s</b>", "\" onload=\"x", "</b><script>");
	xml_put(xml, "<i>%u %zu %%</i>", UINT_MAX, (size_t)7);
	assert_string_equal(sample_text(&out),
			    "<b class=\"&quot; onload=&quot;x\">&lt;/b&gt;&lt;script&gt;"
			    "</b><i>4294967295 7 %</i>");
}

TEST(other_conversions_are_errors)
{
	for (size_t i = 0; i < 4; i++) {
		efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
		struct xml *xml = xml_of(&out);

		if (i == 0)
			xml_put(xml, "%c", 'x');
		else if (i == 1)
			xml_put(xml, "%zx", (size_t)1);
		else if (i == 2)
			xml_put(xml, "%lu", 1UL);
		else
			xml_put(xml, "%02u", 1U);
		assert_int_equal(out.error, -EINVAL);
	}
}

TEST(what_was_gathered_is_text_too)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM, empty = EFIMAP_OUT_MEM;
	efimap_auto_out struct efimap_out bad = { .fd = -1, .error = -ENOMEM };
	struct xml *xml = xml_of(&out);

	efimap_out_puts(&text, "a<b\n\xc3");
	xml_lines(xml, &text);
	xml_put(xml, "<p>%s</p>", xml_gathered(xml, &empty));
	assert_string_equal(sample_text(&out), "a&lt;b\n\\xc3<p></p>");
	assert_string_equal(xml_gathered(xml, &bad), "");
	assert_int_equal(out.error, -ENOMEM);
}

TEST(a_part_is_markup)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	efimap_auto_out struct efimap_out gathered = EFIMAP_OUT_MEM;
	struct xml *xml = xml_of(&out), *part = xml_of(&gathered);

	xml_put(part, "<b>%s</b>", "&");
	xml_put(xml, "<p>");
	xml_append(xml, part);
	xml_put(xml, "</p>");
	assert_string_equal(sample_text(&out), "<p><b>&amp;</b></p>");
	xml_put(part, "%c", 'x');
	xml_append(xml, part);
	assert_int_equal(out.error, -EINVAL);
}
