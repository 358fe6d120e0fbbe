/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From JSON text to values that were checked one by one, each with its place. Knows
 * nothing of what the members mean.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <efimap/num.h>

#include "node.h"
#include "text.h"

/*
 * What jansson may be given: an empty object takes a hundred times its two bytes. No
 * document that we write has an object in less than 50 bytes, or a member in less than 10.
 */
#define MAX_CONTAINERS ((size_t)2 << 20)
#define MAX_VALUES ((size_t)6 << 20)
#define PATH_SIZE 256
#define MAX_LEVELS 8

static int too_many(const struct efimap_document *doc, const char *what, size_t limit)
{
	return efimap_err_set(doc->err, E2BIG, doc->name,
			      "more than %zu %s: no document of ours has that many", limit,
			      what);
}

static int survey(const char *data, size_t len, const struct efimap_document *doc)
{
	size_t containers = 0, values = 0;

	for (size_t i = 0; i < len; i++) {
		containers += data[i] == '{' || data[i] == '[';
		values += data[i] == ',';
	}
	if (containers > MAX_CONTAINERS)
		return too_many(doc, "objects", MAX_CONTAINERS);
	return values > MAX_VALUES ? too_many(doc, "values", MAX_VALUES) : 0;
}

int efimap_document_parse(const char *data, size_t len, struct efimap_document *ret_doc)
{
	json_error_t error;
	int ret = survey(data, len, ret_doc);

	if (ret)
		return ret;
	ret_doc->root = json_loadb(data, len, JSON_REJECT_DUPLICATES, &error);
	if (ret_doc->root)
		return 0;
	if (json_error_code(&error) == json_error_out_of_memory)
		return efimap_err_set(ret_doc->err, ENOMEM, ret_doc->name, "out of memory");
	return efimap_err_at_line(ret_doc->err, EBADMSG, ret_doc->name,
				  error.line > 0 ? (uint64_t)error.line : 1,
				  "column %d: not JSON: %s", error.column, error.text);
}

void efimap_document_free(struct efimap_document *doc)
{
	json_decref(doc->root);
	doc->root = NULL;
}

struct efimap_node efimap_node_root(const struct efimap_document *doc)
{
	return (struct efimap_node){ .doc = doc, .value = doc->root };
}

struct efimap_node efimap_node_member(const struct efimap_node *parent, const char *key)
{
	return (struct efimap_node){
		.doc = parent->doc,
		.parent = parent,
		.key = key,
		.value = json_object_get(parent->value, key),
	};
}

struct efimap_node efimap_node_element(const struct efimap_node *parent, size_t index)
{
	return (struct efimap_node){
		.doc = parent->doc,
		.parent = parent,
		.index = index,
		.value = json_array_get(parent->value, index),
	};
}

/* The way from the document to the value; a key can be anything, and long. */
static void write_path(const struct efimap_node *node, char path[PATH_SIZE])
{
	const struct efimap_node *way[MAX_LEVELS];
	size_t levels = 0, used = 0;

	for (; node->parent && levels < MAX_LEVELS; node = node->parent)
		way[levels++] = node;
	path[0] = '\0';
	while (levels > 0 && used < PATH_SIZE) {
		const struct efimap_node *step = way[--levels];
		int len = step->key ? snprintf(path + used, PATH_SIZE - used, "%s%s",
					       used ? "." : "", step->key) :
				      snprintf(path + used, PATH_SIZE - used, "[%zu]",
					       step->index);

		used += (size_t)len;
	}
	efimap_text_clean(path, strlen(path));
}

int efimap_node_fail(const struct efimap_node *node, const char *fmt, ...)
{
	char path[PATH_SIZE], text[sizeof(((struct efimap_err *)0)->text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	write_path(node, path);
	return efimap_err_set(node->doc->err, EBADMSG, node->doc->name, "%s%s%s", path,
			      *path ? ": " : "", text);
}

static const char *type_name(const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object",  [JSON_ARRAY] = "an array",
		[JSON_STRING] = "a string",   [JSON_INTEGER] = "a number",
		[JSON_REAL] = "a fraction",   [JSON_TRUE] = "true",
		[JSON_FALSE] = "false",	      [JSON_NULL] = "null",
	};

	return names[json_typeof(value)];
}

static int check(const struct efimap_node *node, json_type type, const char *expected)
{
	if (!node->value)
		return efimap_node_fail(node, "missing, expected %s", expected);
	if (json_typeof(node->value) != type)
		return efimap_node_fail(node, "found %s, expected %s",
					type_name(node->value), expected);
	return 0;
}

int efimap_node_expect(const struct efimap_node *node, json_type type)
{
	return check(node, type,
		     type == JSON_OBJECT ? "an object" :
		     type == JSON_ARRAY	 ? "an array" :
					   "a string");
}

int efimap_node_list(const struct efimap_node *node, size_t max, size_t *ret_count)
{
	int ret = efimap_node_expect(node, JSON_ARRAY);

	if (ret)
		return ret;
	*ret_count = json_array_size(node->value);
	if (*ret_count > max)
		return efimap_node_fail(node, "%zu elements, expected at most %zu",
					*ret_count, max);
	return 0;
}

int efimap_node_hex(const struct efimap_node *node, uint64_t max, uint64_t *ret_value)
{
	static const char expected[] = "a string with 0x and 1 to 16 hexadecimal digits";
	char quote[EFIMAP_QUOTE_SIZE];
	size_t len, column = 0;
	const char *text;
	enum efimap_num_fault fault;
	int ret = check(node, JSON_STRING, expected);

	if (ret)
		return ret;
	text = json_string_value(node->value);
	len = json_string_length(node->value);
	fault = efimap_num_parse_hex(text, len, max, ret_value, &column);
	if (fault == EFIMAP_NUM_OK)
		return 0;
	efimap_text_quote(quote, text, len);
	if (fault == EFIMAP_NUM_RANGE)
		return efimap_node_fail(node, "found %s, expected at most 0x%" PRIx64,
					quote, max);
	return efimap_node_fail(node, "found %s, expected %s", quote, expected);
}

int efimap_node_number(const struct efimap_node *node, uint64_t max, uint64_t *ret_value)
{
	json_int_t value;
	int ret = check(node, JSON_INTEGER, "a number");

	if (ret)
		return ret;
	value = json_integer_value(node->value);
	if (value < 0 || (uint64_t)value > max)
		return efimap_node_fail(node,
					"found %" JSON_INTEGER_FORMAT
					", expected 0 to %" PRIu64,
					value, max);
	*ret_value = (uint64_t)value;
	return 0;
}

int efimap_node_text(const struct efimap_node *node, size_t max, const char **ret_text,
		     size_t *ret_len)
{
	char quote[EFIMAP_QUOTE_SIZE];
	const char *text;
	size_t len;
	int ret = check(node, JSON_STRING, "a string");

	if (ret)
		return ret;
	text = json_string_value(node->value);
	len = json_string_length(node->value);
	if (len > max)
		return efimap_node_fail(node, "%zu bytes, expected at most %zu", len, max);
	if (!efimap_text_is_clean(text, len))
		return efimap_node_fail(node, "found %s, expected printable text",
					efimap_text_quote(quote, text, len));
	*ret_text = text;
	*ret_len = len;
	return 0;
}

int efimap_node_choice(const struct efimap_node *node, const char *(*name)(unsigned int),
		       unsigned int count, unsigned int *ret_number)
{
	char quote[EFIMAP_QUOTE_SIZE];
	int ret = efimap_node_expect(node, JSON_STRING);

	if (ret)
		return ret;
	for (unsigned int i = 0; i < count; i++) {
		if (strcmp(json_string_value(node->value), name(i)) != 0)
			continue;
		*ret_number = i;
		return 0;
	}
	return efimap_node_fail(node, "%s is not known here",
				efimap_text_quote(quote, json_string_value(node->value),
						  json_string_length(node->value)));
}

int efimap_member_hex(const struct efimap_node *parent, const char *key, uint64_t max,
		      uint64_t *ret_value)
{
	const struct efimap_node node = efimap_node_member(parent, key);

	return efimap_node_hex(&node, max, ret_value);
}

int efimap_member_number(const struct efimap_node *parent, const char *key, uint64_t max,
			 uint64_t *ret_value)
{
	const struct efimap_node node = efimap_node_member(parent, key);

	return efimap_node_number(&node, max, ret_value);
}

int efimap_member_text(const struct efimap_node *parent, const char *key, size_t max,
		       const char **ret_text, size_t *ret_len)
{
	const struct efimap_node node = efimap_node_member(parent, key);

	return efimap_node_text(&node, max, ret_text, ret_len);
}
