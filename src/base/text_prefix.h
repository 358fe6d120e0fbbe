/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a text by its first words
 *
 * Mails and terminals change the number of blanks between words.
 */
#ifndef BASE_TEXT_PREFIX_H
#define BASE_TEXT_PREFIX_H

#include <stdbool.h>
#include <stddef.h>

/** efimap_text_is_blank() - a blank or a tab? */
static inline bool efimap_text_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/**
 * efimap_prefix_compare() - does a text lie before @words, begin with them, or lie behind?
 * @text:     no '\0' ends it
 * @words:    a blank stands for one or more blanks and tabs
 * @ret_used: bytes of @text that are @words; only written when it begins with them
 *
 * Return: below 0, 0, or above 0, in the order of bytes.
 */
static inline int efimap_prefix_compare(const char *text, size_t len, const char *words,
					size_t *ret_used)
{
	size_t at = 0;

	for (; *words; words++) {
		if (at == len)
			return -1;
		if (*words == ' ' && efimap_text_is_blank(text[at])) {
			while (at < len && efimap_text_is_blank(text[at]))
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
