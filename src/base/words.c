/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing the first words of texts. Must not know whose words they are. */
#include <stdbool.h>

#include "base/words.h"

static bool is_blank_between(char c)
{
	return c == ' ' || c == '\t';
}

int efimap_words_compare(const char *text, size_t len, const char *words, size_t *ret_used)
{
	size_t at = 0;

	for (; *words; words++) {
		if (at == len)
			return -1;
		if (*words == ' ' && is_blank_between(text[at])) {
			while (at < len && is_blank_between(text[at]))
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
