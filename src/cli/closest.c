/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Did you mean": the candidate that is fewest edits away from a mistyped word. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

/* Longer words are no typing errors; this also bounds the work. */
#define MAX_WORD 64

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* All that is looked for is written in lower case. */
static bool is_same(char typed, char wanted)
{
	return tolower((unsigned char)typed) == wanted;
}

/* The classic table of edits (insert, delete, replace), one row at a time. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[MAX_WORD + 1];

	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
				       diagonal + !is_same(a[i - 1], b[j - 1]));
			diagonal = above;
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
	/* Beyond a third of the word a guess would be wild. */
	if (distance > (len + 2) / 3)
		return;
	if (closest->best && distance >= closest->distance)
		return;
	closest->best = candidate;
	closest->distance = distance;
}

const char *closest_hint(const struct closest *closest, char *buf, size_t size)
{
	if (closest->best)
		snprintf(buf, size, "; did you mean '%s'?", closest->best);
	else
		snprintf(buf, size, "%s", "");
	return buf;
}
