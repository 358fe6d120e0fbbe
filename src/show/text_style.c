/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write sizes, plurals, wrapped sentences, commands and styles. */
#include <ctype.h>
#include <string.h>

#include "base/text_scan.h"
#include "base/utf8.h"
#include "show/text_style.h"

/* Indentation of the second and further lines of a sentence. */
#define SENTENCE_INDENT 4
/* A command is aligned with the text of a step that is indented by 4. */
#define STEP_COMMAND "       $ "

void text_size(struct out *out, uint64_t bytes)
{
	static const char units[] = "BKMGTPE";
	unsigned int unit = 0, tenths = 0;

	while (unit < 6 && bytes >> (10 * (unit + 1)))
		unit++;
	/* The ten bits below the unit are sufficient to compute one decimal digit. */
	if (unit)
		tenths = (unsigned int)(bytes >> (10 * (unit - 1)) & 1023) * 10 / 1024;
	out_printf(out, "%llu", (unsigned long long)(bytes >> (10 * unit)));
	if (tenths)
		out_printf(out, ".%u", tenths);
	out_putc(out, units[unit]);
}

void text_span_size(struct out *out, uint64_t bytes)
{
	if (bytes)
		text_size(out, bytes);
	else
		out_puts(out, "16E");
}

void text_blanks(struct out *out, size_t count)
{
	while (count--)
		out_putc(out, ' ');
}

void text_plural(struct out *out, size_t count, const char *one, const char *many)
{
	out_printf(out, "%zu %s", count, count == 1 ? one : many);
}

static size_t word_length(const char *text, size_t left)
{
	const size_t len = strcspn(text, " \n");

	return len < left ? len : left;
}

static size_t blanks_length(const char *text, size_t left)
{
	const size_t len = strspn(text, " \n");

	return len < left ? len : left;
}

/*
 * Return the length of the quotation at the start of @text, up to the end of the word that contains
 * the closing quotation mark. A "(" may precede the quotation. Commands are in single quotation
 * marks. Return 0 if there is no quotation.
 */
static size_t quoted_length(const char *text, size_t left)
{
	const size_t open = text[0] == '(' ? 1 : 0;
	const char *close;

	if (open >= left || (text[open] != '"' && text[open] != '\''))
		return 0;
	close = memchr(text + open + 1, text[open], left - open - 1);
	if (!close)
		return 0;
	return (size_t)(close - text) + word_length(close, left - (size_t)(close - text));
}

/* Return whether @next continues a command at the end of @text. */
static bool is_command(const char *text, size_t len, const char *next, size_t next_len)
{
	const struct text before = { text, len };

	return text_ends(before, "efimapctl") || text_ends(before, "efimapctl explain") ||
	       text_ends(before, "systemctl") || text_ends(before, "systemctl restart") ||
	       text_ends(before, " -u") || (next_len > 1 && next[0] == '-');
}

/* Return whether a number and @next are a size or a date, such as "95 MiB" or "20 November 2026".
 */
static bool is_quantity(const char *text, size_t len, const char *next, size_t next_len)
{
	const size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > len || next_len < 2)
		return false;
	return digits == len ? isupper((unsigned char)next[0]) && islower((unsigned char)next[1])
			     : text[digits] == ' ' && strspn(next, "0123456789") == 4;
}

/*
 * Return the length of the text that must stay on one line: a word, a quotation, a quantity, or a
 * command with its options. A quotation or command that is wider than @room columns is split.
 */
static size_t unit_length(const char *text, size_t left, size_t room)
{
	size_t len = quoted_length(text, left);

	if (!len || utf8_columns(text, len) > room)
		len = word_length(text, left);
	for (;;) {
		const size_t at = len + blanks_length(text + len, left - len);
		const size_t next = word_length(text + at, left - at);

		if (!next || utf8_columns(text, at + next) > room ||
		    !(is_command(text, len, text + at, next) ||
		      is_quantity(text, len, text + at, next)))
			return len;
		len = at + next;
	}
}

void text_flow(struct out *out, const char *text, size_t len, size_t column, unsigned int indent,
	       unsigned int width)
{
	const char *end = text + len;
	bool at_start = true;

	text += strspn(text, " \n");
	while (text < end) {
		const size_t room = width > indent ? width - indent : 0;
		const size_t word = unit_length(text, (size_t)(end - text), room);
		const size_t columns = utf8_columns(text, word);

		if ((!at_start || column > indent) && column + !at_start + columns > width) {
			while (out->used && out->data[out->used - 1] == ' ')
				out->used--;
			out_putc(out, '\n');
			text_blanks(out, indent);
			column = indent;
			at_start = true;
		}
		if (!at_start)
			out_putc(out, ' ');
		column += !at_start + columns;
		at_start = false;
		for (size_t i = 0; i < word; i++) {
			if (text[i] == '\n')
				out_putc(out, ' ');
			else
				out_putc(out, text[i]);
		}
		text += word;
		text += strspn(text, " \n");
	}
	out_putc(out, '\n');
}

unsigned int text_item_mark(const char *line)
{
	if (strncmp(line, "- ", 2) == 0)
		return 2;
	return line[0] >= '1' && line[0] <= '9' && strncmp(line + 1, ". ", 2) == 0 ? 3 : 0;
}

/* Return the length of a word of a command, in which quotes and backslashes protect blanks. */
static size_t command_word(const char *text)
{
	size_t len = 0;
	char quote = '\0';

	for (; text[len] && (quote || text[len] != ' '); len++) {
		if (text[len] == '\\' && quote != '\'' && text[len + 1])
			len++;
		else if (text[len] == quote)
			quote = '\0';
		else if (!quote && (text[len] == '\'' || text[len] == '"'))
			quote = text[len];
	}
	return len;
}

void text_command(struct out *out, const char *command, unsigned int indent, unsigned int width)
{
	const bool fits = !width || indent + utf8_columns(command, strlen(command)) <= width;
	size_t column = indent;

	while (*command) {
		const size_t len = command_word(command);
		const char *next = command + len + strspn(command + len, " ");
		const bool is_joined = len == 2 && strncmp(command, "&&", len) == 0;
		const size_t columns = utf8_columns(command, len);
		size_t following = utf8_columns(next, command_word(next));

		out_write(out, command, len);
		column += columns;
		/* The mark of a continued line, or "&&", needs room, too. */
		following += next[command_word(next)] ? strlen(" &&") : 0;
		if (*next && !fits && (is_joined || column + 1 + following > width) &&
		    strncmp(next, "&& ", 3) != 0) {
			out_puts(out, is_joined ? "\n" : " \\\n");
			column = is_joined ? indent : indent + 2;
			text_blanks(out, (unsigned int)column);
		} else if (*next) {
			out_putc(out, ' ');
			column++;
		}
		command = next;
	}
	out_putc(out, '\n');
}

void text_paragraphs(struct out *out, const char *text, unsigned int indent, unsigned int width)
{
	while (*text) {
		const size_t len = strcspn(text, "\n");

		if (strncmp(text, "$ ", 2) == 0) {
			auto_out struct out command = EFIMAP_OUT_MEM;

			out_write(&command, text + 2, len - 2);
			out_puts(out, STEP_COMMAND);
			text_command(out, out_text(&command), strlen(STEP_COMMAND), width);
		} else {
			text_blanks(out, indent);
			text_flow(out, text, len, indent, indent + text_item_mark(text), width);
		}
		text += len + (text[len] == '\n');
	}
}

void text_sentence(struct out *out, struct out *sentence, size_t column, unsigned int width)
{
	const char *text = out_text(sentence);

	if (width)
		text_flow(out, text, strlen(text), column, SENTENCE_INDENT, width);
	else
		out_printf(out, "%s\n", text);
	sentence->used = 0;
}

#define ESCAPE_START "\033["
#define ESCAPE_END "\033[0m"

void style_begin(struct out *out, bool color, enum style style)
{
	static const char *const codes[] = {
		[STYLE_HEADING] = ESCAPE_START "1m",  [STYLE_ERROR] = ESCAPE_START "1;31m",
		[STYLE_WARNING] = ESCAPE_START "33m", [STYLE_NOTE] = ESCAPE_START "36m",
		[STYLE_GOOD] = ESCAPE_START "32m",
	};

	if (color)
		out_puts(out, codes[style]);
}

void style_end(struct out *out, bool color)
{
	if (color)
		out_puts(out, ESCAPE_END);
}

void style_text(struct out *out, bool color, enum style style, const char *text)
{
	style_begin(out, color, style);
	out_puts(out, text);
	style_end(out, color);
}

void style_severity(struct out *out, bool color, enum severity severity)
{
	style_text(out, color, (enum style)severity, severity_name(severity));
}
