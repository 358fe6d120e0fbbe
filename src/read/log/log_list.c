/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One list of memory, gathered line by line. Must not know how a line looks, nor which
 * list it is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/log/log_list.h"
#include "read/read.h"

/* Lines that can come late: the kernel prints a list in one go, on one CPU. */
#define MAX_LATE 64

static bool is_same(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return a->type == b->type && a->phys == b->phys && a->pages == b->pages &&
	       a->attribute == b->attribute;
}

/* Where it belongs, from the end; what is further up is not looked at. */
static int find_place(const struct efimap_log_list *list, const struct efimap_entry *entry,
		      size_t *ret_at)
{
	const size_t lowest = list->count > MAX_LATE ? list->count - MAX_LATE : 0;
	size_t at = list->count;

	while (at > lowest && list->entries[at - 1].index > entry->index)
		at--;
	if (at > 0 && list->entries[at - 1].index >= entry->index)
		return list->entries[at - 1].index == entry->index &&
				       is_same(&list->entries[at - 1], entry) ?
			       1 :
			       -EEXIST;
	*ret_at = at;
	return 0;
}

int efimap_log_list_add(struct efimap_log_list *list, const struct efimap_entry *entry)
{
	size_t at = list->count;
	int ret = find_place(list, entry, &at);

	if (ret)
		return ret < 0 ? ret : 0;
	if (list->count >= EFIMAP_MAX_ENTRIES)
		return -E2BIG;
	ret = efimap_array_reserve(&list->entries, list->count, &list->capacity,
				   sizeof(*list->entries));
	if (ret)
		return ret;
	memmove(&list->entries[at + 1], &list->entries[at],
		(list->count - at) * sizeof(*list->entries));
	list->entries[at] = *entry;
	list->count++;
	return 0;
}

bool efimap_log_list_has_ram(const struct efimap_log_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].type == EFIMAP_TYPE_CONVENTIONAL)
			return true;
	return false;
}

void efimap_log_list_free(struct efimap_log_list *list)
{
	free(list->entries);
	*list = (struct efimap_log_list){ 0 };
}
