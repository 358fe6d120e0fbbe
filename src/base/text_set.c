/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Look up texts in a sorted array. */
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/text_set.h"

static int compare_texts(const void *a, const void *b)
{
	const struct text *one = a, *other = b;

	return order_u64(one->len, other->len) ?: memcmp(one->at, other->at, one->len);
}

void text_set_add(struct text_set *set, struct text text)
{
	array_append(&set->texts, &set->count, &set->capacity, &text, sizeof(text));
}

void text_set_sort(struct text_set *set)
{
	sort_items(set->texts, set->count, sizeof(*set->texts), compare_texts);
}

bool text_set_has(const struct text_set *set, struct text text)
{
	return set->count && bsearch(&text, set->texts, set->count, sizeof(text), compare_texts);
}

void text_set_free(struct text_set *set)
{
	free(set->texts);
}
