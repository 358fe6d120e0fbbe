/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the lists of memory in a kernel's log
 *
 * Lines come in order, but for those that were lost, and in files that two writers share
 * twice or out of order.
 */
#ifndef READ_LOG_LOG_LIST_H
#define READ_LOG_LOG_LIST_H

#include <stddef.h>

#include "model/entry.h"

/**
 * struct efimap_log_list - the lines so far, ascending by index, each index once
 * @entries:  owned
 */
struct efimap_log_list {
	struct efimap_entry *entries;
	size_t count;
	size_t capacity;
};

/**
 * efimap_log_list_add() - add a line
 *
 * The same line again is ignored. Return: 0; -EEXIST when another line has this number,
 * or when it stands too far from its place: another list begins; -E2BIG; -ENOMEM.
 */
int efimap_log_list_add(struct efimap_log_list *list, const struct efimap_entry *entry);

/** efimap_log_list_free() - free it; a zeroed one is fine */
void efimap_log_list_free(struct efimap_log_list *list);

/**
 * enum efimap_log_section - the list that a line belongs to
 * @EFIMAP_LOG_GIVEN:   that which the kernel was given
 * @EFIMAP_LOG_RESTART: numbers started again, and the line that says why was lost
 * @EFIMAP_LOG_MAPPED:  that below "EFI runtime memory map:"
 */
enum efimap_log_section {
	EFIMAP_LOG_GIVEN,
	EFIMAP_LOG_RESTART,
	EFIMAP_LOG_MAPPED,
};

/**
 * struct efimap_log_lists - both of a boot; a zeroed one is empty
 * @firmware: what the kernel was given
 * @runtime:  what it mapped, in the order in which it did
 * @section:  of the next line
 */
struct efimap_log_lists {
	struct efimap_log_list firmware;
	struct efimap_log_list runtime;
	enum efimap_log_section section;
};

/** efimap_log_lists_add() - add a line to the list that it belongs to; returns as above
 */
int efimap_log_lists_add(struct efimap_log_lists *lists,
			 const struct efimap_entry *entry);

/** efimap_log_lists_head() - "EFI runtime memory map:": what follows is what was mapped
 */
void efimap_log_lists_head(struct efimap_log_lists *lists);

/** efimap_log_lists_end() - after the last line: decide what a list without a head is */
void efimap_log_lists_end(struct efimap_log_lists *lists);

void efimap_log_lists_free(struct efimap_log_lists *lists);

#endif
