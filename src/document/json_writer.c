/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write JSON as a stream. docs/design.md states the cost of building the values with jansson first.
 * A unit test compares the output with the output of jansson (tests/unit/document/json_writer.c).
 */
#include <endian.h>
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "document/json_writer.h"

#define REPLACEMENT_CHARACTER 0xfffd

static void start_line(struct json *json)
{
	if (json->compact)
		return;
	out_putc(json->out, '\n');
	for (unsigned int i = 0; i < json->depth; i++)
		out_puts(json->out, "  ");
}

static void put_mark(struct json *json, char mark)
{
	const char both[] = { mark, ' ' };

	if (json->compact)
		out_putc(json->out, mark);
	else
		out_write(json->out, both, sizeof(both));
}

static struct json_level *level(struct json *json, unsigned int depth)
{
	assert(depth < JSON_MAX_DEPTH);
	return &json->levels[depth];
}

static void put_unit(struct out *out, unsigned int unit)
{
	static const char digits[] = "0123456789ABCDEF";
	const char text[] = { '\\',
			      'u',
			      digits[unit >> 12 & 15],
			      digits[unit >> 8 & 15],
			      digits[unit >> 4 & 15],
			      digits[unit & 15] };

	out_write(out, text, sizeof(text));
}

static void put_string(struct out *out, const char *text)
{
	static const bool plain[256] = {
		[' ' ... '!'] = true,
		['#' ... '['] = true,
		[']' ... '~'] = true,
	};
	static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";

	out_putc(out, '"');
	while (*text) {
		const char *name;
		unsigned int code;
		size_t length = 0;

		while (plain[(unsigned char)text[length]])
			length++;
		out_write(out, text, length);
		text += length;
		if (!*text)
			break;
		name = strchr(named, *text);
		if (name) {
			out_putc(out, '\\');
			out_putc(out, letters[name - named]);
			text++;
			continue;
		}
		length = utf8_length(text, EFIMAP_UTF8_MAX);
		code = length ? utf8_decode(text, length) : REPLACEMENT_CHARACTER;
		/* RFC 8259 section 7: a code point above U+FFFF is written as a surrogate pair. */
		if (code > 0xffff) {
			put_unit(out, 0xd7c0 + (code >> 10));
			code = 0xdc00 + (code & 0x3ff);
		}
		put_unit(out, code);
		text += length ? length : 1;
	}
	out_putc(out, '"');
}

static void start_member(struct json *json, const char *key)
{
	struct json_level *now = level(json, json->depth - 1);

	if (now->filled && now->on_line)
		put_mark(json, ',');
	else if (now->filled)
		out_putc(json->out, ',');
	if (!now->on_line)
		start_line(json);
	now->filled = true;
	if (!key)
		return;
	put_string(json->out, key);
	put_mark(json, ':');
}

/* Open an object or array. Inside an object or array on one line, ignore @on_line. */
static void open_level(struct json *json, char opener, bool on_line)
{
	if (json->depth && level(json, json->depth - 1)->on_line)
		on_line = true;
	out_putc(json->out, opener);
	*level(json, json->depth++) =
		(struct json_level){ .on_line = on_line, .closer = opener == '{' ? '}' : ']' };
}

void json_open(struct json *json, char opener, const char *key, bool on_line)
{
	start_member(json, key);
	open_level(json, opener, on_line);
}

void json_close(struct json *json)
{
	struct json_level *closed = level(json, --json->depth);

	if (closed->filled && !closed->on_line)
		start_line(json);
	out_putc(json->out, closed->closer);
}

void json_put_bool(struct json *json, const char *key, bool value)
{
	start_member(json, key);
	out_puts(json->out, value ? "true" : "false");
}

void json_put_text(struct json *json, const char *key, const char *text)
{
	start_member(json, key);
	if (text)
		put_string(json->out, text);
	else
		out_puts(json->out, "null");
}

void json_put_hex(struct json *json, const char *key, uint64_t value)
{
	start_member(json, key);
	out_putc(json->out, '"');
	out_hex(json->out, value);
	out_putc(json->out, '"');
}

void json_put_count(struct json *json, const char *key, uint64_t value)
{
	char digits[EFIMAP_DEC_SIZE];

	start_member(json, key);
	out_puts(json->out, number_dec(value, digits));
}

static size_t load_count(const struct field *field, const void *record)
{
	size_t count;

	memcpy(&count, (const char *)record + field->count_at, sizeof(count));
	return count;
}

/* Return false if there is no value or, for a list, no element with the index @at. */
static bool load_value(const struct field *field, const void *record, size_t at,
		       struct field_value *ret_value)
{
	const bool is_list = field->flags & FIELD_LIST;
	const bool can_lack = field->flags & (FIELD_NULL | FIELD_OMIT) && !is_list;
	const char *from = (const char *)record + field->offset;
	const char *first;
	size_t unused;

	if (field->get)
		return field->get(record, at, ret_value);
	if (is_list) {
		if (at >= load_count(field, record))
			return false;
		memcpy(&first, from, sizeof(first));
		from = first + at * field->size;
	}
	switch (field->kind) {
	case FIELD_HEX:
	case FIELD_NUMBER:
	case FIELD_BOOL:
	case FIELD_WORD:
		/* Copy the member to the low bytes, which are the last ones in big-endian order. */
		unused = __BYTE_ORDER == __BIG_ENDIAN ? sizeof(ret_value->number) - field->size : 0;
		ret_value->number = 0;
		memcpy((char *)&ret_value->number + unused, from, field->size);
		if (can_lack && ret_value->number == field->none)
			return false;
		if (field->kind == FIELD_BOOL)
			ret_value->number -= field->min;
		return true;
	case FIELD_TEXT:
		memcpy(&ret_value->text, from, sizeof(ret_value->text));
		return ret_value->text && (!can_lack || *ret_value->text);
	case FIELD_CHARS:
		ret_value->text = from;
		return !can_lack || *from;
	case FIELD_OBJECT:
	case FIELD_INLINE:
		ret_value->record = from;
		if (field->flags & FIELD_POINTER)
			memcpy(&ret_value->record, from, sizeof(ret_value->record));
		return ret_value->record != NULL;
	case FIELD_PAIRS:
		memcpy(&ret_value->record, from, sizeof(ret_value->record));
		ret_value->number = load_count(field, record);
		return true;
	}
	return false;
}

/* Return whether a list exists. A list that does not exist is null or omitted. */
static bool has_list(const struct field *field, const void *record)
{
	struct field_value value = { 0 };

	return !(field->flags & (FIELD_NULL | FIELD_OMIT)) ||
	       field->get(record, FIELD_WHOLE, &value);
}

static void put_fields(struct json *json, const struct fields *fields, unsigned int parts,
		       const void *record);

static void put_member_value(struct json *json, const char *key, const struct field *field,
			     const struct field_value *value)
{
	const struct named_address *pairs = value->record;

	switch (field->kind) {
	case FIELD_HEX:
		json_put_hex(json, key, value->number);
		break;
	case FIELD_NUMBER:
		if (field->flags & FIELD_MINUS_ONE && value->number == UINT64_MAX) {
			start_member(json, key);
			out_puts(json->out, "-1");
		} else {
			json_put_count(json, key, value->number);
		}
		break;
	case FIELD_BOOL:
		json_put_bool(json, key, value->number);
		break;
	case FIELD_TEXT:
	case FIELD_CHARS:
		json_put_text(json, key, value->text);
		break;
	case FIELD_WORD:
		json_put_text(json, key, field->word((unsigned int)value->number));
		break;
	case FIELD_PAIRS:
		json_open(json, '{', key, true);
		for (uint64_t i = 0; i < value->number; i++)
			json_put_hex(json, pairs[i].name, pairs[i].value);
		json_close(json);
		break;
	case FIELD_OBJECT:
		json_open(json, '{', key, !field->of->on_lines);
		put_fields(json, field->of, field->of_parts, value->record);
		json_close(json);
		break;
	case FIELD_INLINE:
		put_fields(json, field->of, field->of_parts, value->record);
		break;
	}
}

/* An inline object has no name and is always written. Its members are selected individually. */
static bool is_selected(const struct json *json, const struct fields *fields, const char *name)
{
	const char *at = fields->is_selectable && name ? json->members : NULL;

	while (at && *at) {
		const size_t len = strcspn(at, ",");

		if (len == strlen(name) && strncmp(at, name, len) == 0)
			return true;
		at += len + (at[len] == ',');
	}
	return !at;
}

/* Write the members in one of @parts. In @parts and field->parts, 0 means all parts. */
static void put_fields(struct json *json, const struct fields *fields, unsigned int parts,
		       const void *record)
{
	struct field_value value = { 0 };

	for (size_t i = 0; i < fields->n_rows; i++) {
		const struct field *field = &fields->rows[i];
		const bool is_list = field->flags & FIELD_LIST;

		if ((field->parts && parts && !(field->parts & parts)) ||
		    !is_selected(json, fields, field->name))
			continue;
		if (is_list && has_list(field, record)) {
			struct field_value item = { 0 };

			/* Objects in a list are on separate lines. Other values share a line. */
			json_open(json, '[', field->name, field->kind != FIELD_OBJECT);
			for (size_t at = 0;
			     !json->out->error && load_value(field, record, at, &item); at++)
				put_member_value(json, NULL, field, &item);
			json_close(json);
		} else if (!is_list && load_value(field, record, 0, &value)) {
			put_member_value(json, field->name, field, &value);
		} else if (field->kind != FIELD_INLINE && !(field->flags & FIELD_OMIT)) {
			json_put_text(json, field->name, NULL);
		}
	}
}

void json_begin(struct json *json, const char *document, unsigned int version, const char *source,
		bool compact, struct out *out)
{
	*json = (struct json){ .out = out, .compact = compact };
	open_level(json, '{', false);
	json_put_text(json, "document", document);
	json_put_count(json, "version", version);
	json_put_text(json, "tool", EFIMAP_TOOL);
	json_put_text(json, "source", source);
}

void json_end(struct json *json)
{
	while (json->depth)
		json_close(json);
	out_putc(json->out, '\n');
}

void json_put_document(const struct fields *document, const char *source, bool compact,
		       const char *members, const void *record, struct out *out)
{
	struct json json;

	json_begin(&json, document->name, document->version ? document->version : DOCUMENT_VERSION,
		   source, compact, out);
	json.members = members;
	put_fields(&json, document, 0, record);
	json_end(&json);
}

static void put_value_text(const struct field *field, const void *record, struct out *out)
{
	const bool is_list = field->flags & FIELD_LIST;
	struct field_value value = { 0 };

	if (is_list && !has_list(field, record))
		out_putc(out, '?');
	for (size_t at = 0; load_value(field, record, at, &value); at++) {
		out_puts(out, at ? "," : "");
		if (field->kind == FIELD_HEX)
			out_hex(out, value.number);
		else if (field->kind == FIELD_NUMBER)
			out_printf(out, "%" PRIu64, value.number);
		else if (field->kind == FIELD_WORD)
			out_puts(out, field->word((unsigned int)value.number));
		else
			out_puts(out, value.text);
		if (!is_list)
			return;
	}
}

bool document_put_text(const struct fields *fields, const char *name, const void *record,
		       struct out *out)
{
	const size_t len = strcspn(name, ",");

	for (size_t i = 0; i < fields->n_rows; i++) {
		const struct field *field = &fields->rows[i];
		struct field_value inner = { 0 };

		if (field->kind == FIELD_INLINE) {
			if (load_value(field, record, 0, &inner) &&
			    document_put_text(field->of, name, inner.record, out))
				return true;
		} else if (strncmp(field->name, name, len) == 0 && !field->name[len]) {
			put_value_text(field, record, out);
			return true;
		}
	}
	return false;
}
