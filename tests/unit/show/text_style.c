/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sample_capture.h"
#include "base/cleanup.h"
#include "show/text_style.h"
#include "base/escape_text.h"

struct row {
	const char *name;
	const char *text;
	const char *safe;
	const char *ascii;
};

static const struct row harmless_rows[] = {
	{ "plain", "System RAM", "System RAM", "System RAM" },
	{ "backslash", "a\\b", "a\\b", "a\\b" },
	{ "escape", "\033[2J", "\\x1b[2J", "\\x1b[2J" },
	{ "newline", "a\nb\t", "a\\x0ab\\x09", "a\\x0ab\\x09" },
	{ "del", "\177", "\\x7f", "\\x7f" },
	{ "umlaut", "\303\274", "\303\274", "\\xc3\\xbc" },
	{ "c1 control", "\302\233A", "\\xc2\\x9bA", "\\xc2\\x9bA" },
	{ "no break space", "\302\240", "\302\240", "\\xc2\\xa0" },
	{ "override", "\342\200\256fdp", "\\xe2\\x80\\xaefdp", "\\xe2\\x80\\xaefdp" },
	{ "line separator", "\342\200\250", "\\xe2\\x80\\xa8", "\\xe2\\x80\\xa8" },
	{ "arabic mark", "\330\234", "\\xd8\\x9c", "\\xd8\\x9c" },
	{ "soft hyphen", "\302\255", "\\xc2\\xad", "\\xc2\\xad" },
	{ "filler", "\343\205\244", "\\xe3\\x85\\xa4", "\\xe3\\x85\\xa4" },
	{ "variation", "\357\270\217", "\\xef\\xb8\\x8f", "\\xef\\xb8\\x8f" },
	{ "beam", "\360\235\205\263", "\\xf0\\x9d\\x85\\xb3", "\\xf0\\x9d\\x85\\xb3" },
	{ "replacement", "\357\277\275", "\357\277\275", "\\xef\\xbf\\xbd" },
	{ "tag", "\363\240\201\201", "\\xf3\\xa0\\x81\\x81", "\\xf3\\xa0\\x81\\x81" },
	{ "ellipsis", "\342\200\246", "\342\200\246", "\\xe2\\x80\\xa6" },
	{ "lone byte", "a\377", "a\\xff", "a\\xff" },
	{ "cut short", "\360\220\200", "\\xf0\\x90\\x80", "\\xf0\\x90\\x80" },
};

static void expect(struct efimap_out *out, const char *text)
{
	assert_string_equal(sample_text(out), text);
}

static void expect_row(const struct row *row)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	print_message("%s\n", row->name);
	efimap_out_escaped(&out, row->text);
	expect(&out, row->safe);
	efimap_out_ascii(&out, row->text);
	expect(&out, row->ascii);
}

TEST(is_harmless)
{
	for (size_t i = 0; i < ARRAY_SIZE(harmless_rows); i++)
		expect_row(&harmless_rows[i]);
}

TEST(sizes_are_short)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{ 0, "0B" },
		{ 1, "1B" },
		{ 1023, "1023B" },
		{ 4096, "4K" },
		{ 1 << 20, "1M" },
		{ 4 << 20, "4M" },
		{ (7 << 20) + (1 << 19), "7.5M" },
		{ (7 << 20) + 102 * 1024, "7M" },
		{ (7 << 20) + 103 * 1024, "7.1M" },
		{ 1937 * 4096, "7.5M" },
		{ (8 << 20) - 4096, "7.9M" },
		{ (1 << 20) - 1, "1023.9K" },
		{ UINT64_C(1) << 60, "1E" },
		{ UINT64_C(3) << 59, "1.5E" },
		{ UINT64_MAX, "15.9E" },
	};
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		text_size(&out, rows[i].bytes);
		expect(&out, rows[i].text);
	}
	text_span_size(&out, 1);
	expect(&out, "1B");
	text_span_size(&out, 0);
	expect(&out, "16E");
}

static void hang(struct efimap_out *out, const char *text, unsigned int indent,
		 unsigned int width)
{
	text_flow(out, text, strlen(text), indent, indent, width);
}

TEST(wraps_at_blanks)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	hang(&out, "one two three", 2, 9);
	expect(&out, "one two\n  three\n");
	hang(&out, "one two three", 2, 8);
	expect(&out, "one\n  two\n  three\n");
	hang(&out, " a\n\nincomprehensible b ", 0, 4);
	expect(&out, "a\nincomprehensible\nb\n");
	hang(&out, "\303\274\303\274 \303\274\303\274", 0, 5);
	expect(&out, "\303\274\303\274 \303\274\303\274\n");
	hang(&out, "", 2, 10);
	expect(&out, "\n");
}

TEST(keeps_commands_together)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	hang(&out, "run efimapctl received here", 0, 18);
	expect(&out, "run\nefimapctl received\nhere\n");
	hang(&out, "load with kexec -s --noefi", 0, 20);
	expect(&out, "load with\nkexec -s --noefi\n");
	hang(&out, "see (\"a b\") \"c\nd e\", f", 0, 10);
	expect(&out, "see\n(\"a b\")\n\"c d e\", f\n");
	/* A quotation is wrapped only if it does not fit on a line. */
	hang(&out, "\"one two three\" efimapctl explain", 0, 9);
	expect(&out, "\"one two\nthree\"\nefimapctl\nexplain\n");
	hang(&out, "a - b \"c", 0, 3);
	expect(&out, "a -\nb\n\"c\n");
}
