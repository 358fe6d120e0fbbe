/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_TEXT_PREFIX_H
#define BASE_TEXT_PREFIX_H

#include <stdbool.h>
#include <stddef.h>

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Compare the beginning of @text with @words.
 *
 * @words:    words separated by single spaces; each space matches one or more spaces and tabs
 * @ret_used: number of bytes of @text that match @words; set only if @text begins with @words
 *
 * Return 0 if @text begins with @words; otherwise a value below or above 0 if @text sorts before
 * or after @words in byte order.
 */
static inline int prefix_compare(const char *text, size_t len, const char *words, size_t *ret_used)
{
	size_t at = 0;

	for (; *words; words++) {
		if (at == len)
			return -1;
		if (*words == ' ' && is_blank(text[at])) {
			while (at < len && is_blank(text[at]))
				at++;
			continue;
		}
		if (text[at] != *words)
			return (unsigned char)text[at] < (unsigned char)*words ? -1 : 1;
		at++;
	}
	*ret_used = at;
	return 0;
}

#endif
