/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON values with their places, and documents that are refused as a whole. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <efimap/cleanup.h>

#include "node.h"

#include "../test.h"

static int parse(const char *text, size_t len, struct efimap_document *doc)
{
	doc->name = "doc";
	return efimap_document_parse(text, len, doc);
}

static void syntax_rows(void **state)
{
	static const struct {
		const char *text;
		uint64_t line;
		const char *message;
	} rows[] = {
		{ "{", 1, "column 1: not JSON: string or '}' expected near end of file" },
		{ "{\n \"a\" 1}", 2, "column 6: not JSON: ':' expected near '1'" },
		{ "{\"a\": 1,\n \"a\": 2}", 2,
		  "column 4: not JSON: duplicate object key near '\"a\"'" },
		{ "{\"a\": 18446744073709551616}", 1,
		  "column 26: not JSON: too big integer near '18446744073709551616'" },
		{ "{} x", 1, "column 4: not JSON: end of file expected near 'x'" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_document doc = { .err = &err };

		assert_int_equal(parse(rows[i].text, strlen(rows[i].text), &doc), -EBADMSG);
		assert_null(doc.root);
		if (err.line != rows[i].line || strcmp(err.text, rows[i].message) != 0)
			fail_msg("%s: %u: %s", rows[i].text, (unsigned int)err.line, err.text);
	}
}

static void refuse_repeated(const char *start, const char *element, size_t count,
			    const char *message)
{
	size_t len = strlen(element), at = strlen(start);
	efimap_auto_free char *text = malloc(at + count * len + 1);
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_document struct efimap_document doc = { .err = &err };

	assert_non_null(text);
	memcpy(text, start, at);
	for (size_t i = 0; i < count; i++)
		memcpy(text + at + i * len, element, len);
	assert_int_equal(parse(text, at + count * len, &doc), -E2BIG);
	assert_string_equal(err.text, message);
}

/* One above each limit; at the limit jansson is asked, and the text is no JSON. */
static void limits(void **state)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_document doc = { .err = &err };
	efimap_auto_free char *text = malloc(2097152);

	refuse_repeated("", "[", 2097153,
			"more than 2097152 objects: no document of ours has that many");
	refuse_repeated("", ",", 6291457,
			"more than 6291456 values: no document of ours has that many");
	assert_non_null(text);
	memset(text, '{', 2097152);
	assert_int_equal(parse(text, 2097152, &doc), -EBADMSG);
}

static void paths(void **state)
{
	static const char text[] = "{\"a\": [{\"b\\u001b\": {\"c\": -1}}]}";
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_document struct efimap_document doc = { .err = &err };
	uint64_t number = 7;

	assert_int_equal(parse(text, strlen(text), &doc), 0);
	const struct efimap_node root = efimap_node_root(&doc);
	const struct efimap_node a = efimap_node_member(&root, "a");
	const struct efimap_node first = efimap_node_element(&a, 0);
	const struct efimap_node b = efimap_node_member(&first, "b\033");

	assert_int_equal(efimap_member_number(&b, "c", 9, &number), -EBADMSG);
	assert_string_equal(err.where, "doc");
	assert_string_equal(err.text, "a[0].b?.c: found -1, expected 0 to 9");
	assert_int_equal(number, 7);
	err = (struct efimap_err)EFIMAP_ERR_INIT;
	assert_int_equal(efimap_node_fail(&root, "odd"), -EBADMSG);
	assert_string_equal(err.text, "odd");
}

/* A key as long as the document does not make the place any longer than its buffer. */
static void long_paths(void **state)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_document doc = { .name = "doc", .err = &err };
	const struct efimap_node root = efimap_node_root(&doc);
	struct efimap_node nodes[20];
	char key[1000];

	memset(key, 'k', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++)
		nodes[i] = (struct efimap_node){
			.doc = &doc, .parent = i ? &nodes[i - 1] : &root, .key = key,
		};
	assert_int_equal(efimap_node_fail(&nodes[19], "odd"), -EBADMSG);
	assert_int_equal(strspn(err.text, "k"), 255);
	assert_string_equal(err.text + 255, ": odd");
}

static const char *word(unsigned int number)
{
	return number ? "one" : "zero";
}

static void values(void **state)
{
	static const char text[] = "{\"n\": 9, \"x\": \"0xFF\", \"t\": \"a\", \"w\": \"one\", "
				   "\"z\": null}";
	efimap_auto_document struct efimap_document doc = { 0 };
	uint64_t number;
	unsigned int choice;
	const char *t;
	size_t len;

	assert_int_equal(parse(text, strlen(text), &doc), 0);
	const struct efimap_node root = efimap_node_root(&doc);
	const struct efimap_node w = efimap_node_member(&root, "w");
	const struct efimap_node z = efimap_node_member(&root, "z");

	assert_int_equal(efimap_member_number(&root, "n", 9, &number), 0);
	assert_int_equal(number, 9);
	assert_int_equal(efimap_member_number(&root, "n", 8, &number), -EBADMSG);
	assert_int_equal(efimap_member_hex(&root, "x", 255, &number), 0);
	assert_int_equal(number, 255);
	assert_int_equal(efimap_member_hex(&root, "x", 254, &number), -EBADMSG);
	assert_int_equal(efimap_member_text(&root, "t", 1, &t, &len), 0);
	assert_int_equal(efimap_member_text(&root, "t", 0, &t, &len), -EBADMSG);
	assert_int_equal(efimap_node_choice(&w, word, 2, &choice), 0);
	assert_int_equal(choice, 1);
	assert_int_equal(efimap_node_choice(&w, word, 1, &choice), -EBADMSG);
	assert_true(efimap_node_is_null(&z));
	assert_false(efimap_node_is_null(&w));
	assert_int_equal(efimap_node_expect(&z, JSON_OBJECT), -EBADMSG);
	assert_int_equal(efimap_node_expect(&root, JSON_OBJECT), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syntax_rows), cmocka_unit_test(limits),
		cmocka_unit_test(paths),       cmocka_unit_test(long_paths),
		cmocka_unit_test(values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
