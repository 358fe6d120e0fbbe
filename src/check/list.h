/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Indices of entries, gathered for a finding that sums them up. Knows no rule. */
#ifndef CHECK_LIST_H
#define CHECK_LIST_H

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "check/check.h"

/* struct list - zero-initialise it; free it with list_free() */
struct list {
	uint32_t *indices;
	size_t count;
	size_t capacity;
};

static inline void list_free(struct list *list)
{
	free(list->indices);
}

/* list_add() - append; a failure goes to @c */
static inline void list_add(struct check *c, struct list *list, uint32_t index)
{
	int r = efimap_array_reserve(&list->indices, list->count, &list->capacity,
				     sizeof(*list->indices));

	if (r < 0)
		c->error = r;
	else
		list->indices[list->count++] = index;
}

#endif
