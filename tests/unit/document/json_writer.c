/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>

#include <jansson.h>

#include "test.h"
#include "base/cleanup.h"
#include "document/json_writer.h"

static void write_sample(bool compact, struct out *out)
{
	struct json json;

	json_begin(&json, "efimap-test", DOCUMENT_VERSION, "/", compact, out);
	json_open(&json, '[', "none", false);
	json_close(&json);
	json_open(&json, '[', "rows", false);
	json_open(&json, '{', NULL, true);
	json_put_count(&json, "index", 7);
	json_put_hex(&json, "mask", UINT64_C(0x800000000000000f));
	json_close(&json);
	json_put_text(&json, NULL, NULL);
	json_close(&json);
	json_open(&json, '{', "inner", false);
	json_put_hex(&json, "zero", 0);
	json_close(&json);
	json_end(&json);
}

struct text_row {
	const char *name;
	const char *text;
	const char *written;
	const char *read;
};

static const struct text_row text_rows[] = {
	{ "plain", "System RAM", "\"System RAM\"", "System RAM" },
	{ "empty", "", "\"\"", "" },
	{ "quotes", "a\"\\b", "\"a\\\"\\\\b\"", "a\"\\b" },
	{ "escape", "\033[2J", "\"\\u001B[2J\"", "\033[2J" },
	{ "del", "a\177b\177", "\"a\\u007Fb\\u007F\"", "a\177b\177" },
	{ "umlaut", "Gr\303\274n", "\"Gr\\u00FCn\"", "Gr\303\274n" },
	{ "c1", "\302\233A", "\"\\u009BA\"", "\302\233A" },
	{ "astral", "\360\237\230\200", "\"\\uD83D\\uDE00\"", "\360\237\230\200" },
	{ "lone", "a\377b", "\"a\\uFFFDb\"", "a\357\277\275b" },
	{ "cut short", "a\342\202", "\"a\\uFFFD\\uFFFD\"", "a\357\277\275\357\277\275" },
	{ "overlong", "\300\257", "\"\\uFFFD\\uFFFD\"", "\357\277\275\357\277\275" },
	{ "surrogate", "\355\240\200", "\"\\uFFFD\\uFFFD\\uFFFD\"",
	  "\357\277\275\357\277\275\357\277\275" },
};

static void expect_text(const struct text_row *row)
{
	struct out out auto_out = EFIMAP_OUT_MEM;
	struct json json = { .out = &out, .depth = 1, .compact = true };
	json_t *back;

	print_message("%s\n", row->name);
	json_put_text(&json, NULL, row->text);
	out_putc(&out, '\0');
	assert_int_equal(out.error, 0);
	assert_string_equal(out.data, row->written);
	back = json_loads(out.data, JSON_DECODE_ANY, NULL);
	assert_non_null(back);
	assert_string_equal(json_string_value(back), row->read);
	json_decref(back);
}

TEST(text_is_valid_ascii)
{
	for (size_t i = 0; i < ARRAY_SIZE(text_rows); i++)
		expect_text(&text_rows[i]);
}

TEST(keys_are_escaped)
{
	struct out out auto_out = EFIMAP_OUT_MEM;
	struct json json;
	json_t *back;

	json_begin(&json, "efimap-test", DOCUMENT_VERSION, "/", false, &out);
	json_put_count(&json, "a\"\033\377", 1);
	json_end(&json);
	back = json_loadb(out.data, out.used, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(back, "a\"\033\357\277\275")), 1);
	json_decref(back);
}

TEST(an_earlier_error_is_kept)
{
	auto_out struct out out = EFIMAP_OUT_MEM;

	out.error = -ENOSPC;
	write_sample(true, &out);
	assert_int_equal(out.error, -ENOSPC);
	assert_int_equal(out.used, 0);
}

TEST(a_full_disk_is_reported)
{
	int fd auto_fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct out out auto_out = EFIMAP_OUT_FD(fd);
	struct json json;

	assert_true(fd >= 0);
	json_begin(&json, "efimap-test", DOCUMENT_VERSION, "/", false, &out);
	json_open(&json, '[', "rows", false);
	for (size_t i = 0; i < 20000; i++)
		json_put_count(&json, NULL, i);
	json_close(&json);
	json_end(&json);
	assert_int_equal(out_flush(&out), -ENOSPC);
}

static json_t *read_back(const struct out *out)
{
	json_t *value = json_loadb(out->data, out->used, JSON_DECODE_ANY, NULL);

	assert_non_null(value);
	return value;
}

/* Only DEL may differ, because jansson does not escape DEL. */
TEST(unicode_is_written_as_by_jansson)
{
	for (unsigned int code = 1; code < 0x110000; code += code < 0x3000 ? 1 : 37) {
		struct out out auto_out = EFIMAP_OUT_MEM;
		struct json json = { .out = &out, .depth = 1, .compact = true };
		char utf8[5] = { 0 }, *theirs;
		json_t *value;

		if (code >= 0xd800 && code < 0xe000)
			continue;
		if (code < 0x80) {
			utf8[0] = (char)code;
		} else if (code < 0x800) {
			utf8[0] = (char)(0xc0 | code >> 6);
			utf8[1] = (char)(0x80 | (code & 0x3f));
		} else if (code < 0x10000) {
			utf8[0] = (char)(0xe0 | code >> 12);
			utf8[1] = (char)(0x80 | (code >> 6 & 0x3f));
			utf8[2] = (char)(0x80 | (code & 0x3f));
		} else {
			utf8[0] = (char)(0xf0 | code >> 18);
			utf8[1] = (char)(0x80 | (code >> 12 & 0x3f));
			utf8[2] = (char)(0x80 | (code >> 6 & 0x3f));
			utf8[3] = (char)(0x80 | (code & 0x3f));
		}
		json_put_text(&json, NULL, utf8);
		value = read_back(&out);
		assert_string_equal(json_string_value(value), utf8);
		out_putc(&out, '\0');
		theirs = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
		if (code != 0x7f)
			assert_string_equal(out.data, theirs);
		free(theirs);
		json_decref(value);
	}
}
