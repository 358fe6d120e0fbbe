/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the word that is most similar to a mistyped word. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/closest_word.h"

/* Maximum length in bytes of a word for which a similar word is suggested. */
#define MAX_WORD 64

/* Return the Levenshtein distance between two words, ignoring case. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[MAX_WORD + 1];

	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		const int typed = tolower((unsigned char)a[i - 1]);
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			const bool differs = typed != tolower((unsigned char)b[j - 1]);
			const size_t replaced = diagonal + differs;

			diagonal = row[j];
			row[j] = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			if (replaced < row[j])
				row[j] = replaced;
		}
	}
	return row[b_len];
}

void closest_try(struct closest *closest, const char *candidate)
{
	size_t word_len = strlen(closest->word), len = strlen(candidate), distance;

	if (word_len == 0 || word_len > MAX_WORD || len > MAX_WORD)
		return;
	distance = edit_distance(closest->word, word_len, candidate, len);
	/* A candidate that differs in more than a third of its characters is probably unrelated. */
	if (distance > (len + 2) / 3)
		return;
	if (closest->best && distance >= closest->distance)
		return;
	closest->best = candidate;
	closest->distance = distance;
}

const char *closest_hint(const struct closest *closest)
{
	static char hint[sizeof("; did you mean ''?") + MAX_WORD];

	if (!closest->best)
		return "";
	snprintf(hint, sizeof(hint), "; did you mean '%.*s'?", MAX_WORD, closest->best);
	return hint;
}
