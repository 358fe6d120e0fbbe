/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The streaming JSON writer: what it writes, and that jansson reads it back. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/json.h"

static int write_sample(bool compact, struct efimap_out *out)
{
	struct json json;

	json_begin(&json, "efimap-test", "/", compact, out);
	json_open_array(&json, "none", false);
	json_close(&json);
	json_open_array(&json, "rows", false);
	json_open_object(&json, NULL, true);
	json_put_count(&json, "index", 7);
	json_put_hex(&json, "mask", UINT64_C(0x800000000000000f));
	json_close(&json);
	json_put_text(&json, NULL, NULL);
	json_close(&json);
	json_open_object(&json, "inner", false);
	json_put_hex(&json, "zero", 0);
	json_close(&json);
	return json_end(&json);
}

static void expect_sample(bool compact, const char *expected)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_int_equal(write_sample(compact, &out), 0);
	efimap_out_putc(&out, '\0');
	assert_string_equal(out.data, expected);
}

static void pretty_is_one_row_a_line(void **state)
{
	expect_sample(false, "{\n"
			     "  \"document\": \"efimap-test\",\n"
			     "  \"version\": 1,\n"
			     "  \"tool\": \"" EFIMAP_TOOL "\",\n"
			     "  \"source\": \"/\",\n"
			     "  \"none\": [],\n"
			     "  \"rows\": [\n"
			     "    {\"index\": 7, \"mask\": \"0x800000000000000f\"},\n"
			     "    null\n"
			     "  ],\n"
			     "  \"inner\": {\n"
			     "    \"zero\": \"0x0\"\n"
			     "  }\n"
			     "}\n");
}

static void compact_is_one_line(void **state)
{
	expect_sample(true,
		      "{\"document\":\"efimap-test\",\"version\":1,"
		      "\"tool\":\"" EFIMAP_TOOL "\",\"source\":\"/\",\"none\":[],"
		      "\"rows\":[{\"index\":7,\"mask\":\"0x800000000000000f\"},null],"
		      "\"inner\":{\"zero\":\"0x0\"}}\n");
}

struct text_row {
	const char *text;
	const char *written;
	const char *read;
};

/* What is written for a text, and what a reader gets back. */
static const struct text_row plain = { "System RAM", "\"System RAM\"", "System RAM" };
static const struct text_row empty = { "", "\"\"", "" };
static const struct text_row quotes = { "a\"\\b", "\"a\\\"\\\\b\"", "a\"\\b" };
static const struct text_row escape = { "\033[2J", "\"\\u001B[2J\"", "\033[2J" };
static const struct text_row del = { "a\177b\177", "\"a\\u007Fb\\u007F\"", "a\177b\177" };
static const struct text_row umlaut = { "Gr\303\274n", "\"Gr\\u00FCn\"", "Gr\303\274n" };
static const struct text_row c1 = { "\302\233A", "\"\\u009BA\"", "\302\233A" };
static const struct text_row astral = { "\360\237\230\200", "\"\\uD83D\\uDE00\"",
					"\360\237\230\200" };
static const struct text_row lone = { "a\377b", "\"a\\uFFFDb\"", "a\357\277\275b" };
static const struct text_row cut_short = { "a\342\202", "\"a\\uFFFD\\uFFFD\"",
					   "a\357\277\275\357\277\275" };
static const struct text_row overlong = { "\300\257", "\"\\uFFFD\\uFFFD\"",
					  "\357\277\275\357\277\275" };
static const struct text_row surrogate = { "\355\240\200", "\"\\uFFFD\\uFFFD\\uFFFD\"",
					   "\357\277\275\357\277\275\357\277\275" };

static void text_is_valid_ascii(void **state)
{
	const struct text_row *row = *state;
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct json json = { .out = &out, .depth = 1, .compact = true };
	json_t *back;

	json_put_text(&json, NULL, row->text);
	efimap_out_putc(&out, '\0');
	assert_int_equal(out.error, 0);
	assert_string_equal(out.data, row->written);
	back = json_loads(out.data, JSON_DECODE_ANY, NULL);
	assert_non_null(back);
	assert_string_equal(json_string_value(back), row->read);
	json_decref(back);
}

/* A name in a capture can be a key. */
static void keys_are_escaped(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct json json;
	json_t *back;

	json_begin(&json, "efimap-test", "/", false, &out);
	json_put_count(&json, "a\"\033\377", 1);
	assert_int_equal(json_end(&json), 0);
	back = json_loadb(out.data, out.used, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(back, "a\"\033\357\277\275")), 1);
	json_decref(back);
}

static void hex_has_no_padding(void **state)
{
	static const struct {
		uint64_t value;
		const char *text;
	} rows[] = {
		{ 0, "0x0" },
		{ 0xf, "0xf" },
		{ 0x10, "0x10" },
		{ UINT64_MAX, "0xffffffffffffffff" },
		{ UINT64_C(0xABCDEF), "0xabcdef" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		struct json json = { .out = &out, .depth = 1, .compact = true };
		json_t *value;

		json_put_hex(&json, NULL, rows[i].value);
		value = json_loadb(out.data, out.used, JSON_DECODE_ANY, NULL);
		assert_string_equal(json_string_value(value), rows[i].text);
		json_decref(value);
	}
}

static void an_earlier_error_is_kept(void **state)
{
	struct efimap_out out = EFIMAP_OUT_MEM;

	out.error = -ENOSPC;
	assert_int_equal(write_sample(true, &out), -ENOSPC);
	assert_int_equal(out.used, 0);
	efimap_out_free(&out);
}

static void depth_is_limited(void **state)
{
	for (int extra = 0; extra < 3; extra++) {
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		struct json json;

		json_begin(&json, "efimap-test", "/", true, &out);
		for (int i = 0; i < JSON_MAX_DEPTH - 1 + extra; i++)
			json_open_object(&json, "deeper", false);
		for (int i = 0; i < JSON_MAX_DEPTH - 1 + extra; i++)
			json_close(&json);
		assert_int_equal(json_end(&json), extra ? -EOVERFLOW : 0);
	}
}

static void a_full_disk_is_reported(void **state)
{
	int fd efimap_auto_fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_FD(fd);
	struct json json;

	assert_true(fd >= 0);
	json_begin(&json, "efimap-test", "/", false, &out);
	json_open_array(&json, "rows", false);
	for (size_t i = 0; i < 20000; i++)
		json_put_count(&json, NULL, i);
	json_close(&json);
	json_end(&json);
	assert_int_equal(efimap_out_flush(&out), -ENOSPC);
}

static json_t *read_back(const struct efimap_out *out)
{
	json_t *value = json_loadb(out->data, out->used, JSON_DECODE_ANY, NULL);

	assert_non_null(value);
	return value;
}

/* Every code point: what is written is what jansson writes, but for DEL, which it leaves. */
static void all_of_unicode_is_what_jansson_writes(void **state)
{
	for (unsigned int code = 1; code < 0x110000; code += code < 0x3000 ? 1 : 37) {
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
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
		efimap_out_putc(&out, '\0');
		theirs = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
		if (code != 0x7f)
			assert_string_equal(out.data, theirs);
		free(theirs);
		json_decref(value);
	}
}

#define TEXT_ROW(row)                                                                    \
	{                                                                                \
#row, text_is_valid_ascii, NULL, NULL, (void *)(uintptr_t) & (row)       \
	}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pretty_is_one_row_a_line),
		cmocka_unit_test(compact_is_one_line),
		cmocka_unit_test(all_of_unicode_is_what_jansson_writes),
		cmocka_unit_test(keys_are_escaped),
		TEXT_ROW(plain),
		TEXT_ROW(empty),
		TEXT_ROW(quotes),
		TEXT_ROW(escape),
		TEXT_ROW(del),
		TEXT_ROW(umlaut),
		TEXT_ROW(c1),
		TEXT_ROW(astral),
		TEXT_ROW(lone),
		TEXT_ROW(cut_short),
		TEXT_ROW(overlong),
		TEXT_ROW(surrogate),
		cmocka_unit_test(hex_has_no_padding),
		cmocka_unit_test(an_earlier_error_is_kept),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(a_full_disk_is_reported),
	};

	return cmocka_run_group_tests_name("format/json", tests, NULL, NULL) != 0;
}
