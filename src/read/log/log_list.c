/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lists of memory of a boot, gathered line by line: which line belongs to which, also
 * where the one that says so was lost. Must not know how a line looks, nor what a kernel
 * makes of what it prints.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/log/log_state.h"
#include "read/read.h"

/* Lines that can come late: the kernel prints a list in one go, on one CPU. */
#define MAX_LATE 64

static bool is_same_line(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return a->type == b->type && a->phys == b->phys && a->pages == b->pages &&
	       a->attribute == b->attribute;
}

/* Where it belongs, from the end; what is further up is not looked at. 1: it is there. */
static int find_place(const struct efimap_log_list *list,
		      const struct efimap_entry *entry, size_t *ret_at)
{
	const size_t lowest = list->count > MAX_LATE ? list->count - MAX_LATE : 0;
	size_t at = list->count;

	while (at > lowest && list->entries[at - 1].index > entry->index)
		at--;
	if (at > 0 && list->entries[at - 1].index >= entry->index)
		return list->entries[at - 1].index == entry->index &&
				       is_same_line(&list->entries[at - 1], entry) ?
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

void efimap_log_list_free(struct efimap_log_list *list)
{
	free(list->entries);
	*list = (struct efimap_log_list){ 0 };
}

static bool has_ram_line(const struct efimap_log_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].type == EFIMAP_TYPE_CONVENTIONAL)
			return true;
	return false;
}

/* After efi_fake_mem the firmware's list is printed again: the later one counts. */
static void replace_firmware(struct efimap_log_lists *lists)
{
	efimap_log_list_free(&lists->firmware);
	lists->firmware = lists->runtime;
	lists->runtime = (struct efimap_log_list){ 0 };
}

int efimap_log_lists_add(struct efimap_log_lists *lists, const struct efimap_entry *entry)
{
	int ret;

	if (lists->section != EFIMAP_LOG_GIVEN)
		return efimap_log_list_add(&lists->runtime, entry);
	ret = efimap_log_list_add(&lists->firmware, entry);
	if (ret != -EEXIST)
		return ret;
	lists->section = EFIMAP_LOG_RESTART;
	return efimap_log_list_add(&lists->runtime, entry);
}

void efimap_log_lists_head(struct efimap_log_lists *lists)
{
	if (lists->section == EFIMAP_LOG_RESTART)
		replace_firmware(lists);
	lists->section = EFIMAP_LOG_MAPPED;
}

void efimap_log_lists_end(struct efimap_log_lists *lists)
{
	/* Of two lists without a word between them the second has no RAM if a kernel made
	 * it. */
	if (lists->section == EFIMAP_LOG_RESTART && has_ram_line(&lists->runtime))
		replace_firmware(lists);
}

void efimap_log_lists_free(struct efimap_log_lists *lists)
{
	efimap_log_list_free(&lists->firmware);
	efimap_log_list_free(&lists->runtime);
}
