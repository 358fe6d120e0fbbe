/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Convert jansson's values to the structs that tables describe (document/field_tables.h). */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text_scan.h"
#include "input/json/json_values.h"

#define PATH_SIZE 256
#define MAX_LEVELS 8
#define MAX_LIST 16384U

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

void efimap_node_blame(const struct efimap_node *node, const char *fmt, ...)
{
	char path[PATH_SIZE], text[sizeof(((struct efimap_err *)0)->text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	write_path(node, path);
	efimap_err_set(node->doc->err, EBADMSG, node->doc->name, "%s%s%s", path,
		       *path ? ": " : "", text);
}

static const char *const type_names[] = {
	[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array",
	[JSON_STRING] = "a string",  [JSON_INTEGER] = "a number",
	[JSON_REAL] = "a fraction",  [JSON_TRUE] = "true",
	[JSON_FALSE] = "false",	     [JSON_NULL] = "null",
};

static int check_type(const struct efimap_node *node, json_type type, const char *expected)
{
	if (!node->value)
		return efimap_node_fail(node, "missing, expected %s", expected);
	if (json_typeof(node->value) != type)
		return efimap_node_fail(node, "found %s, expected %s",
					type_names[json_typeof(node->value)], expected);
	return 0;
}

int efimap_node_expect(const struct efimap_node *node, json_type type)
{
	return check_type(node, type, type_names[type]);
}

int efimap_node_bool(const struct efimap_node *node, bool *ret_value)
{
	if (!json_is_boolean(node->value))
		return efimap_node_fail(node, "expected true or false");
	*ret_value = json_is_true(node->value);
	return 0;
}

int efimap_node_list(const struct efimap_node *node, size_t max)
{
	const int ret = efimap_node_expect(node, JSON_ARRAY);

	if (ret || json_array_size(node->value) <= max)
		return ret;
	return efimap_node_fail(node, "%zu elements, expected at most %zu",
				json_array_size(node->value), max);
}

int efimap_node_hex(const struct efimap_node *node, uint64_t max, uint64_t *ret_value)
{
	static const char expected[] = "a string with 0x and 1 to 16 hexadecimal digits";
	char quote[EFIMAP_QUOTE_SIZE];
	size_t len, column = 0;
	const char *text;
	enum efimap_number_fault fault;
	int ret = check_type(node, JSON_STRING, expected);

	if (ret)
		return ret;
	text = json_string_value(node->value);
	len = json_string_length(node->value);
	fault = efimap_number_parse_hex(text, len, max, ret_value, &column);
	if (fault == EFIMAP_NUMBER_OK)
		return 0;
	efimap_text_quote(quote, text, len);
	if (fault == EFIMAP_NUMBER_RANGE)
		return efimap_node_fail(node, "found %s, expected at most 0x%" PRIx64,
					quote, max);
	return efimap_node_fail(node, "found %s, expected %s", quote, expected);
}

int efimap_node_number(const struct efimap_node *node, uint64_t min, uint64_t max,
		       uint64_t *ret_value)
{
	const json_int_t value = json_integer_value(node->value);
	const int ret = check_type(node, JSON_INTEGER, "a number");

	if (ret)
		return ret;
	if (value < 0 || (uint64_t)value < min || (uint64_t)value > max)
		return efimap_node_fail(node, "found %" JSON_INTEGER_FORMAT ", expected %" PRIu64
					" to %" PRIu64, value, min, max);
	*ret_value = (uint64_t)value;
	return 0;
}

int efimap_node_string(const struct efimap_node *node, size_t max,
		       struct efimap_text *ret_text)
{
	const size_t len = json_string_length(node->value);
	const int ret = efimap_node_expect(node, JSON_STRING);

	if (ret)
		return ret;
	if (len > max)
		return efimap_node_fail(node, "%zu bytes, expected at most %zu", len, max);
	*ret_text = (struct efimap_text){ json_string_value(node->value), len };
	return 0;
}

int efimap_node_text(const struct efimap_node *node, size_t max, struct efimap_text *ret_text)
{
	char quote[EFIMAP_QUOTE_SIZE];
	int ret = efimap_node_string(node, max, ret_text);

	if (ret || efimap_text_is_clean(ret_text->at, ret_text->len))
		return ret;
	return efimap_node_fail(node, "found %s, expected printable text",
				efimap_text_quote(quote, ret_text->at, ret_text->len));
}

static int choose_word(const struct efimap_node *node, const struct field *field,
		       uint64_t *ret_number)
{
	char quote[EFIMAP_QUOTE_SIZE];
	struct efimap_text text;
	const int ret = efimap_node_string(node, SIZE_MAX, &text);

	if (ret)
		return ret;
	for (unsigned int i = field->min; i < field->n_words; i++) {
		if (strcmp(text.at, field->word(i)) != 0)
			continue;
		*ret_number = i;
		return 0;
	}
	return efimap_node_fail(node, "unknown value %s",
				efimap_text_quote(quote, text.at, text.len));
}

static int take_member_text(const struct efimap_node *node, const struct field *field,
			    struct efimap_arena *arena, char *at)
{
	const bool is_chars = field->kind == FIELD_CHARS;
	const size_t max = is_chars ? field->size - 1U : (size_t)efimap_field_max(field);
	struct efimap_text text;
	int ret = efimap_node_text(node, max, &text);

	if (ret)
		return ret;
	if (is_chars) {
		memcpy(at, text.at, text.len + 1);
		return 0;
	}
	if (arena)
		text.at = efimap_arena_strndup(arena, text.at, text.len);
	memcpy(at, &text.at, sizeof(text.at));
	return text.at ? 0 : -ENOMEM;
}

static int take_member_value(const struct efimap_node *node, const struct field *field,
			     struct efimap_arena *arena, char *at)
{
	uint64_t number = 0;
	bool flag = false;
	int ret = 0;

	switch (field->kind) {
	case FIELD_HEX:
		ret = efimap_node_hex(node, efimap_field_max(field), &number);
		break;
	case FIELD_NUMBER:
		if (field->flags & FIELD_MINUS_ONE && json_is_integer(node->value) &&
		    json_integer_value(node->value) == -1)
			number = UINT64_MAX;
		else
			ret = efimap_node_number(node, field->min, efimap_field_max(field),
						 &number);
		break;
	case FIELD_BOOL:
		ret = efimap_node_bool(node, &flag);
		number = (uint64_t)field->min + flag;
		break;
	case FIELD_WORD:
		ret = choose_word(node, field, &number);
		break;
	case FIELD_OBJECT:
		return efimap_node_fields(node, field->of, field->of_parts, arena, at);
	default:
		return take_member_text(node, field, arena, at);
	}
	if (!ret)
		efimap_field_store(field, at, number);
	return ret;
}

static int take_member_list(const struct efimap_node *list, const struct field *field,
			    struct efimap_arena *arena, char *record)
{
	const size_t count = json_array_size(list->value);
	int ret = efimap_node_list(list, MAX_LIST);
	char *elements = ret ? NULL : efimap_arena_alloc(arena, (count + 1) * field->size);

	if (!ret && !elements)
		ret = -ENOMEM;
	for (size_t i = 0; i < count && !ret; i++) {
		const struct efimap_node node = efimap_node_element(list, i);

		ret = take_member_value(&node, field, arena, elements + field->size * i);
	}
	if (ret)
		return ret;
	memcpy(record + field->offset, &elements, sizeof(elements));
	memcpy(record + field->count_at, &count, sizeof(count));
	return 0;
}

/*
 * Return whether a member may be null. A string may be null even if the source that it needs was
 * read.
 */
static bool can_be_null(const struct field *field)
{
	if (field->kind == FIELD_TEXT)
		return field->needs || field->flags & (FIELD_NULL | FIELD_OMIT);
	return field->flags & FIELD_NULL && !field->needs;
}

/*
 * Return whether a member must be null because its source was not read. A string need not be null.
 * For an object that is always present, its members are checked instead.
 */
static bool must_be_null(const struct field *field, const void *record)
{
	if (field->kind == FIELD_TEXT ||
	    (field->kind == FIELD_OBJECT && !(field->flags & FIELD_NULL)))
		return false;
	return efimap_field_is_missing(field, record);
}

static int take_member_null(const struct efimap_node *node, const struct field *field,
			    char *at)
{
	if (!json_is_null(node->value))
		return efimap_node_fail(node, "expected null, because states.%s is not "
					"\"present\"", efimap_field_source(field));
	if (field->none)
		efimap_field_store(field, at, field->none);
	return 0;
}

static int take_table_member(const struct efimap_node *node, const struct field *field,
			     unsigned int parts, struct efimap_arena *arena, void *record)
{
	if (parts & ENTRY_INCOMPLETE && field->missing_values &&
	    json_is_null(node->value)) {
		((struct efimap_entry *)record)->missing_values |= field->missing_values;
		return 0;
	}
	if (!node->value && efimap_field_can_miss(field, record))
		return 0;
	if (field->flags & FIELD_LIST)
		return take_member_list(node, field, arena, record);
	if (must_be_null(field, record) || (json_is_null(node->value) && can_be_null(field)))
		return take_member_null(node, field, (char *)record + field->offset);
	return take_member_value(node, field, arena, (char *)record + field->offset);
}

/*
 * Return whether efimap_node_fields() skips a member, because the caller stores it or the struct
 * has no place for it.
 */
static bool is_passed_over(const struct field *field, const struct efimap_arena *arena)
{
	if (field->kind == FIELD_OBJECT)
		return field->flags & (FIELD_LIST | FIELD_POINTER);
	return field->kind == FIELD_PAIRS || field->size == 0 ||
	       (field->flags & FIELD_LIST && !arena);
}

int efimap_node_fields(const struct efimap_node *node, const struct fields *fields,
		       unsigned int parts, struct efimap_arena *arena, void *record)
{
	int ret = efimap_node_expect(node, JSON_OBJECT);

	for (size_t i = 0; i < fields->n_rows && !ret; i++) {
		const struct field *field = &fields->rows[i];

		if (!efimap_field_is_in(field, parts) || is_passed_over(field, arena))
			continue;

		const struct efimap_node member = efimap_node_member(node, field->name);

		ret = take_table_member(&member, field, parts, arena, record);
	}
	return ret;
}
