/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_CLOSEST_WORD_H
#define BASE_CLOSEST_WORD_H

#include <stddef.h>

/**
 * struct closest - state of the search for the word that is most similar to a mistyped word
 * @word:     the mistyped word
 * @best:     the most similar candidate so far, or NULL
 * @distance: edit distance of @best
 */
struct closest {
	const char *word;
	const char *best;
	size_t distance;
};

void closest_try(struct closest *closest, const char *candidate);
/** closest_hint() - return "; did you mean 'WORD'?" or "", valid until the next call */
const char *closest_hint(const struct closest *closest);

#endif
