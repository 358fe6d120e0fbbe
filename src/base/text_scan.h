/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: text of strangers
 *
 * What is read goes to terminals and into JSON documents: no control characters, no
 * broken UTF-8.
 */
#ifndef BASE_TEXT_SCAN_H
#define BASE_TEXT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text_prefix.h"

/**
 * efimap_text_clean() - replace by '?' each byte that is no printable text, in place
 *
 * Control characters (C0, DEL, C1) and bytes that are not part of valid UTF-8.
 */
void efimap_text_clean(char *text, size_t len);

/** efimap_text_is_clean() - would efimap_text_clean() leave it as it is? */
bool efimap_text_is_clean(const char *text, size_t len);

bool efimap_text_is_printable(const char *text, size_t len);

/**
 * struct efimap_text - a piece of a text: what of a line is still to be read
 * @at:  its first byte; no '\0' ends it, and NULL is fine when there is none
 */
struct efimap_text {
	const char *at;
	size_t len;
};

static inline bool efimap_text_begins(struct efimap_text text, const char *word)
{
	const size_t len = strlen(word);

	return text.len >= len && memcmp(text.at, word, len) == 0;
}

static inline bool efimap_text_is(struct efimap_text text, const char *word)
{
	return text.len == strlen(word) && efimap_text_begins(text, word);
}

static inline bool efimap_text_ends(struct efimap_text text, const char *word)
{
	const size_t len = strlen(word);

	return text.len >= len && memcmp(text.at + text.len - len, word, len) == 0;
}

static inline void efimap_text_skip(struct efimap_text *text, size_t bytes)
{
	text->at += bytes;
	text->len -= bytes;
}

/** efimap_text_take() - go on behind @word; false when the text does not begin with it */
static inline bool efimap_text_take(struct efimap_text *text, const char *word)
{
	if (!efimap_text_begins(*text, word))
		return false;
	efimap_text_skip(text, strlen(word));
	return true;
}

/** efimap_text_is_space() - a blank, a tab, or a byte that ends a line */
static inline bool efimap_text_is_space(char c)
{
	return efimap_text_is_blank(c) || c == '\n' || c == '\r';
}

/** efimap_text_skip_blanks() - go on behind blanks and tabs */
static inline void efimap_text_skip_blanks(struct efimap_text *text)
{
	while (text->len && efimap_text_is_blank(text->at[0]))
		efimap_text_skip(text, 1);
}

/** efimap_text_take_mark() - go on behind @mark and the blanks on both of its sides */
bool efimap_text_take_mark(struct efimap_text *text, const char *mark);

void efimap_text_trim(struct efimap_text *text);

/**
 * efimap_text_trim_marks() - drop blanks at both ends, and all behind the last letter, digit or
 * closing bracket
 *
 * Mail programs, editors and people put such marks at the end of a line ("*", "|", "<--").
 */
void efimap_text_trim_marks(struct efimap_text *text);

/** efimap_text_is_one_of() - does the character stand in @set? Its end, '\0', does not. */
bool efimap_text_is_one_of(char c, const char *set);

#define EFIMAP_DIGITS "0123456789"
#define EFIMAP_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define EFIMAP_LOWER_HEX EFIMAP_DIGITS "abcdef"
#define EFIMAP_HEX_DIGITS EFIMAP_LOWER_HEX "ABCDEF"

/** efimap_text_span() - bytes at its beginning that all stand in @set */
size_t efimap_text_span(struct efimap_text text, const char *set);

/** efimap_text_take_number() - go on behind a decimal number, all its digits, of at most @max */
bool efimap_text_take_number(struct efimap_text *text, uint64_t max, uint64_t *ret_value);

/** efimap_text_take_hex() - go on behind the first 16 hexadecimal digits, at least @min of them */
bool efimap_text_take_hex(struct efimap_text *text, size_t min, uint64_t *ret_value);

/** efimap_text_find() - go on behind the first @word in it; false where it is not in it */
bool efimap_text_find(struct efimap_text *text, const char *word);

#define EFIMAP_QUOTE_SIZE 64

/**
 * efimap_text_quote() - the text in double quotes, cleaned and cut with "..." as needed
 *
 * Return: @buf.
 */
const char *efimap_text_quote(char buf[EFIMAP_QUOTE_SIZE], const char *text, size_t len);

/**
 * efimap_text_line() - length of the line at the start of @text, without its newline
 * @text:     the rest of a text
 * @ret_next: bytes to skip to the next line, at least 1 while @len is not 0
 *
 * A carriage return before the newline does not count: captures travel by mail.
 */
static inline size_t efimap_text_line(const char *text, size_t len, size_t *ret_next)
{
	const char *newline = len ? memchr(text, '\n', len) : NULL;
	size_t line = newline ? (size_t)(newline - text) : len;

	*ret_next = newline ? line + 1 : line;
	if (line > 0 && text[line - 1] == '\r')
		line--;
	return line;
}

#endif
