/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from captures made harmless, sizes, and wrapping. */
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/format.h"
#include "format/text.h"

struct row {
	const char *text;
	const char *safe;
	const char *ascii;
};

static const struct row plain = { "System RAM", "System RAM", "System RAM" };
static const struct row backslash = { "a\\b", "a\\b", "a\\b" };
static const struct row escape = { "\033[2J", "\\x1b[2J", "\\x1b[2J" };
static const struct row newline = { "a\nb\t", "a\\x0ab\\x09", "a\\x0ab\\x09" };
static const struct row del = { "\177", "\\x7f", "\\x7f" };
static const struct row umlaut = { "\303\274", "\303\274", "\\xc3\\xbc" };
static const struct row c1_control = { "\302\233A", "\\xc2\\x9bA", "\\xc2\\x9bA" };
static const struct row no_break_space = { "\302\240", "\302\240", "\\xc2\\xa0" };
static const struct row override = { "\342\200\256fdp", "\\xe2\\x80\\xaefdp",
				     "\\xe2\\x80\\xaefdp" };
static const struct row line_separator = { "\342\200\250", "\\xe2\\x80\\xa8",
					   "\\xe2\\x80\\xa8" };
static const struct row arabic_mark = { "\330\234", "\\xd8\\x9c", "\\xd8\\x9c" };
static const struct row soft_hyphen = { "\302\255", "\\xc2\\xad", "\\xc2\\xad" };
static const struct row filler = { "\343\205\244", "\\xe3\\x85\\xa4", "\\xe3\\x85\\xa4" };
static const struct row variation = { "\357\270\217", "\\xef\\xb8\\x8f", "\\xef\\xb8\\x8f" };
static const struct row beam = { "\360\235\205\263", "\\xf0\\x9d\\x85\\xb3",
				 "\\xf0\\x9d\\x85\\xb3" };
static const struct row replacement = { "\357\277\275", "\357\277\275", "\\xef\\xbf\\xbd" };
static const struct row tag = { "\363\240\201\201", "\\xf3\\xa0\\x81\\x81",
				"\\xf3\\xa0\\x81\\x81" };
static const struct row ellipsis = { "\342\200\246", "\342\200\246",
				     "\\xe2\\x80\\xa6" };
static const struct row lone_byte = { "a\377", "a\\xff", "a\\xff" };
static const struct row overlong_nul = { "\300\200", "\\xc0\\x80", "\\xc0\\x80" };
static const struct row overlong_three = { "\340\237\277", "\\xe0\\x9f\\xbf",
					   "\\xe0\\x9f\\xbf" };
static const struct row first_three = { "\340\240\200", "\340\240\200",
					"\\xe0\\xa0\\x80" };
static const struct row surrogate = { "\355\240\200", "\\xed\\xa0\\x80",
				      "\\xed\\xa0\\x80" };
static const struct row first_four = { "\360\220\200\200", "\360\220\200\200",
				       "\\xf0\\x90\\x80\\x80" };
static const struct row last = { "\364\217\277\277", "\364\217\277\277",
				 "\\xf4\\x8f\\xbf\\xbf" };
static const struct row above_last = { "\364\220\200\200", "\\xf4\\x90\\x80\\x80",
				       "\\xf4\\x90\\x80\\x80" };
static const struct row cut_short = { "\360\220\200", "\\xf0\\x90\\x80",
				      "\\xf0\\x90\\x80" };

static void expect(struct efimap_out *out, const char *text)
{
	efimap_out_putc(out, '\0');
	assert_int_equal(out->error, 0);
	assert_string_equal(out->data, text);
	out->used = 0;
}

static void is_harmless(void **state)
{
	const struct row *row = *state;
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	efimap_out_safe(&out, row->text);
	expect(&out, row->safe);
	text_ascii(&out, row->text);
	expect(&out, row->ascii);
}

static void sizes_are_short(void **state)
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

static void one_is_not_plural(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	text_plural(&out, 0, "entry", "entries");
	expect(&out, "0 entries");
	text_plural(&out, 1, "entry", "entries");
	expect(&out, "1 entry");
	text_plural(&out, 2, "entry", "entries");
	expect(&out, "2 entries");
}

static void hangs_below_its_start(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	efimap_out_puts(&out, "a  ");
	text_hang(&out, "one two three. Four", strlen("one two three"), 3, 10);
	expect(&out, "a  one two\n   three\n");
	text_hang(&out, "one", 0, 3, 10);
	expect(&out, "\n");
}

static void wraps_at_blanks(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	text_wrap(&out, "one two three", 2, 9);
	expect(&out, "  one two\n  three\n");
	text_wrap(&out, "one two three", 2, 8);
	expect(&out, "  one\n  two\n  three\n");
	text_wrap(&out, " a\n\nincomprehensible b ", 0, 4);
	expect(&out, "a\nincomprehensible\nb\n");
	text_wrap(&out, "\303\274\303\274 \303\274\303\274", 0, 5);
	expect(&out, "\303\274\303\274 \303\274\303\274\n");
	text_wrap(&out, "", 2, 10);
	expect(&out, "\n");
}

#define ROW(row)                                                                         \
	{                                                                                \
#row, is_harmless, NULL, NULL, (void *)(uintptr_t) & (row)               \
	}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		ROW(plain),
		ROW(backslash),
		ROW(escape),
		ROW(newline),
		ROW(del),
		ROW(umlaut),
		ROW(c1_control),
		ROW(no_break_space),
		ROW(ellipsis),
		ROW(soft_hyphen),
		ROW(filler),
		ROW(variation),
		ROW(beam),
		ROW(replacement),
		ROW(tag),
		ROW(arabic_mark),
		ROW(line_separator),
		ROW(override),
		ROW(lone_byte),
		ROW(overlong_nul),
		ROW(overlong_three),
		ROW(first_three),
		ROW(surrogate),
		ROW(first_four),
		ROW(last),
		ROW(above_last),
		ROW(cut_short),
		cmocka_unit_test(sizes_are_short),
		cmocka_unit_test(hangs_below_its_start),
		cmocka_unit_test(one_is_not_plural),
		cmocka_unit_test(wraps_at_blanks),
	};

	return cmocka_run_group_tests_name("format/text", tests, NULL, NULL) != 0;
}
