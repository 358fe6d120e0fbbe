/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a message of the kernel is, by the words that it begins with. */
#ifndef INPUT_LOG_MESSAGE_TYPES_H
#define INPUT_LOG_MESSAGE_TYPES_H

#include "input/log/log_boot.h"

/**
 * struct efimap_log_row - how lines of a kind are recognised
 * @starts: what the message begins with; a blank stands for one or more
 * @kind:   what it then says
 * @type:   of memory, where the words are its name
 */
struct efimap_log_row {
	char starts[60];
	enum efimap_log_kind kind;
	uint32_t type;
};

/**
 * struct efimap_log_reader - how lines of a kind are understood
 * @take:   NULL: that it is there says all
 * @late:   parse it, in the end and of the boot that is taken, when @take has kept it
 * @worth:  the boot tells so much, or more
 */
struct efimap_log_reader {
	efimap_log_take_fn *take;
	efimap_log_take_fn *late;
	enum efimap_log_worth worth;
};

/* By kind: apart from the rows, which so have no address in them that must be relocated */
extern const struct efimap_log_reader efimap_log_readers[EFIMAP_LOG_KINDS];

/** efimap_log_rows - every row, sorted by @starts */
extern const struct efimap_log_row efimap_log_rows[];
extern const size_t efimap_n_log_rows;
/**
 * efimap_log_row_of() - find the row with the longest @starts that begins a message
 * @ret_rest: what follows these words in the message; only written if there is a row
 *
 * Return: the row, or NULL.
 */
const struct efimap_log_row *efimap_log_row_of(struct efimap_text message,
					       struct efimap_text *ret_rest);

#endif
