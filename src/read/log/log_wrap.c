/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Taking off what programs pack a log into. Of a journal only what the kernel wrote counts:
 * other programs write "efi:" as well. Must not know what messages mean.
 */
#include <string.h>

#include <jansson.h>

#include "read/log/log_wrap.h"

static bool begins_with(const struct efimap_input *input, const char *bytes)
{
	const size_t len = strlen(bytes);

	return input->len >= len && memcmp(input->data, bytes, len) == 0;
}

static bool has_in_head(const struct efimap_input *input, const char *text)
{
	struct efimap_text head = { input->data, input->len };

	return efimap_text_find(&head, text);
}

/* Each entry has a cursor, unless somebody chose members. */
static bool is_journal(const struct efimap_input *input)
{
	static const char *const starts[] = { "{", "data: {", "\x1e{", "__CURSOR=" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (begins_with(input, starts[i]))
			return (has_in_head(input, "__CURSOR") ||
				has_in_head(input, "\"_TRANSPORT\"")) &&
			       !has_in_head(input, "\"document\"");
	return false;
}

static bool is_dmesg_json(const struct efimap_input *input)
{
	struct efimap_text text = { input->data, input->len };

	if (!efimap_text_take(&text, "{"))
		return false;
	efimap_text_skip(&text, efimap_text_span(text, " \t\r\n"));
	return efimap_text_begins(text, "\"dmesg\"");
}

enum efimap_log_form efimap_log_form_of(const struct efimap_input *input)
{
	if (is_dmesg_json(input))
		return EFIMAP_LOG_DMESG;
	if (!is_journal(input))
		return EFIMAP_LOG_TEXT;
	if (begins_with(input, "__CURSOR="))
		return EFIMAP_LOG_EXPORT;
	return begins_with(input, "{\n") ? EFIMAP_LOG_PRETTY : EFIMAP_LOG_JSON;
}

static bool keep_message(struct efimap_log_wrap *wrap, const char *text, size_t len)
{
	wrap->len = len < sizeof(wrap->message) ? len : sizeof(wrap->message);
	memcpy(wrap->message, text, wrap->len);
	return true;
}

/* One JSON value, if it is whole */
static json_t *load_json(struct efimap_text text)
{
	return json_loadb(text.at, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

/* A message with bytes that are no text is a list of numbers there, and is left out. */
static bool unwrap_json(struct efimap_log_wrap *wrap, struct efimap_text line)
{
	const char *start = line.len ? memchr(line.at, '{', line.len) : NULL;
	json_t *entry, *message, *transport;
	bool is_message;

	if (!start)
		return false;
	efimap_text_skip(&line, (size_t)(start - line.at));
	entry = load_json(line);
	message = json_object_get(entry, "MESSAGE");
	transport = json_object_get(entry, "_TRANSPORT");
	is_message = json_is_string(message) && json_is_string(transport) &&
		     strcmp(json_string_value(transport), "kernel") == 0 &&
		     keep_message(wrap, json_string_value(message),
				  json_string_length(message));
	json_decref(entry);
	return is_message;
}

/* An entry begins with its cursor, and ends with an empty line. */
static bool unwrap_export(struct efimap_log_wrap *wrap, struct efimap_text line)
{
	if (line.len == 0)
		return wrap->is_kernel && wrap->len;
	if (efimap_text_begins(line, "__CURSOR=")) {
		wrap->is_kernel = false;
		wrap->len = 0;
	}
	if (efimap_text_is(line, "_TRANSPORT=kernel"))
		wrap->is_kernel = true;
	if (efimap_text_take(&line, "MESSAGE="))
		keep_message(wrap, line.at, line.len);
	return false;
}

/* The string behind a key and its colon: "KEY" : "string", */
static bool take_string(struct efimap_log_wrap *wrap, struct efimap_text line, const char *key)
{
	json_t *string;
	bool is_string;

	efimap_text_trim(&line);
	if (!efimap_text_take(&line, key))
		return false;
	efimap_text_skip_blanks(&line);
	if (!efimap_text_take(&line, ":"))
		return false;
	efimap_text_skip_blanks(&line);
	if (line.len && line.at[line.len - 1] == ',')
		line.len--;
	string = load_json(line);
	is_string = json_is_string(string) &&
		    keep_message(wrap, json_string_value(string), json_string_length(string));
	json_decref(string);
	return is_string;
}

static bool unwrap_pretty(struct efimap_log_wrap *wrap, struct efimap_text line)
{
	efimap_text_trim(&line);
	if (efimap_text_begins(line, "}"))
		return wrap->is_kernel && wrap->len;
	if (efimap_text_is(line, "{")) {
		wrap->is_kernel = false;
		wrap->len = 0;
	}
	if (efimap_text_begins(line, "\"_TRANSPORT\" : \"kernel\""))
		wrap->is_kernel = true;
	take_string(wrap, line, "\"MESSAGE\"");
	return false;
}

static bool unwrap_dmesg(struct efimap_log_wrap *wrap, struct efimap_text line)
{
	return take_string(wrap, line, "\"msg\"");
}

bool efimap_log_unwrap(struct efimap_log_wrap *wrap, struct efimap_text *line)
{
	static bool (*const by_form[])(struct efimap_log_wrap *wrap, struct efimap_text line) = {
		[EFIMAP_LOG_JSON] = unwrap_json,
		[EFIMAP_LOG_PRETTY] = unwrap_pretty,
		[EFIMAP_LOG_EXPORT] = unwrap_export,
		[EFIMAP_LOG_DMESG] = unwrap_dmesg,
	};

	if (wrap->form == EFIMAP_LOG_TEXT)
		return true;
	if (!by_form[wrap->form](wrap, *line))
		return false;
	*line = (struct efimap_text){ wrap->message, wrap->len };
	return true;
}

/* --- UTF-16 --- */

/* Some write no mark before it: two characters of ASCII, each with a zero beside it */
static bool is_ascii_of(const struct efimap_input *input, size_t first)
{
	const char *data = input->data;

	return input->len >= 4 && data[first] > 0 && data[first + 2] > 0 && !data[1 - first] &&
	       !data[3 - first];
}

void efimap_utf16_of(const struct efimap_input *input, struct efimap_utf16 *ret_utf16)
{
	const bool is_big = begins_with(input, "\xfe\xff") || is_ascii_of(input, 1);

	*ret_utf16 = (struct efimap_utf16){
		.is_on = is_big || begins_with(input, "\xff\xfe") || is_ascii_of(input, 0),
		.is_big = is_big,
	};
}

size_t efimap_utf16_decode(struct efimap_utf16 *utf16, char *data, size_t len)
{
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		const uint8_t byte = (uint8_t)data[i], first = utf16->byte;
		const unsigned int unit = utf16->is_big ? first * 256U + byte :
							  byte * 256U + first;

		utf16->byte = byte;
		utf16->has_byte = !utf16->has_byte;
		if (!utf16->has_byte && unit != 0xfeff)
			data[used++] = unit < 0x80 ? (char)unit : '?';
	}
	return used;
}
