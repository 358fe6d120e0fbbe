/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sort the lines of the memory lists, and find the end of the first list. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "input/log/memory_lists.h"
#include "input/source_limits.h"
#include "linux/virtual_layout.h"

/* Maximum number of entries with a higher index that may precede an entry in the log. */
#define MAX_LATE 64

/*
 * Add an entry to a list. Return -EEXIST if the entry contradicts the list, for example because
 * another list begins with this entry.
 */
static int list_add(struct efimap_log_list *list, const struct efimap_entry *entry)
{
	const size_t lowest = list->count > MAX_LATE ? list->count - MAX_LATE : 0;
	const struct efimap_entry *before;
	size_t at = list->count;
	int ret;

	while (at > lowest && list->entries[at - 1].index > entry->index)
		at--;
	before = at > 0 ? &list->entries[at - 1] : NULL;
	if (before && before->index >= entry->index)
		/* Some logs contain every line twice, so an equal line is ignored. */
		return before->index == entry->index && before->type == entry->type &&
				       before->phys == entry->phys &&
				       before->pages == entry->pages &&
				       before->attribute == entry->attribute ?
			       0 :
			       -EEXIST;
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

void efimap_log_list_free(struct efimap_log_list *list)
{
	free(list->entries);
	*list = (struct efimap_log_list){ 0 };
}

/*
 * Use the second list as the EFI memory map. With efi_fake_mem, the kernel prints the map again
 * after it has changed the map.
 */
static void replace_firmware(struct efimap_log_lists *lists)
{
	efimap_log_list_free(&lists->firmware);
	lists->firmware = lists->runtime;
	lists->runtime = (struct efimap_log_list){ 0 };
}

int efimap_log_lists_add(struct efimap_log_lists *lists, const struct efimap_entry *entry)
{
	int ret;

	lists->n_descents += lists->n_lines > 0 && entry->index + 1 == lists->last_index;
	lists->n_lines++;
	lists->last_index = entry->index;
	if (lists->section != EFIMAP_LOG_GIVEN)
		return list_add(&lists->runtime, entry);
	ret = list_add(&lists->firmware, entry);
	if (ret != -EEXIST)
		return ret;
	lists->section = EFIMAP_LOG_RESTART;
	return list_add(&lists->runtime, entry);
}

/* Two programs that write to a log may swap neighbouring lines, but at most half of the lines. */
bool efimap_log_lists_are_reversed(const struct efimap_log_lists *lists)
{
	return 2 * lists->n_descents > lists->n_lines;
}

void efimap_log_lists_head(struct efimap_log_lists *lists)
{
	if (lists->section == EFIMAP_LOG_RESTART)
		replace_firmware(lists);
	lists->section = EFIMAP_LOG_MAPPED;
}

void efimap_log_lists_end(struct efimap_log_lists *lists)
{
	/* A second list without a header is the runtime map only if it contains no RAM. */
	if (lists->section == EFIMAP_LOG_RESTART &&
	    efimap_layout_has_ram(lists->runtime.entries, lists->runtime.count))
		replace_firmware(lists);
}
