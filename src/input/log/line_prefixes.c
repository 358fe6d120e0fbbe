/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Extract the kernel messages from the bytes of a log, without time stamps, host names and other
 * prefixes. Any program can write text to a log. Therefore, a message is accepted only at the start
 * of a line or after a known prefix. In a journal, only entries of the kernel are used.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "input/log/line_prefixes.h"
#include "input/parse_values.h"


/*
 * enum log_form - the format of a log file
 * @FORM_TEXT:   plain text, with a message per line
 * @FORM_JSON:   "journalctl -o json", with an object per line
 * @FORM_PRETTY: "journalctl -o json-pretty", with a member per line
 * @FORM_EXPORT: "journalctl -o export", with a field per line and an empty line after each entry
 * @FORM_DMESG:  "dmesg --json", with a member per line
 */
enum log_form {
	FORM_TEXT,
	FORM_JSON,
	FORM_PRETTY,
	FORM_EXPORT,
	FORM_DMESG,
};

/*
 * struct log_wrap - state of the parser of a log format; zeroed for plain text
 * @is_kernel: for FORM_EXPORT and FORM_PRETTY, the current log entry is from the kernel
 * @message:   the last parsed message, which may be truncated
 * @len:       length of @message in bytes
 */
struct log_wrap {
	enum log_form form;
	bool is_kernel;
	char message[2048];
	size_t len;
};

/* State of the decoder between two blocks. @has_byte: @byte is the first half of a code unit. */
struct utf16 {
	bool is_on;
	bool is_big;
	bool has_byte;
	uint8_t byte;
};

static bool has_in_head(struct efimap_text head, const char *text)
{
	return efimap_text_find(&head, text);
}

/*
 * Each entry that journalctl prints contains __CURSOR. A filter such as jq may remove __CURSOR, but
 * keep _TRANSPORT. A document of efimapctl may contain both names, but is not a journal.
 */
static bool is_journal(struct efimap_text head)
{
	if (!efimap_text_begins(head, "{") && !efimap_text_begins(head, "__CURSOR="))
		return false;
	return (has_in_head(head, "__CURSOR") || has_in_head(head, "\"_TRANSPORT\"")) &&
	       !has_in_head(head, "\"document\"");
}

static bool is_dmesg_json(struct efimap_text head)
{
	if (!efimap_text_take(&head, "{"))
		return false;
	efimap_text_skip(&head, efimap_text_span(head, " \t\r\n"));
	return efimap_text_begins(head, "\"dmesg\"");
}

static enum log_form form_of(const struct efimap_input *input)
{
	const struct efimap_text head = { input->data, input->len };

	if (is_dmesg_json(head))
		return FORM_DMESG;
	if (!is_journal(head))
		return FORM_TEXT;
	if (efimap_text_begins(head, "__CURSOR="))
		return FORM_EXPORT;
	return efimap_text_begins(head, "{\n") ? FORM_PRETTY : FORM_JSON;
}

bool efimap_log_is_packed(const struct efimap_input *input)
{
	return form_of(input) != FORM_TEXT;
}

static bool keep_message(struct log_wrap *wrap, const char *text, size_t len)
{
	wrap->len = len < sizeof(wrap->message) ? len : sizeof(wrap->message);
	memcpy(wrap->message, text, wrap->len);
	return true;
}

static json_t *load_json(struct efimap_text text)
{
	return json_loadb(text.at, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

/*
 * Keep the message and return true if the entry is from the kernel and the message is a string.
 * journalctl writes a message that is not text as an array of numbers.
 */
static bool unwrap_json(struct log_wrap *wrap, struct efimap_text line)
{
	json_t *entry = load_json(line);
	const json_t *message = json_object_get(entry, "MESSAGE");
	const json_t *transport = json_object_get(entry, "_TRANSPORT");
	const bool is_message =
		json_is_string(message) && json_is_string(transport) &&
		     strcmp(json_string_value(transport), "kernel") == 0 &&
		     keep_message(wrap, json_string_value(message),
				  json_string_length(message));
	json_decref(entry);
	return is_message;
}

/* Process a line of an entry. Return true at the end of a kernel entry that has a message. */
static bool take_entry_line(struct log_wrap *wrap, bool begins, bool is_kernel, bool ends)
{
	if (begins)
		wrap->len = 0;
	wrap->is_kernel = is_kernel || (wrap->is_kernel && !begins);
	if (!ends || !wrap->is_kernel || !wrap->len)
		return false;
	wrap->is_kernel = false;
	return true;
}

/* An entry of the export format begins with its cursor and ends with an empty line. */
static bool unwrap_export(struct log_wrap *wrap, struct efimap_text line)
{
	struct efimap_text message = line;

	if (efimap_text_take(&message, "MESSAGE="))
		keep_message(wrap, message.at, message.len);
	return take_entry_line(wrap, efimap_text_begins(line, "__CURSOR="),
			       efimap_text_is(line, "_TRANSPORT=kernel"), line.len == 0);
}

/* If the line assigns a string to @key, keep the string. @key includes quotation marks. */
static bool take_string(struct log_wrap *wrap, struct efimap_text line, const char *key)
{
	json_t *string;
	bool is_string;

	efimap_text_trim(&line);
	if (!efimap_text_take(&line, key) || !efimap_text_take_mark(&line, ":"))
		return false;
	if (line.len && line.at[line.len - 1] == ',')
		line.len--;
	string = load_json(line);
	is_string = json_is_string(string) &&
		    keep_message(wrap, json_string_value(string), json_string_length(string));
	json_decref(string);
	return is_string;
}

static bool unwrap_pretty(struct log_wrap *wrap, struct efimap_text line)
{
	take_string(wrap, line, "\"MESSAGE\"");
	efimap_text_trim(&line);
	return take_entry_line(wrap, efimap_text_is(line, "{"),
			       efimap_text_begins(line, "\"_TRANSPORT\" : \"kernel\""),
			       efimap_text_begins(line, "}"));
}

static bool unwrap_dmesg(struct log_wrap *wrap, struct efimap_text line)
{
	return take_string(wrap, line, "\"msg\"");
}

/*
 * Return whether a line completes a message. If so, replace @line with the message. In plain text,
 * each line is a message.
 */
static bool unwrap_line(struct log_wrap *wrap, struct efimap_text *line)
{
	static bool (*const by_form[])(struct log_wrap *wrap, struct efimap_text line) = {
		[FORM_JSON] = unwrap_json,
		[FORM_PRETTY] = unwrap_pretty,
		[FORM_EXPORT] = unwrap_export,
		[FORM_DMESG] = unwrap_dmesg,
	};

	if (wrap->form == FORM_TEXT)
		return true;
	if (!by_form[wrap->form](wrap, *line))
		return false;
	*line = (struct efimap_text){ wrap->message, wrap->len };
	return true;
}


/*
 * Return whether a text begins with two ASCII characters in UTF-16, each at byte @first of its code
 * unit. This detects UTF-16 without a byte order mark, which some programs omit.
 */
static bool is_ascii_of(struct efimap_text head, size_t first)
{
	return head.len >= 4 && head.at[first] > 0 && head.at[first + 2] > 0 &&
	       !head.at[1 - first] && !head.at[3 - first];
}

static struct utf16 find_utf16(struct efimap_text head)
{
	const bool is_big = efimap_text_begins(head, "\xfe\xff") || is_ascii_of(head, 1);

	return (struct utf16){
		.is_on = is_big || efimap_text_begins(head, "\xff\xfe") || is_ascii_of(head, 0),
		.is_big = is_big,
	};
}

/* Decode UTF-16 to ASCII in place, and return the length in bytes. Other characters become '?'. */
static size_t decode_utf16(struct utf16 *utf16, char *data, size_t len)
{
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		const uint8_t byte = (uint8_t)data[i], first = utf16->byte;
		const unsigned int unit = utf16->is_big ? first * 256U + byte :
							  byte * 256U + first;

		utf16->byte = byte;
		utf16->has_byte = !utf16->has_byte;
		if (!utf16->has_byte && unit != 0xfeff)
			data[used++] = (char)(unit < 0x80 ? unit : '?');
	}
	return used;
}


#define BUFFER_SIZE ((size_t)256 << 10)
/* Size in bytes from which an incomplete line is processed like a complete line. */
#define MAX_PIECE ((size_t)64 << 10)
#define ESC '\033'
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/*
 * Skip the prefix of syslog or journald, such as "Nov 20 07:51:48 host kernel:". A "kernel:" after
 * the name of a program, as in "host logger[42]: kernel:", is text of that program.
 */
static bool skip_syslog(struct efimap_text *text)
{
	static const char name[] = "kernel";
	const size_t len = sizeof(name) - 1;

	for (size_t at = 0; at < text->len; at++) {
		const char *colon = memchr(text->at + at, ':', text->len - at);

		if (!colon)
			return false;
		at = (size_t)(colon - text->at);
		if (at >= len && colon[-1] == 'l' && memcmp(colon - len, name, len) == 0 &&
		    (at == len || efimap_is_blank(colon[-(ptrdiff_t)len - 1]))) {
			efimap_text_skip(text, at + 1);
			return true;
		}
		if (at + 1 < text->len && efimap_is_blank(colon[1]))
			return false;
	}
	return false;
}

/* Return whether a text begins with a character that may follow a prefix. */
static bool begins_apart(struct efimap_text text)
{
	return text.len &&
	       (efimap_is_blank(text.at[0]) || text.at[0] == '[' || text.at[0] == '<');
}

/*
 * Skip the time stamp of dmesg --time-format=iso ("2026-11-20T07:51:48,000000+00:00"), the prefix
 * of /dev/kmsg ("6,45,0,-;") or a line number.
 */
static bool skip_stamp(struct efimap_text *text)
{
	if (!efimap_text_span(*text, EFIMAP_DIGITS))
		return false;
	efimap_text_skip(text, efimap_text_span(*text, EFIMAP_DIGITS ":.,+-TZc)"));
	if (!efimap_text_take(text, ";") && !begins_apart(*text))
		return false;
	/* A line number may be followed by a bar, as in "12 | ". */
	efimap_text_skip_blanks(text);
	efimap_text_take(text, "|");
	return true;
}

static bool skip_number(struct efimap_text *text, const char *set)
{
	const size_t len = efimap_text_span(*text, set);

	if (!len || len == text->len || !efimap_is_blank(text->at[len]))
		return false;
	efimap_text_skip(text, len);
	efimap_text_skip_blanks(text);
	return true;
}

/* Skip a date that ts(1) or a console logger adds, such as "Nov 20 07:51:48 ". */
static bool skip_date(struct efimap_text *text)
{
	return text->len >= 4 && efimap_is_blank(text->at[3]) &&
	       efimap_text_span(*text, EFIMAP_LETTERS) == 3 && skip_number(text, EFIMAP_LETTERS) &&
	       skip_number(text, EFIMAP_DIGITS) && skip_number(text, EFIMAP_DIGITS ":.");
}

/* Skip "1 2026-11-20T07:51:48Z host kernel - - - ", which follows the priority in RFC 5424. */
static bool skip_rfc5424(struct efimap_text *text)
{
	return efimap_text_take(text, "1 ") && efimap_text_find(text, " kernel - - - ");
}

/*
 * Skip "kern  :info  :" of dmesg -x. "user  :info  :" is not skipped, because it precedes text that
 * a program wrote to /dev/kmsg.
 */
static bool skip_facility(struct efimap_text *text)
{
	if (!efimap_text_take(text, "kern") || !efimap_text_take_mark(text, ":"))
		return false;
	efimap_text_skip(text, efimap_text_span(*text, EFIMAP_LETTERS " "));
	return efimap_text_take(text, ":") && begins_apart(*text);
}

/*
 * Skip a prefix in brackets: "[    0.000000]", "[    T0]", "[Fri Nov 20 07:51:48 2026]", "<6>".
 * "[Firmware Bug]:" is part of the message.
 */
static bool skip_bracket(struct efimap_text *text)
{
	const char open = (char)(text->len ? text->at[0] : '\0');
	const char *end;

	if (open != '[' && open != '<')
		return false;
	end = memchr(text->at, open == '[' ? ']' : '>', text->len);
	if (!end || memchr(text->at + 1, open, (size_t)(end - text->at) - 1))
		return false;
	if (end + 1 < text->at + text->len && end[1] == ':')
		return false;
	efimap_text_skip(text, (size_t)(end - text->at) + 1);
	return true;
}

static void skip_brackets(struct efimap_text *text)
{
	do
		efimap_text_skip_blanks(text);
	while (skip_bracket(text));
}

static bool skip_if(struct efimap_text *text, bool (*skip)(struct efimap_text *text))
{
	struct efimap_text rest = *text;

	if (!skip(&rest))
		return false;
	*text = rest;
	return true;
}

static bool skip_prefix(struct efimap_text *line)
{
	return skip_if(line, skip_date) || skip_if(line, skip_stamp) ||
	       skip_if(line, skip_facility);
}

static struct efimap_text message_of(struct efimap_text line)
{
	const char *start = line.at;

	skip_brackets(&line);
	if (skip_syslog(&line) || skip_if(&line, skip_rfc5424) ||
	    (line.at == start && skip_prefix(&line)))
		skip_brackets(&line);
	return line;
}

/* Skip a byte order mark, and the characters with which mail programs mark quoted text. */
static void skip_quotes(struct efimap_text *line)
{
	if (line->len && line->at[0] == BYTE_ORDER_MARK[0])
		efimap_text_take(line, BYTE_ORDER_MARK);
	efimap_text_skip_blanks(line);
	while (efimap_text_take(line, ">") || efimap_text_take(line, "|"))
		efimap_text_skip_blanks(line);
}

/* Return the length of an escape sequence "ESC [ … final byte", or 1 if no "[" follows the ESC. */
static size_t escape_len(struct efimap_text text)
{
	size_t end = 1;

	if (text.len < 2 || text.at[1] != '[')
		return 1;
	for (end++; end < text.len && (text.at[end] < '@' || text.at[end] > '~');)
		end++;
	return end < text.len ? end + 1 : text.len;
}

static int give_message(struct efimap_text text, uint32_t number,
			efimap_log_line_fn *take, void *context)
{
	struct efimap_log_line line = { .number = number };

	skip_quotes(&text);
	line.all = text;
	line.message = message_of(text);
	return line.message.len ? take(context, &line) : 0;
}

/* Return the length of the HTML entity at the start of a text, or 1 if the entity is unknown. */
static size_t entity_len(struct efimap_text text, char *ret_character)
{
	static const struct {
		const char *name;
		char character;
	} entities[] = {
		{ "lt;", '<' },	  { "gt;", '>' },    { "amp;", '&' },  { "quot;", '"' },
		{ "#39;", '\'' }, { "#x27;", '\'' }, { "nbsp;", ' ' }, { "#34;", '"' },
	};

	efimap_text_skip(&text, 1);
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (efimap_text_begins(text, entities[i].name)) {
			*ret_character = entities[i].character;
			return 1 + strlen(entities[i].name);
		}
	return 1;
}

/*
 * Decode HTML entities, remove escape sequences and carriage returns, and pass the line to @take.
 */
static int give_disguised(struct efimap_text text, uint32_t number, efimap_log_line_fn *take,
			  void *context)
{
	char line[EFIMAP_LOG_LINE_MAX];
	size_t used = 0;

	while (text.len) {
		char character = text.at[0];
		size_t len = character == ESC ? escape_len(text) :
			     character == '&' ? entity_len(text, &character) : 1;

		if (character != ESC && character != '\r')
			line[used++] = character;
		efimap_text_skip(&text, len);
	}
	return give_message((struct efimap_text){ line, used }, number, take, context);
}

static bool is_disguised(const char *text, size_t len)
{
	return len && (memchr(text, ESC, len) || memchr(text, '\r', len) ||
		       memchr(text, '&', len));
}

static int give_lines(struct log_wrap *wrap, struct efimap_lines *lines,
		      efimap_log_line_fn *take, void *context)
{
	/* Checking the complete block is faster than checking each line. */
	const bool is_plain = wrap->form == FORM_TEXT &&
			      !is_disguised(lines->data, lines->len);
	struct efimap_text text;
	int ret = 0;

	while (!ret && efimap_lines_next(lines, &text.at, &text.len)) {
		if (text.len > EFIMAP_LOG_LINE_MAX)
			text.len = EFIMAP_LOG_LINE_MAX;
		if (!unwrap_line(wrap, &text))
			continue;
		ret = is_plain || !is_disguised(text.at, text.len) ?
			      give_message(text, lines->line, take, context) :
			      give_disguised(text, lines->line, take, context);
	}
	return ret;
}

int efimap_log_lines(const char *data, size_t len, efimap_log_line_fn *take,
		     void *context)
{
	struct efimap_lines lines = { .data = data, .len = len };
	struct log_wrap plain = { .form = FORM_TEXT };

	return give_lines(&plain, &lines, take, context);
}

/* A file that is read in blocks. The last line of the @used bytes may be incomplete. */
struct log_reader {
	struct efimap_lines lines;
	struct log_wrap wrap;
	struct utf16 utf16;
	char *buffer;
	size_t used;
};

static void add_line_bytes(struct log_reader *reader, size_t count)
{
	char *at = reader->buffer + reader->used;

	reader->used += reader->utf16.is_on ?
				decode_utf16(&reader->utf16, at, count) : count;
}

static int give_whole_lines(struct log_reader *reader, efimap_log_line_fn *take,
			    void *context)
{
	const char *last = memrchr(reader->buffer, '\n', reader->used);
	size_t complete = last ? (size_t)(last - reader->buffer) + 1 : 0;
	int ret;

	/* A very long line that does not end in the buffer is passed in parts. */
	if (reader->used - complete >= MAX_PIECE)
		complete = reader->used;
	reader->lines.data = reader->buffer;
	reader->lines.len = complete;
	ret = give_lines(&reader->wrap, &reader->lines, take, context);
	reader->used -= complete;
	memmove(reader->buffer, reader->buffer + complete, reader->used);
	return ret;
}

/* In the export format, the empty line after the last entry may be missing, so it is added. */
static int give_last_lines(struct log_reader *reader, efimap_log_line_fn *take, void *context)
{
	int ret;

	reader->lines.data = reader->buffer;
	reader->lines.len = reader->used;
	ret = give_lines(&reader->wrap, &reader->lines, take, context);
	if (ret || reader->wrap.form != FORM_EXPORT)
		return ret;
	reader->lines.data = "\n\n";
	reader->lines.len = 2;
	return give_lines(&reader->wrap, &reader->lines, take, context);
}

int efimap_log_lines_input(struct efimap_input *input, efimap_log_line_fn *take,
			   void *context, struct efimap_err *err)
{
	efimap_auto_free char *buffer = malloc(BUFFER_SIZE);
	const size_t head = input->len < MAX_PIECE ? input->len : MAX_PIECE;
	struct log_reader reader = { .buffer = buffer };
	int ret = 0;

	if (!buffer)
		return efimap_err_set(err, ENOMEM, input->name, "%s", strerror(ENOMEM));
	reader.wrap.form = form_of(input);
	reader.utf16 = find_utf16((struct efimap_text){ input->data, input->len });
	if (head)
		memcpy(buffer, input->data, head);
	add_line_bytes(&reader, head);
	while (!ret && !input->at_end) {
		const ssize_t count = efimap_input_take(input, buffer + reader.used,
							BUFFER_SIZE - reader.used, err);

		if (count < 0)
			return (int)count;
		add_line_bytes(&reader, (size_t)count);
		if (!input->at_end)
			ret = give_whole_lines(&reader, take, context);
	}
	if (ret)
		return ret;
	return give_last_lines(&reader, take, context);
}
