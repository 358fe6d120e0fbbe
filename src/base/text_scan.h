/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_TEXT_SCAN_H
#define BASE_TEXT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text_prefix.h"

/* Replace each byte of a control character (C0, DEL, C1) or of invalid UTF-8 with '?'. */
void efimap_text_clean(char *text, size_t len);

bool efimap_text_is_clean(const char *text, size_t len);

/* A text, or a part of a text, which need not be NUL-terminated. @at may be NULL if @len is 0. */
struct efimap_text {
	const char *at;
	size_t len;
};

static inline bool efimap_text_begins(struct efimap_text text, const char *word)
{
	/* Most texts differ in the first character, so strlen() and memcmp() are rarely called. */
	if (*word && (!text.len || text.at[0] != *word))
		return false;
	return text.len >= strlen(word) && memcmp(text.at, word, strlen(word)) == 0;
}

static inline bool efimap_text_is(struct efimap_text text, const char *word)
{
	return efimap_text_begins(text, word) && text.len == strlen(word);
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

static inline bool efimap_text_take(struct efimap_text *text, const char *word)
{
	if (!efimap_text_begins(*text, word))
		return false;
	efimap_text_skip(text, strlen(word));
	return true;
}

static inline bool efimap_text_is_space(char c)
{
	return efimap_is_blank(c) || c == '\n' || c == '\r';
}

static inline void efimap_text_skip_blanks(struct efimap_text *text)
{
	while (text->len && efimap_is_blank(text->at[0]))
		efimap_text_skip(text, 1);
}

/* Skip the next word, and return it. The word is empty at the end of the text. */
static inline struct efimap_text efimap_text_take_word(struct efimap_text *text)
{
	struct efimap_text word;

	efimap_text_skip_blanks(text);
	word = (struct efimap_text){ text->at, 0 };
	while (word.len < text->len && !efimap_text_is_space(word.at[word.len]))
		word.len++;
	efimap_text_skip(text, word.len);
	return word;
}

bool efimap_text_take_mark(struct efimap_text *text, const char *mark);

void efimap_text_trim(struct efimap_text *text);

/*
 * Remove spaces and tabs at the start, and everything after the last letter, digit, ")" or "]".
 * Mail programs, editors and people add marks such as "*", "|" or "<--" to the ends of lines.
 */
void efimap_text_trim_marks(struct efimap_text *text);

bool efimap_text_is_one_of(char c, const char *set);

#define EFIMAP_DIGITS "0123456789"
#define EFIMAP_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define EFIMAP_LOWER_HEX EFIMAP_DIGITS "abcdef"
#define EFIMAP_HEX_DIGITS EFIMAP_LOWER_HEX "ABCDEF"

size_t efimap_text_span(struct efimap_text text, const char *set);

/* Parse and skip a decimal number. Return false if there is none, or if it exceeds @max. */
bool efimap_text_take_number(struct efimap_text *text, uint64_t max, uint64_t *ret_value);

/*
 * Parse and skip up to 3 decimal numbers that "." separates. Stop before a number that exceeds
 * @max. Return how many numbers were parsed. The other elements of @numbers are unchanged.
 */
size_t efimap_text_take_version(struct efimap_text *text, uint64_t max, uint64_t numbers[3]);

/* Parse and skip up to 16 hexadecimal digits. Return false if there are fewer than @min digits. */
bool efimap_text_take_hex(struct efimap_text *text, size_t min, uint64_t *ret_value);

/* Skip everything up to the end of the first @word. Return false if the text lacks @word. */
bool efimap_text_find(struct efimap_text *text, const char *word);

static inline bool efimap_text_contains(struct efimap_text text, const char *word)
{
	return efimap_text_find(&text, word);
}

#define EFIMAP_QUOTE_SIZE 96

/* Write up to 40 bytes to @buf, sanitised and quoted, and "..." if more follow. Return @buf. */
const char *efimap_text_quote(char buf[EFIMAP_QUOTE_SIZE], const char *text, size_t len);

/*
 * Mark a text of a capture as data, so that the text does not look like a part of the message that
 * contains it. Return the text in double quotes; or @text itself if it is a single word, such as a
 * typical path; or NULL if memory is exhausted.
 */
const char *efimap_text_mark(struct efimap_arena *arena, const char *text);

/*
 * Return the length of the first line without its line ending, which may be "\r\n" because mail
 * programs may change line endings. @ret_next is set to the offset of the next line.
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

/*
 * Copy a path without leading, trailing and repeated slashes, and without "." components.
 * @ret_clean has space for strlen(@path) + 1 bytes.
 */
void efimap_clean_path(const char *path, char *ret_clean);

#endif
