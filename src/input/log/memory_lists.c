/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collect the data of one boot in a log: memory lists and the address of the ESRT. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "input/log/memory_lists.h"
#include "input/source_limits.h"
#include "linux/virtual_layout.h"

/* Maximum number of entries with a higher index that may precede an entry of a list. */
#define MAX_LATE 64

static bool is_same_line(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return a->type == b->type && a->phys == b->phys && a->pages == b->pages &&
	       a->attribute == b->attribute;
}

int efimap_log_list_add(struct efimap_log_list *list, const struct efimap_entry *entry)
{
	const size_t lowest = list->count > MAX_LATE ? list->count - MAX_LATE : 0;
	const struct efimap_entry *before;
	size_t at = list->count;
	int ret;

	while (at > lowest && list->entries[at - 1].index > entry->index)
		at--;
	before = at > 0 ? &list->entries[at - 1] : NULL;
	if (before && before->index >= entry->index)
		return before->index == entry->index && is_same_line(before, entry) ? 0 : -EEXIST;
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

/* Use the second list as the EFI memory map. With efi_fake_mem, the kernel prints the map twice. */
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
	/* A second list without a header is the runtime map only if it contains no RAM. */
	if (lists->section == EFIMAP_LOG_RESTART &&
	    efimap_layout_has_ram(lists->runtime.entries, lists->runtime.count))
		replace_firmware(lists);
}

void efimap_log_count_bad(struct efimap_log_bad *bad, const struct efimap_log_line *line)
{
	const size_t max = sizeof(bad->first) - 1,
		     len = line->message.len < max ? line->message.len : max;

	if (bad->count < UINT32_MAX)
		bad->count++;
	if (bad->count > 1)
		return;
	bad->line = line->number;
	memcpy(bad->first, line->message.at, len);
	efimap_text_clean(bad->first, len);
	bad->first[len] = '\0';
}

int efimap_log_end_tables(struct efimap_boot_messages *boot)
{
	static const char esrt[] = "ESRT";
	struct efimap *facts = boot->facts;
	int ret = efimap_log_tables_close(&boot->tables, facts);

	if (ret || !boot->esrt)
		return ret;
	if (!facts->n_tables && !facts->n_faults)
		ret = efimap_log_tables_miss(facts);
	/*
	 * The address of the ESRT may be truncated in the list of tables, so it is replaced by the
	 * address from the separate message about the ESRT.
	 */
	for (size_t i = 0; i < facts->n_tables; i++)
		if (strcmp(facts->tables[i].name, esrt) == 0) {
			facts->tables[i].value = boot->esrt;
			return 0;
		}
	return ret ? ret : efimap_add_table(facts, esrt, sizeof(esrt) - 1, boot->esrt);
}
