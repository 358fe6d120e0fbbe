/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory lists in a log: the EFI memory map, and the regions that the kernel mapped. */
#ifndef INPUT_LOG_MEMORY_LISTS_H
#define INPUT_LOG_MEMORY_LISTS_H

#include <stddef.h>

#include "capture/entry.h"

/* The lines of a memory list, sorted by index. Indices are unique. */
struct efimap_log_list {
	struct efimap_entry *entries;
	size_t count;
	size_t capacity;
};

void efimap_log_list_free(struct efimap_log_list *list);

/**
 * enum efimap_log_section - the list to which a line belongs
 * @EFIMAP_LOG_GIVEN:   the EFI memory map that was passed to the kernel
 * @EFIMAP_LOG_RESTART: a second list, whose header was lost or never printed
 * @EFIMAP_LOG_MAPPED:  the list after "EFI runtime memory map:"
 */
enum efimap_log_section {
	EFIMAP_LOG_GIVEN,
	EFIMAP_LOG_RESTART,
	EFIMAP_LOG_MAPPED,
};

/**
 * struct efimap_log_lists - the two memory lists of a boot; initialised with zeros
 * @firmware: the EFI memory map that was passed to the kernel
 * @runtime:  the regions that the kernel mapped, in the order of mapping
 * @section:  the list to which the next line belongs
 * @n_lines:  number of lines that were added
 * @n_descents: number of lines whose index is one lower than that of the line before
 * @last_index: index of the line that was added last
 */
struct efimap_log_lists {
	struct efimap_log_list firmware;
	struct efimap_log_list runtime;
	enum efimap_log_section section;
	size_t n_lines;
	size_t n_descents;
	uint32_t last_index;
};

/**
 * efimap_log_lists_add() - add a line to the list of the current section
 *
 * In a file to which two programs write, lines may be duplicated or out of order. A duplicate of a
 * line in the list is ignored. A line that contradicts the EFI memory map starts the second list.
 *
 * Return: 0; -EEXIST if a different line of the second list has the same index or the index is too
 * low at this position; -E2BIG if the list is full; or -ENOMEM.
 */
int efimap_log_lists_add(struct efimap_log_lists *lists,
			 const struct efimap_entry *entry);

/* Process "EFI runtime memory map:", the header of the second list. */
void efimap_log_lists_head(struct efimap_log_lists *lists);
/* Determine, after the last line, which list is the EFI memory map. */
void efimap_log_lists_end(struct efimap_log_lists *lists);
/* Return whether the newest line of the log is the first one, as in the output of journalctl -r. */
bool efimap_log_lists_are_reversed(const struct efimap_log_lists *lists);

#endif
