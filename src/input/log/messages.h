/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_LOG_MESSAGES_H
#define INPUT_LOG_MESSAGES_H

#include "input/log/memory_lists.h"

/**
 * struct efimap_log_row - how to detect a kind of line
 * @starts: start of the message, in which a space matches one or more spaces or tabs
 */
struct efimap_log_row {
	char starts[60];
	enum efimap_log_kind kind;
};

extern const struct efimap_log_row efimap_log_rows[];
extern const size_t efimap_n_log_rows;
/**
 * efimap_log_row_of() - find the row with the longest @starts that is a prefix of a message
 * @ret_rest: the text after that prefix; unchanged if there is no such row
 *
 * Return: the row, or NULL.
 */
const struct efimap_log_row *efimap_log_row_of(struct efimap_text message,
					       struct efimap_text *ret_rest);

/**
 * efimap_log_parse() - parse a line, whose member rest follows the start in @row
 *
 * Return: 0 or a negative errno.
 */
int efimap_log_parse(struct efimap_boot_messages *boot, const struct efimap_log_row *row,
		     const struct efimap_log_line *line);

/* Return whether a line shows that a text is the log of a kernel or of kexec. */
bool efimap_log_is_word(const struct efimap_log_row *row);

/* Return whether a line lists a region of a memory map. */
bool efimap_log_is_map_line(const struct efimap_log_row *row, struct efimap_text rest);

#endif
