/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The streaming JSON writer: jansson for values, written through a callback into our
 * buffer (json_dumpfd() writes 44 times an entry; json_dumpf() to a full disk succeeds; a
 * whole tree takes 1 KiB an entry). Plain strings and numbers, which make up nearly all of
 * a dump, are written without jansson, in the same bytes; whoever writes nothing else does
 * not pay for its hash table. Knows no document but the members that all share.
 */
#include <errno.h>
#include <string.h>

#include "json.h"
#include "text.h"

#define DOCUMENT_VERSION 1
#define PIECES_SIZE ((size_t)4096)
/* U+FFFD REPLACEMENT CHARACTER */
#define REPLACEMENT "\xef\xbf\xbd"

static void fail(struct efimap_out *out)
{
	if (!out->error)
		out->error = -ENOMEM;
}

/*
 * What jansson has written of a value: it calls back for every quote and comma, 150 times
 * an entry, which is dear when each call goes all the way to the out.
 */
struct pieces {
	struct efimap_out *out;
	size_t used;
	char text[PIECES_SIZE];
};

/*
 * JSON_ENSURE_ASCII leaves DEL, the one control character that is ASCII and needs no
 * escape in JSON. It can only stand within a string.
 */
static void write_escaped(struct efimap_out *out, const char *text, size_t size)
{
	const char *del;

	while ((del = memchr(text, 0x7f, size))) {
		size_t before = (size_t)(del - text);

		efimap_out_write(out, text, before);
		efimap_out_puts(out, "\\u007f");
		text = del + 1;
		size -= before + 1;
	}
	efimap_out_write(out, text, size);
}

static int write_piece(const char *buffer, size_t size, void *data)
{
	struct pieces *pieces = data;

	if (size > sizeof(pieces->text) - pieces->used) {
		write_escaped(pieces->out, pieces->text, pieces->used);
		pieces->used = 0;
	}
	if (size > sizeof(pieces->text)) {
		write_escaped(pieces->out, buffer, size);
		return pieces->out->error ? -1 : 0;
	}
	memcpy(pieces->text + pieces->used, buffer, size);
	pieces->used += size;
	return 0;
}

static void dump(struct json *json, const json_t *value)
{
	size_t flags = JSON_ENCODE_ANY | JSON_ENSURE_ASCII;
	struct pieces pieces;

	if (json->compact)
		flags |= JSON_COMPACT;
	if (json->out->error)
		return;
	pieces.out = json->out;
	pieces.used = 0;
	if (!value || json_dump_callback(value, write_piece, &pieces, flags))
		fail(json->out);
	else
		write_escaped(json->out, pieces.text, pieces.used);
}

static void start_line(struct json *json)
{
	if (json->compact)
		return;
	efimap_out_putc(json->out, '\n');
	for (unsigned int i = 0; i < json->depth; i++)
		efimap_out_puts(json->out, "  ");
}

/* The record of level @depth; too deep a level is an error already and shares the last. */
static struct json_level *level(struct json *json, unsigned int depth)
{
	return &json->levels[depth < JSON_MAX_DEPTH ? depth : JSON_MAX_DEPTH - 1];
}

/* Everything before a value: comma, new line, indentation, key (always plain ASCII). */
static void start_member(struct json *json, const char *key)
{
	struct json_level *now = level(json, json->depth - 1);

	if (now->filled)
		efimap_out_puts(json->out, now->on_line && !json->compact ? ", " : ",");
	now->filled = true;
	if (!now->on_line)
		start_line(json);
	if (!key)
		return;
	efimap_out_putc(json->out, '"');
	efimap_out_puts(json->out, key);
	efimap_out_puts(json->out, json->compact ? "\":" : "\": ");
}

static void open_level(struct json *json, char opener, char closer, bool on_line)
{
	if (json->depth >= JSON_MAX_DEPTH && !json->out->error)
		json->out->error = -EOVERFLOW;
	efimap_out_putc(json->out, opener);
	*level(json, json->depth++) = (struct json_level){ .on_line = on_line,
								.closer = closer };
}

void json_open_object(struct json *json, const char *key)
{
	start_member(json, key);
	open_level(json, '{', '}', false);
}

void json_open_array(struct json *json, const char *key)
{
	start_member(json, key);
	open_level(json, '[', ']', false);
}

void json_open_line_object(struct json *json, const char *key)
{
	start_member(json, key);
	open_level(json, '{', '}', true);
}

void json_open_line_array(struct json *json, const char *key)
{
	start_member(json, key);
	open_level(json, '[', ']', true);
}

void json_close(struct json *json)
{
	struct json_level *closed = level(json, --json->depth);

	if (closed->filled && !closed->on_line)
		start_line(json);
	efimap_out_putc(json->out, closed->closer);
}

void json_put(struct json *json, const char *key, json_t *value)
{
	start_member(json, key);
	dump(json, value);
	json_decref(value);
}

/* The length of a text of printable ASCII that needs no escape, or SIZE_MAX. */
static size_t plain_length(const char *text)
{
	const char *end;

	for (end = text; *end; end++)
		if (*end < ' ' || *end > '~' || *end == '"' || *end == '\\')
			return SIZE_MAX;
	return (size_t)(end - text);
}

void json_put_text(struct json *json, const char *key, const char *text)
{
	size_t length = text ? plain_length(text) : 0;

	if (length == SIZE_MAX) {
		json_put(json, key, json_text(text));
		return;
	}
	start_member(json, key);
	if (!text) {
		efimap_out_puts(json->out, "null");
		return;
	}
	efimap_out_putc(json->out, '"');
	efimap_out_write(json->out, text, length);
	efimap_out_putc(json->out, '"');
}

void json_put_hex(struct json *json, const char *key, uint64_t value)
{
	start_member(json, key);
	efimap_out_putc(json->out, '"');
	efimap_out_hex(json->out, value);
	efimap_out_putc(json->out, '"');
}

void json_put_count(struct json *json, const char *key, size_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	start_member(json, key);
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	efimap_out_write(json->out, digits + at, sizeof(digits) - at);
}

void json_begin(struct json *json, const char *document, const char *source, bool compact,
		struct efimap_out *out)
{
	*json = (struct json){ .out = out, .compact = compact };
	open_level(json, '{', '}', false);
	json_put_text(json, "document", document);
	json_put_count(json, "version", DOCUMENT_VERSION);
	json_put_text(json, "tool", EFIMAP_TOOL);
	json_put_text(json, "source", source);
}

int json_end(struct json *json)
{
	json_close(json);
	efimap_out_putc(json->out, '\n');
	return json->out->error;
}

static json_t *repaired(const char *text)
{
	struct efimap_out copy = EFIMAP_OUT_MEM;
	json_t *value = NULL;

	while (*text) {
		size_t length = text_utf8_length(text);

		if (length)
			efimap_out_write(&copy, text, length);
		else
			efimap_out_puts(&copy, REPLACEMENT);
		text += length ? length : 1;
	}
	if (!copy.error)
		value = json_stringn_nocheck(copy.data, copy.used);
	efimap_out_free(&copy);
	return value;
}

json_t *json_text(const char *text)
{
	size_t at = 0, length;

	if (!text)
		return json_null();
	while (text[at]) {
		length = text_utf8_length(text + at);
		if (!length)
			return repaired(text);
		at += length;
	}
	return json_stringn_nocheck(text, at);
}

json_t *json_hex(uint64_t value)
{
	char text[18];
	size_t at = sizeof(text);

	do {
		text[--at] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value);
	text[--at] = 'x';
	text[--at] = '0';
	return json_stringn_nocheck(text + at, sizeof(text) - at);
}

json_t *json_count(size_t value)
{
	return json_integer((json_int_t)value);
}

void json_member(json_t **object, const char *key, json_t *value)
{
	if (*object && !json_object_set_new_nocheck(*object, key, value))
		return;
	if (!*object)
		json_decref(value);
	json_decref(*object);
	*object = NULL;
}

void json_element(json_t **array, json_t *value)
{
	if (*array && !json_array_append_new(*array, value))
		return;
	if (!*array)
		json_decref(value);
	json_decref(*array);
	*array = NULL;
}
