/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing the first words of texts. Must not know whose words they are. */
#include "base/words.h"

int efimap_words_compare(const char *text, size_t len, const char *words, size_t *ret_used)
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
