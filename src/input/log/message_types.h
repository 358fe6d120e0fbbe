/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the kind of a kernel message by the text that it starts with. */
#ifndef INPUT_LOG_MESSAGE_TYPES_H
#define INPUT_LOG_MESSAGE_TYPES_H

#include "input/log/log_boot.h"

/**
 * struct efimap_log_row - how to detect a kind of lines
 * @starts: start of the message; a blank matches one or more
 * @kind:   kind of the line
 * @type:   memory type, if @starts is the name of one
 */
struct efimap_log_row {
	char starts[60];
	enum efimap_log_kind kind;
	uint32_t type;
};

/**
 * struct efimap_log_reader - how to parse a kind of lines
 * @take:  called for each line; NULL if the presence of the line is enough
 * @late:  called at the end for the chosen boot, if @take kept the line
 * @worth: the boot is worth at least this much
 */
struct efimap_log_reader {
	efimap_log_take_fn *take;
	efimap_log_take_fn *late;
	enum efimap_log_worth worth;
};

/*
 * efimap_log_readers - the parsers, by kind. They are not in the rows, which therefore contain no
 * pointers to relocate.
 */
extern const struct efimap_log_reader efimap_log_readers[EFIMAP_LOG_KINDS];

/** efimap_log_rows - all rows, sorted by @starts */
extern const struct efimap_log_row efimap_log_rows[];
extern const size_t efimap_n_log_rows;
/**
 * efimap_log_row_of() - Find the row with the longest @starts that is a prefix of a message
 * @ret_rest: the text after that prefix; unchanged if there is no row
 *
 * Return: the row, or NULL.
 */
const struct efimap_log_row *efimap_log_row_of(struct efimap_text message,
					       struct efimap_text *ret_rest);

#endif
