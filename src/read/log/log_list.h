/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a list of memory in a kernel's log
 *
 * Lines come in order, but for those that were lost, and in files that two writers share
 * twice or out of order.
 */
#ifndef READ_LOG_LOG_LIST_H
#define READ_LOG_LOG_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "model/entry.h"

/**
 * struct efimap_log_list - the lines so far, ascending by index, each index once
 * @entries:  owned
 * @count:    how many
 * @capacity: private
 */
struct efimap_log_list {
	struct efimap_entry *entries;
	size_t count;
	size_t capacity;
};

/**
 * efimap_log_list_add() - add a line
 *
 * The same line again is ignored. Return: 0; -EEXIST when another line has this number, or
 * when it stands too far from its place: another list begins; -E2BIG; -ENOMEM.
 */
int efimap_log_list_add(struct efimap_log_list *list, const struct efimap_entry *entry);

/** efimap_log_list_has_ram() - does it have conventional memory, as a firmware's has? */
bool efimap_log_list_has_ram(const struct efimap_log_list *list);

/** efimap_log_list_free() - free it; a zeroed one is fine */
void efimap_log_list_free(struct efimap_log_list *list);

#endif
