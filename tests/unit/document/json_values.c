/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>

#include "test.h"
#include "base/cleanup.h"
#include "document/json_values.h"

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
	{ "umlaut", "Gr\303\274n", "\"Gr\\u00FCn\"", "Gr\303\274n" },
	{ "c1", "\302\233A", "\"\\u009BA\"", "\302\233A" },
	{ "astral", "\360\237\230\200", "\"\\uD83D\\uDE00\"", "\360\237\230\200" },
	{ "lone", "a\377b", "\"a\\uFFFDb\"", "a\357\277\275b" },
	{ "cut short", "a\342\202", "\"a\\uFFFD\\uFFFD\"", "a\357\277\275\357\277\275" },
	{ "overlong", "\300\257", "\"\\uFFFD\\uFFFD\"", "\357\277\275\357\277\275" },
	{ "surrogate", "\355\240\200", "\"\\uFFFD\\uFFFD\\uFFFD\"",
	  "\357\277\275\357\277\275\357\277\275" },
};

/* Return the document {"": @value} in one line, without its end. */
static char *written(json_t *value)
{
	struct out out auto_out = EFIMAP_OUT_MEM;
	json_t *document = json_object();

	json_put(document, "", value);
	json_write(document, true, &out);
	assert_int_equal(out.error, 0);
	assert_memory_equal(out.data, "{\"\":", 4);
	assert_memory_equal(out.data + out.used - 2, "}\n", 2);
	return strndup(out.data + 4, out.used - 6);
}

static void expect_text(const struct text_row *row)
{
	char *text = written(json_text(row->text));
	json_t *back = json_loads(text, JSON_DECODE_ANY, NULL);

	print_message("%s\n", row->name);
	assert_string_equal(text, row->written);
	assert_string_equal(json_string_value(back), row->read);
	json_decref(back);
	free(text);
}

TEST(text_is_valid_ascii)
{
	for (size_t i = 0; i < ARRAY_SIZE(text_rows); i++)
		expect_text(&text_rows[i]);
}

static void expect_written(json_t *value, const char *expected)
{
	char *text = written(value);

	assert_string_equal(text, expected);
	free(text);
}

/* The number of digits depends on the version of jansson. */
static void expect_number(json_t *value, double expected)
{
	char *text = written(value);

	assert_true(strtod(text, NULL) == expected);
	free(text);
}

TEST(numbers_are_not_negative)
{
	expect_written(json_count(0), "0");
	expect_written(json_count(INT64_MAX), "9223372036854775807");
	expect_number(json_count((uint64_t)INT64_MAX + 1), 0x1p63);
	expect_number(json_count(UINT64_MAX), 0x1p64);
	expect_written(json_hex(0), "\"0x0\"");
	expect_written(json_hex(UINT64_MAX), "\"0xffffffffffffffff\"");
	expect_written(json_text(NULL), "null");
}

TEST(keys_are_mended)
{
	json_t *object = json_object();

	json_put(object, "a\"\033\377", json_count(1));
	assert_int_equal(json_integer_value(json_object_get(object, "a\"\033\357\277\275")), 1);
	json_decref(object);
}

TEST(an_earlier_error_is_kept)
{
	auto_out struct out out = EFIMAP_OUT_MEM;

	out.error = -ENOSPC;
	json_write(json_document("efimap-test", 1, "/"), true, &out);
	assert_int_equal(out.error, -ENOSPC);
	assert_int_equal(out.used, 0);
}

TEST(a_full_disk_is_reported)
{
	int fd auto_fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct out out auto_out = EFIMAP_OUT_FD(fd);
	json_t *document = json_document("efimap-test", 1, "/"), *rows = json_array();

	assert_true(fd >= 0);
	for (size_t i = 0; i < 20000; i++)
		json_array_append_new(rows, json_count(i));
	json_put(document, "rows", rows);
	json_write(document, false, &out);
	assert_int_equal(out_flush(&out), -ENOSPC);
}
