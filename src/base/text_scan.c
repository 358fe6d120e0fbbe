/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sanitise and scan untrusted text. */
#include <stdint.h>

#include "base/number.h"
#include "base/text_scan.h"
#include "base/utf8.h"

#define MAX_QUOTED 40U

/* Return the number of bytes before the first control character or invalid UTF-8 byte. */
static size_t clean_length(const char *text, size_t len)
{
	size_t at = 0, size;

	while (at < len && (size = utf8_length(text + at, len - at)) > 0) {
		const uint32_t code = utf8_decode(text + at, size);

		if (code < 0x20 || (code >= 0x7f && code < 0xa0))
			break;
		at += size;
	}
	return at;
}

void text_clean(char *text, size_t len)
{
	size_t at = clean_length(text, len);

	while (at < len) {
		text[at++] = '?';
		at += clean_length(text + at, len - at);
	}
}

bool text_is_clean(const char *text, size_t len)
{
	return clean_length(text, len) == len;
}

/* Copy and sanitise a text, with a backslash before each '"' and '\\'. Return the copy's end. */
static char *copy_quoted(char *to, const char *text, size_t len)
{
	char *const start = to;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			*to++ = '\\';
		*to++ = text[i];
	}
	text_clean(start, (size_t)(to - start));
	return to;
}

const char *text_quote(char buf[EFIMAP_QUOTE_SIZE], const char *text, size_t len)
{
	const size_t kept = len < MAX_QUOTED ? len : MAX_QUOTED;

	*buf = '"';
	stpcpy(copy_quoted(buf + 1, text, kept), kept < len ? "\"..." : "\"");
	return buf;
}

const char *text_mark(struct arena *arena, const char *text)
{
	static const char plain[] = EFIMAP_LETTERS EFIMAP_DIGITS "/._+~^@:=,%-";
	const size_t len = strlen(text);
	char *quoted, *end;

	if (*text && strspn(text, plain) == len)
		return text;
	quoted = arena_alloc(arena, 2 * len + sizeof("\"\""));
	*quoted = '"';
	end = copy_quoted(quoted + 1, text, len);
	memcpy(end, "\"", 2);
	return quoted;
}

bool text_take_mark(struct text *text, const char *mark)
{
	text_skip_blanks(text);
	if (!text_take(text, mark))
		return false;
	text_skip_blanks(text);
	return true;
}

void text_trim(struct text *text)
{
	text_skip_blanks(text);
	while (text->len && is_blank(text->at[text->len - 1]))
		text->len--;
}

bool text_is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

void text_trim_marks(struct text *text)
{
	text_skip_blanks(text);
	while (text->len &&
	       !text_is_one_of(text->at[text->len - 1], EFIMAP_DIGITS EFIMAP_LETTERS ")]"))
		text->len--;
}

size_t text_span(struct text text, const char *set)
{
	size_t len = 0;

	while (len < text.len && text_is_one_of(text.at[len], set))
		len++;
	return len;
}

bool text_take_number(struct text *text, uint64_t max, uint64_t *ret_value)
{
	const size_t len = text_span(*text, EFIMAP_DIGITS);

	if (number_parse_dec(text->at, len, max, ret_value, NULL) != EFIMAP_NUMBER_OK)
		return false;
	text_skip(text, len);
	return true;
}

size_t text_take_version(struct text *text, uint64_t max, uint64_t numbers[3])
{
	size_t count = 0;

	while (count < 3 && text_take_number(text, max, &numbers[count])) {
		count++;
		if (count == 3 || !text_take(text, "."))
			break;
	}
	return count;
}

bool text_take_hex(struct text *text, size_t min, uint64_t *ret_value)
{
	const struct text head = { text->at, text->len < 16 ? text->len : 16 };
	const size_t len = text_span(head, EFIMAP_HEX_DIGITS);

	if (len < min ||
	    number_parse_bare_hex(text->at, len, UINT64_MAX, ret_value, NULL) != EFIMAP_NUMBER_OK)
		return false;
	text_skip(text, len);
	return true;
}

bool text_find(struct text *text, const char *word)
{
	const size_t len = strlen(word);
	const char *at = text->len ? memmem(text->at, text->len, word, len) : NULL;

	if (at)
		text_skip(text, (size_t)(at - text->at) + len);
	return at;
}

void clean_path(const char *path, char *ret_clean)
{
	char *end = ret_clean;

	for (size_t len; path += strspn(path, "/"), *path; path += len) {
		len = strcspn(path, "/");
		if (len == 1 && *path == '.')
			continue;
		if (end != ret_clean)
			*end++ = '/';
		end = mempcpy(end, path, len);
	}
	*end = '\0';
}
