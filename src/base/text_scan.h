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
void text_clean(char *text, size_t len);

bool text_is_clean(const char *text, size_t len);

/* A text, or a part of a text, which need not be NUL-terminated. @at may be NULL if @len is 0. */
struct text {
	const char *at;
	size_t len;
};

static inline bool text_begins(struct text text, const char *word)
{
	/* Most texts differ in the first character, so strlen() and memcmp() are rarely called. */
	if (*word && (!text.len || text.at[0] != *word))
		return false;
	return text.len >= strlen(word) && memcmp(text.at, word, strlen(word)) == 0;
}

static inline bool text_is(struct text text, const char *word)
{
	return text_begins(text, word) && text.len == strlen(word);
}

static inline bool text_ends(struct text text, const char *word)
{
	const size_t len = strlen(word);

	return text.len >= len && memcmp(text.at + text.len - len, word, len) == 0;
}

static inline void text_skip(struct text *text, size_t bytes)
{
	text->at += bytes;
	text->len -= bytes;
}

static inline bool text_take(struct text *text, const char *word)
{
	if (!text_begins(*text, word))
		return false;
	text_skip(text, strlen(word));
	return true;
}

static inline bool text_is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

static inline void text_skip_blanks(struct text *text)
{
	while (text->len && is_blank(text->at[0]))
		text_skip(text, 1);
}

/* Skip the next word, and return it. The word is empty at the end of the text. */
static inline struct text text_take_word(struct text *text)
{
	struct text word;

	while (text->len && text_is_space(text->at[0]))
		text_skip(text, 1);
	word = (struct text){ text->at, 0 };
	while (word.len < text->len && !text_is_space(word.at[word.len]))
		word.len++;
	text_skip(text, word.len);
	return word;
}

bool text_take_mark(struct text *text, const char *mark);

void text_trim(struct text *text);

/*
 * Remove spaces and tabs at the start, and everything after the last letter, digit, ")" or "]".
 * Mail programs, editors and people add marks such as "*", "|" or "<--" to the ends of lines.
 */
void text_trim_marks(struct text *text);

bool text_is_one_of(char c, const char *set);

#define EFIMAP_DIGITS "0123456789"
#define EFIMAP_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define EFIMAP_LOWER_HEX EFIMAP_DIGITS "abcdef"
#define EFIMAP_HEX_DIGITS EFIMAP_LOWER_HEX "ABCDEF"

size_t text_span(struct text text, const char *set);

/* Parse and skip a decimal number. Return false if there is none, or if it exceeds @max. */
bool text_take_number(struct text *text, uint64_t max, uint64_t *ret_value);

/*
 * Parse and skip up to 3 decimal numbers that "." separates. Stop before a number that exceeds
 * @max. Return how many numbers were parsed. The other elements of @numbers are unchanged.
 */
size_t text_take_version(struct text *text, uint64_t max, uint64_t numbers[3]);

/* Parse and skip up to 16 hexadecimal digits. Return false if there are fewer than @min digits. */
bool text_take_hex(struct text *text, size_t min, uint64_t *ret_value);

/* Skip everything up to the end of the first @word. Return false if the text lacks @word. */
bool text_find(struct text *text, const char *word);

static inline bool text_contains(struct text text, const char *word)
{
	return text_find(&text, word);
}

#define EFIMAP_QUOTE_SIZE 96

/* Write up to 40 bytes to @buf, sanitised and quoted, and "..." if more follow. Return @buf. */
const char *text_quote(char buf[EFIMAP_QUOTE_SIZE], const char *text, size_t len);

/*
 * Mark a text of a capture as data, so that the text does not look like a part of the message that
 * contains it. Return the text in double quotes; or @text itself if it is a single word, such as a
 * typical path.
 */
const char *text_mark(struct arena *arena, const char *text);

/*
 * Return the length of the first line without its line ending, which may be "\r\n" because mail
 * programs may change line endings. @ret_next is set to the offset of the next line.
 */
static inline size_t text_line(const char *text, size_t len, size_t *ret_next)
{
	const char *newline = len ? memchr(text, '\n', len) : NULL;
	size_t line = newline ? (size_t)(newline - text) : len;

	*ret_next = newline ? line + 1 : line;
	if (line > 0 && text[line - 1] == '\r')
		line--;
	return line;
}

/* Return what follows the last slash of a path, or the path if it has no slash. */
static inline const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * Copy a path without leading, trailing and repeated slashes, and without "." components.
 * @ret_clean has space for strlen(@path) + 1 bytes.
 */
void clean_path(const char *path, char *ret_clean);

#endif
