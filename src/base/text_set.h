/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_TEXT_SET_H
#define BASE_TEXT_SET_H

#include "base/cleanup.h"
#include "base/text_scan.h"

/*
 * A set of texts, for inputs that may list many. The texts are not copied. Initialise the set with
 * zeros.
 */
struct text_set {
	struct text *texts;
	size_t count;
	size_t capacity;
};

void text_set_add(struct text_set *set, struct text text);

/* Sort the set, after the last text was added. */
void text_set_sort(struct text_set *set);

/* Return whether a sorted set contains a text. */
bool text_set_has(const struct text_set *set, struct text text);

void text_set_free(struct text_set *set);

#define auto_text_set auto_cleanup(text_set_free)

#endif
