/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the list of configuration tables in a kernel log
 *
 *   efi: ACPI=0x3f77d000 ACPI 2.0=0x3f77d014 SMBIOS=0x3f520000 MEMATTR=0x3d117018
 *
 * This is the longest line that the kernel prints about EFI, so mail programs and terminals wrap or
 * truncate it.
 */
#ifndef INPUT_LOG_CONFIGURATION_TABLES_H
#define INPUT_LOG_CONFIGURATION_TABLES_H

#include "capture/capture.h"
#include "input/log/line_prefixes.h"

/* Maximum length of a list in bytes. Linux prints about 20 tables of less than 50 bytes each. */
#define EFIMAP_LOG_TABLES_MAX 2048U

/**
 * struct log_tables - a list that is being read
 * @text:    the lines that have been read and joined
 * @n_lines: number of lines in @text; 0 while no list is open
 * @line:    line number of the first line
 * @width:   length of the last line of the list, with all prefixes; kept until the next list
 */
struct log_tables {
	char text[EFIMAP_LOG_TABLES_MAX];
	size_t len;
	uint32_t n_lines;
	uint32_t line;
	size_t width;
};

/**
 * log_tables_open() - start a list with its first line
 * @line: the line, whose member rest is the text after "efi:"
 *
 * Return: true, or false if that text does not start with a table or is too long.
 */
bool log_tables_open(struct log_tables *list, const struct log_line *line);

/* Add the next line of the log. Return false if the line is not part of the list. */
bool log_tables_continue(struct log_tables *list, const struct log_line *line);

/*
 * Add a fault if the last line of the list was probably cut at @column, because it reaches this
 * column, from which on all lines of the log are missing. Remove a table whose address may be cut.
 */
void log_tables_check_column(const struct log_tables *list, size_t column, struct efimap *facts);

/* Close the list: add its tables, and faults for its damaged parts, to @facts. */
void log_tables_close(struct log_tables *list, struct efimap *facts);

/*
 * Add a fault for a line that contains only entries of a list, but does not follow the list. Return
 * whether this is such a line.
 */
bool log_tables_stray(const struct log_line *line, struct efimap *facts);

#endif
