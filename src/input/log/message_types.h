/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_LOG_MESSAGE_TYPES_H
#define INPUT_LOG_MESSAGE_TYPES_H

#include "input/log/log_boot.h"

/**
 * struct efimap_log_row - how to detect a kind of line
 * @starts: start of the message, in which a space matches one or more spaces or tabs
 */
struct efimap_log_row {
	char starts[60];
	enum efimap_log_kind kind;
};

/**
 * struct efimap_log_reader - how to parse a kind of line
 * @take:  called for each line; NULL if the line is only counted
 * @late:  called at the end of the log for each line of the chosen boot that @take kept
 * @worth: minimum worth of a boot that contains such a line
 */
struct efimap_log_reader {
	efimap_log_take_fn *take;
	efimap_log_take_fn *late;
	enum efimap_log_worth worth;
};

/* The parsers, by kind. They are separate from the rows, which therefore need no relocation. */
extern const struct efimap_log_reader efimap_log_readers[EFIMAP_LOG_KINDS];

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

#endif
