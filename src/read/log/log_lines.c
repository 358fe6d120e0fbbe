/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a log's bytes to its messages: behind time stamps, levels, host names and whatever
 * else dmesg, syslog, journald and serial consoles put before them. A log is free text
 * that anybody writes into: a word elsewhere in a line is no message. Must not know what
 * messages mean.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/log/log_lines.h"
#include "read/parse.h"

#define BUFFER_SIZE ((size_t)256 << 10)
/* What is kept of a line that does not end: the kernel's have 1 KiB, and a prefix. */
#define MAX_PIECE ((size_t)64 << 10)
#define ESC '\033'
/* Editors of other systems begin a file so. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* "> > ": somebody answered a mail. Only where a line begins: no program can write that.
 */
static void skip_quote_marks(struct efimap_text *text)
{
	size_t marks = 0;

	for (size_t i = 0; i < text->len && (text->at[i] == ' ' || text->at[i] == '>');
	     i++)
		if (text->at[i] == '>')
			marks = i + 1;
	efimap_text_skip(text, marks);
}

/*
 * "Nov 20 07:51:48 host kernel:": what stands before it is syslog's or journald's. Behind
 * the name of a program, "host logger[42]: kernel:", it is what that program wrote.
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
		if (at >= len && memcmp(colon - len, name, len) == 0 &&
		    (at == len || efimap_text_is_blank(colon[-(ptrdiff_t)len - 1]))) {
			efimap_text_skip(text, at + 1);
			return true;
		}
		if (at + 1 < text->len && efimap_text_is_blank(colon[1]))
			return false;
	}
	return false;
}

/* Something stands between a message and what is before it. */
static bool begins_apart(struct efimap_text text)
{
	return text.len &&
	       (efimap_text_is_blank(text.at[0]) || text.at[0] == '[' || text.at[0] == '<');
}

/* "2026-11-20T07:51:48,000000+00:00" of dmesg --time-format=iso; "6,45,0,-;" of kmsg */
static bool skip_stamp(struct efimap_text *text)
{
	struct efimap_text rest = *text;

	if (!rest.len || rest.at[0] < '0' || rest.at[0] > '9')
		return false;
	while (rest.len && efimap_text_is_one_of(rest.at[0], "0123456789:.,+-TZc"))
		efimap_text_skip(&rest, 1);
	if (!efimap_text_take(&rest, ";") && !begins_apart(rest))
		return false;
	*text = rest;
	return true;
}

/* "kern  :info  :" of dmesg -x; "user  :info  :" is what a program wrote to /dev/kmsg. */
static bool skip_facility(struct efimap_text *text)
{
	struct efimap_text rest = *text;

	if (!efimap_text_take(&rest, "kern"))
		return false;
	efimap_text_skip_blanks(&rest);
	if (!efimap_text_take(&rest, ":"))
		return false;
	while (rest.len &&
	       (rest.at[0] == ' ' || (rest.at[0] >= 'a' && rest.at[0] <= 'z')))
		efimap_text_skip(&rest, 1);
	if (!efimap_text_take(&rest, ":") || !begins_apart(rest))
		return false;
	*text = rest;
	return true;
}

/*
 * "[    0.000000]", "[    T0]", "[Fri Nov 20 07:51:48 2026]", "<6>". Text within brackets
 * has none of its own, and "[Firmware Bug]:" is the message itself.
 */
static bool skip_bracket(struct efimap_text *text)
{
	const char open = text->len ? text->at[0] : '\0';
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

/* The message of a line that was cleaned; empty when it has none. */
static struct efimap_text message_of(struct efimap_text line)
{
	const char *start;

	if (line.len && line.at[0] == BYTE_ORDER_MARK[0])
		efimap_text_take(&line, BYTE_ORDER_MARK);
	skip_quote_marks(&line);
	start = line.at;
	skip_brackets(&line);
	if (skip_syslog(&line) ||
	    (line.at == start && (skip_stamp(&line) || skip_facility(&line))))
		skip_brackets(&line);
	return line;
}

/* "ESC [ … letter", as dmesg --color and terminals write it: how many bytes? */
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
	const struct efimap_log_line line = { .message = message_of(text),
					      .number = number };

	return line.message.len ? take(context, &line) : 0;
}

/* The line without colours and carriage returns. */
static int give_coloured(struct efimap_text text, uint32_t number,
			 efimap_log_line_fn *take, void *context)
{
	char line[EFIMAP_LOG_LINE_MAX];
	size_t used = 0;

	while (text.len) {
		if (text.at[0] == ESC) {
			efimap_text_skip(&text, escape_len(text));
			continue;
		}
		if (text.at[0] != '\r')
			line[used++] = text.at[0];
		efimap_text_skip(&text, 1);
	}
	return give_message((struct efimap_text){ line, used }, number, take, context);
}

static bool has_controls(const char *text, size_t len)
{
	return len && (memchr(text, ESC, len) || memchr(text, '\r', len));
}

static int give_lines(struct efimap_lines *lines, efimap_log_line_fn *take, void *context)
{
	/* One look at all of it is cheaper than one at each line. */
	const bool is_plain = !has_controls(lines->data, lines->len);
	struct efimap_text text;
	int ret = 0;

	while (!ret && efimap_lines_next(lines, &text.at, &text.len)) {
		if (text.len > EFIMAP_LOG_LINE_MAX)
			text.len = EFIMAP_LOG_LINE_MAX;
		ret = is_plain || !has_controls(text.at, text.len) ?
			      give_message(text, lines->line, take, context) :
			      give_coloured(text, lines->line, take, context);
	}
	return ret;
}

int efimap_log_lines(const char *data, size_t len, efimap_log_line_fn *take,
		     void *context)
{
	struct efimap_lines lines = { .data = data, .len = len };

	return give_lines(&lines, take, context);
}

/* Lines that are whole; the rest moves to the front of the buffer. */
static int give_whole_lines(struct efimap_lines *lines, char *buffer, size_t *used,
			    efimap_log_line_fn *take, void *context)
{
	const char *last = memrchr(buffer, '\n', *used);
	size_t whole = last ? (size_t)(last - buffer) + 1 : 0;
	int ret;

	/* No end in sight: what there is of the line counts as one. */
	if (*used - whole >= MAX_PIECE)
		whole = *used;
	lines->data = buffer;
	lines->len = whole;
	ret = give_lines(lines, take, context);
	*used -= whole;
	memmove(buffer, buffer + whole, *used);
	return ret;
}

int efimap_log_lines_input(struct efimap_input *input, efimap_log_line_fn *take,
			   void *context, struct efimap_err *err)
{
	efimap_auto_free char *buffer = malloc(BUFFER_SIZE);
	size_t used = input->len < MAX_PIECE ? input->len : MAX_PIECE;
	struct efimap_lines lines = { 0 };
	ssize_t count;
	int ret = 0;

	if (!buffer)
		return efimap_err_set(err, ENOMEM, input->name, "%s", strerror(ENOMEM));
	if (used)
		memcpy(buffer, input->data, used);
	while (!ret && !input->at_end) {
		count = efimap_input_take(input, buffer + used, BUFFER_SIZE - used, err);
		if (count < 0)
			return (int)count;
		used += (size_t)count;
		if (!input->at_end)
			ret = give_whole_lines(&lines, buffer, &used, take, context);
	}
	lines.data = buffer;
	lines.len = used;
	return ret ? ret : give_lines(&lines, take, context);
}
