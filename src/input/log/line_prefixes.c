/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Extract the kernel messages from the bytes of a log, without time stamps, host names and other
 * prefixes. Any program can write text to a log. Therefore, a message is accepted only at the start
 * of a line or after a known prefix.
 */
#include <string.h>

#include "base/cleanup.h"
#include "input/log/line_prefixes.h"
#include "input/parse_values.h"

bool log_is_packed(const struct input *input)
{
	const struct text head = { input->data, input->len };
	struct text dmesg = head;

	if (text_take(&dmesg, "{")) {
		text_skip(&dmesg, text_span(dmesg, " \t\r\n"));
		if (text_begins(dmesg, "\"dmesg\""))
			return true;
	}
	/*
	 * Each entry that journalctl prints contains __CURSOR. A filter such as jq may remove
	 * __CURSOR, but keep _TRANSPORT. A document of efimapctl may contain both names, but is not
	 * a journal.
	 */
	return (text_begins(head, "{") || text_begins(head, "__CURSOR=")) &&
	       (text_contains(head, "__CURSOR") || text_contains(head, "\"_TRANSPORT\"")) &&
	       !text_contains(head, "\"document\"");
}

/*
 * Return whether a text begins with two ASCII characters in UTF-16. @first is the position of the
 * ASCII byte in a code unit.
 */
static bool is_ascii_of(struct text head, size_t first)
{
	return head.len >= 4 && head.at[first] > 0 && head.at[first + 2] > 0 &&
	       !head.at[1 - first] && !head.at[3 - first];
}

bool log_is_utf16(const struct input *input)
{
	const struct text head = { input->data, input->len };

	return text_begins(head, "\xfe\xff") || text_begins(head, "\xff\xfe") ||
	       is_ascii_of(head, 0) || is_ascii_of(head, 1);
}

#define BUFFER_SIZE ((size_t)16 << 10)
/* Size in bytes from which an incomplete line is processed like a complete line. */
#define MAX_PIECE EFIMAP_LOG_LINE_MAX
#define ESC '\033'
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* Remove the number of the process from the end of a text, as in "kexec[42]". */
static void remove_process(struct text *text)
{
	struct text rest = *text;

	if (!text_ends(rest, "]"))
		return;
	do
		rest.len--;
	while (rest.len && text_is_one_of(rest.at[rest.len - 1], EFIMAP_DIGITS));
	if (text_ends(rest, "["))
		text->len = rest.len - 1;
}

/* Return whether a text ends in the word "kernel", or "kernel[0]" of some programs. */
static bool ends_in_kernel(struct text text)
{
	static const char name[] = "kernel";
	const size_t len = sizeof(name) - 1;

	remove_process(&text);
	return text_ends(text, name) && (text.len == len || is_blank(text.at[text.len - len - 1]));
}

/*
 * Return whether a text ends in a word with the name of a program that loads kernels. "kexec:" at
 * the start of a line is not a prefix of syslog, but a part of a kernel message.
 */
static bool ends_in_loader(struct text text)
{
	static const char *const names[] = { "kexec",	 "systemctl", "kdump-config", "kdump-tools",
					     "kdumpctl", "kdump",     "load.sh" };

	if (text_is(text, "kexec"))
		return false;
	remove_process(&text);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const size_t len = strlen(names[i]);

		if (text_ends(text, names[i]) &&
		    (text.len == len || is_blank(text.at[text.len - len - 1])))
			return true;
	}
	return false;
}

/*
 * Skip the prefix of syslog or journald, such as "Nov 20 07:51:48 host kernel:" or
 * "host kexec[42]:". A "kernel:" after the name of another program, as in
 * "host logger[42]: kernel:", is text of that program.
 */
static bool skip_syslog(struct text *text)
{
	for (size_t at = 0; at < text->len; at++) {
		const char *colon = memchr(text->at + at, ':', text->len - at);

		if (!colon)
			return false;
		at = (size_t)(colon - text->at);
		if (ends_in_kernel((struct text){ text->at, at })) {
			text_skip(text, at + 1);
			return true;
		}
		if (at + 1 >= text->len || !is_blank(colon[1]))
			continue;
		if (!ends_in_loader((struct text){ text->at, at }))
			return false;
		text_skip(text, at + 1);
		return true;
	}
	return false;
}

static bool may_follow_prefix(struct text text)
{
	return text.len && (is_blank(text.at[0]) || text.at[0] == '[' || text.at[0] == '<');
}

static bool skip_number(struct text *text, const char *set)
{
	const size_t len = text_span(*text, set);

	if (!len || len == text->len || !is_blank(text->at[len]))
		return false;
	text_skip(text, len);
	text_skip_blanks(text);
	return true;
}

/* Skip a level that the logging module of Python adds after the time, such as "DEBUG:<tab>". */
static void skip_level(struct text *text)
{
	static const char *const levels[] = { "DEBUG:", "INFO:", "WARNING:", "ERROR:" };

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (text_take(text, levels[i]))
			text_skip_blanks(text);
}

/*
 * Skip the time stamp of dmesg --time-format=iso ("2026-11-20T07:51:48,000000+00:00"), a date and a
 * time ("2026-11-20 07:51:48"), or a line number.
 */
static bool skip_stamp(struct text *text)
{
	if (!text_span(*text, EFIMAP_DIGITS))
		return false;
	text_skip(text, text_span(*text, EFIMAP_DIGITS ":.,+-TZc)"));
	if (!may_follow_prefix(*text))
		return false;
	/* A line number may be followed by a bar, as in "12 | ". */
	text_skip_blanks(text);
	text_take(text, "|");
	/* A time such as "07:51:48 " may follow the date. */
	if (text->len > 5 && text->at[2] == ':' && text->at[5] == ':' &&
	    skip_number(text, EFIMAP_DIGITS ":.,+-Z"))
		skip_level(text);
	return true;
}

static bool skip_if(struct text *text, bool (*skip)(struct text *text))
{
	struct text rest = *text;

	if (!skip(&rest))
		return false;
	*text = rest;
	return true;
}

/*
 * Skip "kern  :info  :" of dmesg -x, and a time stamp. "user  :info  :" is not skipped, because it
 * precedes text that a program wrote to /dev/kmsg.
 */
static bool skip_facility(struct text *text)
{
	if (!text_take(text, "kern") || !text_take_mark(text, ":"))
		return false;
	text_skip(text, text_span(*text, EFIMAP_LETTERS " "));
	if (!text_take(text, ":") || !may_follow_prefix(*text))
		return false;
	text_skip_blanks(text);
	skip_if(text, skip_stamp);
	return true;
}

/*
 * Skip a prefix in brackets: "[    0.000000]", "[    T0]", "[Fri Nov 20 07:51:48 2026]", "<6>".
 * "[Firmware Bug]:" is part of the message.
 */
static bool skip_bracket(struct text *text)
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
	text_skip(text, (size_t)(end - text->at) + 1);
	return true;
}

static void skip_brackets(struct text *text)
{
	do
		text_skip_blanks(text);
	while (skip_bracket(text));
}

static struct text message_of(struct text line)
{
	const char *start = line.at;

	skip_brackets(&line);
	if (skip_syslog(&line) ||
	    (line.at == start && (skip_if(&line, skip_stamp) || skip_if(&line, skip_facility))))
		skip_brackets(&line);
	return line;
}

/* Return the length of an escape sequence "ESC [ … final byte", or 1 if no "[" follows the ESC. */
static size_t escape_len(struct text text)
{
	size_t end = 1;

	if (text.len < 2 || text.at[1] != '[')
		return 1;
	for (end++; end < text.len && (text.at[end] < '@' || text.at[end] > '~');)
		end++;
	return end < text.len ? end + 1 : text.len;
}

static void give_message(struct text text, uint32_t number, bool is_cut, log_line_fn *take,
			 void *context)
{
	struct log_line line = { .number = number,
				 .is_cut = is_cut,
				 .is_wrapped = text_ends(text, EFIMAP_LOG_WRAPPED) };

	text.len -= line.is_wrapped;
	/* Skip a byte order mark, and the characters with which mail programs mark quoted text. */
	text_take(&text, BYTE_ORDER_MARK);
	text_skip_blanks(&text);
	while (text_take(&text, ">") || text_take(&text, "|"))
		text_skip_blanks(&text);
	line.all = text;
	line.message = message_of(text);
	if (line.message.len)
		take(context, &line);
}

static void give_without_escapes(struct text text, uint32_t number, bool is_cut, log_line_fn *take,
				 void *context)
{
	char line[EFIMAP_LOG_LINE_MAX];
	size_t used = 0;

	while (text.len) {
		const char character = text.at[0];
		const size_t len = character == ESC ? escape_len(text) : 1;

		if (character != ESC && character != '\r')
			line[used++] = character;
		text_skip(&text, len);
	}
	give_message((struct text){ line, used }, number, is_cut, take, context);
}

static bool has_escapes(const char *text, size_t len)
{
	return len && (memchr(text, ESC, len) || memchr(text, '\r', len));
}

/* @is_end: no other block of the log follows */
static void give_lines(struct lines *lines, bool is_end, log_line_fn *take, void *context)
{
	const char *last = lines->data + lines->len;
	struct text text;

	while (lines_next(lines, &text.at, &text.len)) {
		const bool is_cut = is_end && text.at + text.len == last;

		if (text.len > EFIMAP_LOG_LINE_MAX)
			text.len = EFIMAP_LOG_LINE_MAX;
		if (!has_escapes(text.at, text.len))
			give_message(text, lines->line, is_cut, take, context);
		else
			give_without_escapes(text, lines->line, is_cut, take, context);
	}
}

void log_lines(const char *data, size_t len, log_line_fn *take, void *context)
{
	struct lines lines = { .data = data, .len = len };

	give_lines(&lines, true, take, context);
}

int log_lines_input(struct input *input, log_line_fn *take, void *context, struct err *err)
{
	auto_free char *buffer = NULL;
	struct lines lines = { .len = 0 };
	size_t used = input->len, total = used;

	/* A short file or a recording is already in memory. */
	if (input->at_end) {
		log_lines(input->data, input->len, take, context);
		return 0;
	}
	buffer = memory_new(BUFFER_SIZE);
	/* The head of the file, which was read to detect the format, is the start of the log. */
	if (input->len)
		memcpy(buffer, input->data, input->len);
	while (!input->at_end) {
		const ssize_t count = input_take(input, buffer + used, BUFFER_SIZE - used, err);
		const char *last;
		size_t complete;

		if (count < 0)
			return (int)count;
		used += (size_t)count;
		total += (size_t)count;
		if (total > EFIMAP_LOG_BYTES)
			return err_too_long(err, input->name, EFIMAP_LOG_BYTES);
		/* The last line may be incomplete. A very long line is passed in parts. */
		last = memrchr(buffer, '\n', used);
		complete = last ? (size_t)(last - buffer) + 1 : 0;
		if (input->at_end || used - complete >= MAX_PIECE)
			complete = used;
		lines.data = buffer;
		lines.len = complete;
		give_lines(&lines, input->at_end, take, context);
		used -= complete;
		memmove(buffer, buffer + complete, used);
	}
	return 0;
}
