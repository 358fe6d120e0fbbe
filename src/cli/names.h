/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of many SOURCEs: operands, then the lines of a list. */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct names - where the names come from, and how far they have been taken
 * @operands:   of the command line
 * @list:       the operand of --files-from, NULL for none
 * @ends_in_zero: a name there, not in a newline
 * @line:       of the list, of the name that names_next() found last; 0: an operand
 *
 * Set the first four and the rest to zero, then names_open(). Memory does not depend on the
 * length of the list.
 */
struct names {
	char *const *operands;
	size_t n_operands;
	const char *list;
	bool ends_in_zero;
	uint64_t line;

	size_t taken;
	FILE *file;
	unsigned int n_bad;
	uint64_t total;
	char name[PATH_MAX];
};

/** names_open() - open the list; 0 or a negative errno, -ENODEV for a device */
int names_open(struct names *names);
void names_close(struct names *names);
/** names_total() - how many names there are, 0 when that is not known before the end */
size_t names_total(const struct names *names);
/**
 * names_next() - the next name
 * @ret_text: the name, or what is wrong with a line; valid until the next call
 *
 * Return: 1; 0 when there are no more; -EINVAL for a line without a name, which does not
 * hinder the next; any other negative errno when the list could not be read on.
 */
int names_next(struct names *names, const char **ret_text);

#endif
