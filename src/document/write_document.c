/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Make documents, and the cells of text tables, from structs and the tables that describe them. */
#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include "document/json_values.h"
#include "document/write_document.h"

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

static void put_fields(const struct fields *fields, unsigned int parts, const char *members,
		       const void *record, json_t *object);

/* Return a value. @members: as for document_write() */
static json_t *new_value(const struct field *field, const char *members,
			 const struct field_value *value)
{
	const struct named_address *pairs = value->record;
	json_t *object;

	switch (field->kind) {
	case FIELD_HEX:
		return json_hex(value->number);
	case FIELD_NUMBER:
		if (field->flags & FIELD_MINUS_ONE && value->number == UINT64_MAX)
			return json_integer(-1);
		return json_count(value->number);
	case FIELD_BOOL:
		return json_boolean(value->number);
	case FIELD_TEXT:
	case FIELD_CHARS:
		return json_text(value->text);
	case FIELD_WORD:
		return json_text(field->word((unsigned int)value->number));
	}
	object = json_object();
	if (field->kind == FIELD_OBJECT)
		put_fields(field->of, field->of_parts, members, value->record, object);
	else
		for (uint64_t i = 0; i < value->number; i++)
			json_put(object, pairs[i].name, json_hex(pairs[i].value));
	return object;
}

/* Add a value, or the members of an inline object. */
static void put_value(const struct field *field, const char *members,
		      const struct field_value *value, json_t *object)
{
	if (field->kind == FIELD_INLINE)
		put_fields(field->of, field->of_parts, members, value->record, object);
	else
		json_put(object, field->name, new_value(field, members, value));
}

static json_t *new_list(const struct field *field, const char *members, const void *record)
{
	struct field_value item = { 0 };
	json_t *list = json_array();

	for (size_t at = 0; load_value(field, record, at, &item); at++)
		json_array_append_new(list, new_value(field, members, &item));
	return list;
}

/* An inline object has no name and is always written. Its members are selected individually. */
static bool is_selected(const char *members, const struct fields *fields, const char *name)
{
	const char *at = fields->is_selectable && name ? members : NULL;

	while (at && *at) {
		const size_t len = strcspn(at, ",");

		if (len == strlen(name) && strncmp(at, name, len) == 0)
			return true;
		at += len + (at[len] == ',');
	}
	return !at;
}

/* Add the members in one of @parts. In @parts and field->parts, 0 means all parts. */
static void put_fields(const struct fields *fields, unsigned int parts, const char *members,
		       const void *record, json_t *object)
{
	struct field_value value = { 0 };

	for (size_t i = 0; i < fields->n_rows; i++) {
		const struct field *field = &fields->rows[i];
		const bool is_list = field->flags & FIELD_LIST;

		if ((field->parts && parts && !(field->parts & parts)) ||
		    !is_selected(members, fields, field->name))
			continue;
		if (is_list && has_list(field, record))
			json_put(object, field->name, new_list(field, members, record));
		else if (!is_list && load_value(field, record, 0, &value))
			put_value(field, members, &value, object);
		else if (field->kind != FIELD_INLINE && !(field->flags & FIELD_OMIT))
			json_put(object, field->name, json_null());
	}
}

void document_write(const struct fields *document, const char *source, bool compact,
		    const char *members, const void *record, struct out *out)
{
	const unsigned int version = document->version ? document->version : DOCUMENT_VERSION;
	json_t *object = json_document(document->name, version, source);

	put_fields(document, 0, members, record, object);
	json_write(object, compact, out);
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
			out_printf(out, "0x%" PRIx64, value.number);
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
