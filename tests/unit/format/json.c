/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The streaming JSON writer: what it writes, that jansson reads it back, and what happens
 * when memory runs out. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#include <efimap/cleanup.h>

#include "json.h"

static int write_sample(bool compact, struct efimap_out *out)
{
	struct json json;
	json_t *object = json_object();

	json_begin(&json, "efimap-test", "/", compact, out);
	json_open_array(&json, "none");
	json_close(&json);
	json_open_array(&json, "rows");
	json_member(&object, "index", json_count(7));
	json_member(&object, "mask", json_hex(UINT64_C(0x800000000000000f)));
	json_put(&json, NULL, object);
	json_put(&json, NULL, json_text(NULL));
	json_close(&json);
	json_open_object(&json, "inner");
	json_put(&json, "zero", json_hex(0));
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
static const struct text_row del = { "a\177b\177", "\"a\\u007fb\\u007f\"", "a\177b\177" };
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

	json_put(&json, NULL, json_text(row->text));
	efimap_out_putc(&out, '\0');
	assert_int_equal(out.error, 0);
	assert_string_equal(out.data, row->written);
	back = json_loads(out.data, JSON_DECODE_ANY, NULL);
	assert_non_null(back);
	assert_string_equal(json_string_value(back), row->read);
	json_decref(back);
}

/* Around the size in which pieces are gathered, with DEL at every place. */
static void long_texts_are_whole(void **state)
{
	char text[9000];

	for (size_t size = 4080; size < sizeof(text); size += size < 4110 ? 1 : 979) {
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		struct json json = { .out = &out, .depth = 1, .compact = true };
		json_t *array = json_array(), *back;

		memset(text, 'x', size);
		text[size / 2] = text[size - 1] = '\177';
		text[size] = '\0';
		json_element(&array, json_text("a"));
		json_element(&array, json_text(text));
		json_element(&array, json_text("\177"));
		json_put(&json, NULL, json_incref(array));
		assert_null(memchr(out.data, 0x7f, out.used));
		back = json_loadb(out.data, out.used, 0, NULL);
		assert_true(json_equal(array, back));
		json_decref(array);
		json_decref(back);
	}
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
		json_t *value = json_hex(rows[i].value);

		assert_string_equal(json_string_value(value), rows[i].text);
		json_decref(value);
	}
}

static size_t allocations_left;
static size_t allocations_live;

static void *limited_malloc(size_t size)
{
	void *memory;

	if (!allocations_left)
		return NULL;
	allocations_left--;
	memory = malloc(size);
	allocations_live += memory != NULL;
	return memory;
}

static void counted_free(void *memory)
{
	allocations_live -= memory != NULL;
	free(memory);
}

/* Each allocation of jansson fails in turn: always -ENOMEM, never a leak. */
static void no_memory_sticks(void **state)
{
	size_t limit;
	bool done = false;

	json_set_alloc_funcs(limited_malloc, counted_free);
	for (limit = 0; !done; limit++) {
		struct efimap_out out = EFIMAP_OUT_MEM;
		int r;

		allocations_left = limit;
		r = write_sample(false, &out);
		done = r == 0;
		assert_true(done || r == -ENOMEM);
		assert_int_equal(out.error, r);
		assert_int_equal(allocations_live, 0);
		assert_true(limit < 1000);
		efimap_out_free(&out);
	}
	assert_true(limit > 10);
	json_set_alloc_funcs(malloc, free);
}

static void building_on_a_failure_is_safe(void **state)
{
	json_t *nothing = NULL, *array = json_array(), *object = json_object();

	json_member(&nothing, "key", json_count(1));
	assert_null(nothing);
	json_element(&nothing, json_count(1));
	assert_null(nothing);
	json_member(&object, "key", NULL);
	assert_null(object);
	json_element(&array, NULL);
	assert_null(array);
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
			json_open_object(&json, "deeper");
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
	json_open_array(&json, "rows");
	for (size_t i = 0; i < 20000; i++)
		json_put(&json, NULL, json_count(i));
	json_close(&json);
	json_end(&json);
	assert_int_equal(efimap_out_flush(&out), -ENOSPC);
}

/* What is written without jansson is what jansson would have written. */
static void streamed_is_what_jansson_writes(void **state)
{
	static const char *const texts[] = { "System RAM", "", "a\"b", "back\\slash",
					     "esc\x1b[0m", "del\x7f", "\xc3\xbc", "\xff" };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(texts); i++) {
		struct efimap_out streamed efimap_auto_out = EFIMAP_OUT_MEM;
		struct efimap_out built efimap_auto_out = EFIMAP_OUT_MEM;
		const char *text = texts[i / 2];
		struct json one, other;
		json_t *row = json_object(), *names = json_array();

		json_begin(&one, "efimap-test", "/", i % 2, &streamed);
		json_open_line_object(&one, "row");
		json_put_text(&one, "text", text);
		json_put_text(&one, "null", NULL);
		json_open_line_array(&one, "names");
		json_put_text(&one, NULL, text);
		json_put_text(&one, NULL, "b");
		json_close(&one);
		json_put_hex(&one, "mask", UINT64_MAX);
		json_put_count(&one, "zero", 0);
		json_put_count(&one, "count", 18446744073U);
		json_open_line_array(&one, "none");
		json_close(&one);
		json_close(&one);
		assert_int_equal(json_end(&one), 0);

		json_member(&row, "text", json_text(text));
		json_member(&row, "null", json_null());
		json_element(&names, json_text(text));
		json_element(&names, json_text("b"));
		json_member(&row, "names", names);
		json_member(&row, "mask", json_hex(UINT64_MAX));
		json_member(&row, "zero", json_count(0));
		json_member(&row, "count", json_count(18446744073U));
		json_member(&row, "none", json_array());
		json_begin(&other, "efimap-test", "/", i % 2, &built);
		json_put(&other, "row", row);
		assert_int_equal(json_end(&other), 0);

		assert_int_equal(streamed.used, built.used);
		assert_memory_equal(streamed.data, built.data, built.used);
	}
}

#define TEXT_ROW(row)                                                                    \
	{                                                                                \
#row, text_is_valid_ascii, NULL, NULL, (void *)(uintptr_t) & (row)       \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pretty_is_one_row_a_line),
		cmocka_unit_test(compact_is_one_line),
		cmocka_unit_test(streamed_is_what_jansson_writes),
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
		cmocka_unit_test(long_texts_are_whole),
		cmocka_unit_test(hex_has_no_padding),
		cmocka_unit_test(no_memory_sticks),
		cmocka_unit_test(building_on_a_failure_is_safe),
		cmocka_unit_test(an_earlier_error_is_kept),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(a_full_disk_is_reported),
	};

	return cmocka_run_group_tests_name("format/json", tests, NULL, NULL) != 0;
}
