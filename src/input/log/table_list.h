/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the list of configuration tables in a kernel log
 *
 *   efi: ACPI=0x3f77d000 ACPI 2.0=0x3f77d014 SMBIOS=0x3f520000 MEMATTR=0x3d117018
 *
 * This is the longest line that the kernel prints about EFI, so mail programs and terminals wrap or
 * truncate it.
 */
#ifndef INPUT_LOG_TABLE_LIST_H
#define INPUT_LOG_TABLE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "input/log/line_prefixes.h"

/* Maximum length of a list in bytes. The kernel recognizes about 20 tables. */
#define EFIMAP_TABLE_LIST_MAX 2048U

/**
 * struct efimap_table_list - a list that is being read
 * @text:    the lines that have been read and joined
 * @n_lines: number of lines in @text; 0 while no list is open
 * @line:    line number of the first line
 */
struct efimap_table_list {
	char text[EFIMAP_TABLE_LIST_MAX];
	size_t len;
	uint32_t n_lines;
	uint32_t line;
};

/**
 * efimap_table_list_open() - start a list with its first line
 * @line: the line, whose member rest is the text after "efi:"
 *
 * Return: true, or false if that text does not start with a table or is too long.
 */
bool efimap_table_list_open(struct efimap_table_list *list, const struct efimap_log_line *line);

/* Add the next line of the log. Return false if the line is not part of the list. */
bool efimap_table_list_continue(struct efimap_table_list *list,
				const struct efimap_log_line *line);

/*
 * Close the list: add its tables, and faults for its damaged parts, to @facts. Return 0 or a
 * negative errno.
 */
int efimap_table_list_close(struct efimap_table_list *list, struct efimap *facts);

int efimap_table_list_miss(struct efimap *facts);

#endif
