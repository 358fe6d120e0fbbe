/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the list of configuration tables in a kernel's log
 *
 *   efi: ACPI=0x3f77d000 ACPI 2.0=0x3f77d014 SMBIOS=0x3f520000 MEMATTR=0x3d117018
 *
 * It is the longest line that the kernel prints of EFI, so mail programs and terminals break it,
 * and cut it off. Lines of a broken list are joined here. An address that lost digits is told
 * from one that is whole as far as its value shows it.
 */
#ifndef INPUT_LOG_TABLE_LIST_H
#define INPUT_LOG_TABLE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "input/log/line_prefixes.h"

/** EFIMAP_TABLE_LIST_MAX - bytes of a list; the kernel knows some twenty tables */
#define EFIMAP_TABLE_LIST_MAX 2048U

/**
 * struct efimap_table_list - a list that is being read; a zeroed one is closed
 * @text:    of its lines so far, joined
 * @n_lines: that these were; 0 while no list is open
 * @line:    number of the first one in the file
 */
struct efimap_table_list {
	char text[EFIMAP_TABLE_LIST_MAX];
	size_t len;
	uint32_t n_lines;
	uint32_t line;
};

/**
 * efimap_table_list_open() - take the line that a list begins with
 * @line: its rest is what follows "efi:"
 *
 * Return: false if it names no table.
 */
bool efimap_table_list_open(struct efimap_table_list *list, const struct efimap_log_line *line);

/** efimap_table_list_continue() - take the next line of the log; false if it is none of the list */
bool efimap_table_list_continue(struct efimap_table_list *list,
				const struct efimap_log_line *line);

/**
 * efimap_table_list_close() - add the tables to @facts, and a fault for what was cut
 *
 * Does nothing if no list is open. Return: 0 or a negative errno.
 */
int efimap_table_list_close(struct efimap_table_list *list, struct efimap *facts);

/** efimap_table_list_miss() - add the fault that there is no list; 0 or a negative errno */
int efimap_table_list_miss(struct efimap *facts);

#endif
