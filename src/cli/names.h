/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of many SOURCEs: operands, then the lines of a list. */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAMES_BUFFER ((size_t)16 * PATH_MAX)

/**
 * struct names - where the names come from, and how far they have been taken
 * @operands:   of the command line
 * @n_operands: how many
 * @list:       the operand of --files-from, NULL for none
 * @separator:  what ends a name there: a newline or a zero byte
 *
 * Set these and the rest to zero, then names_open(). Memory does not depend on the length
 * of the list.
 */
struct names {
	char *const *operands;
	size_t n_operands;
	const char *list;
	char separator;

	size_t taken;
	int fd;
	bool is_ended;
	bool is_skipping;
	unsigned int n_bad;
	uint64_t line;
	uint64_t total;
	size_t start;
	size_t end;
	char *buffer;
};

/** enum names_got - what names_next() found */
enum names_got {
	/** a name */
	NAMES_NAME,
	/** a line that holds none: the text says why */
	NAMES_BAD,
	/** nothing before names_fill() has read more */
	NAMES_MORE,
	/** nothing any more */
	NAMES_END,
};

/** names_open() - open the list; 0 or a negative errno, -ENODEV for a device */
int names_open(struct names *names);
/** names_close() - release what names_open() took */
void names_close(struct names *names);
/** names_total() - how many names there are, 0 when that is not known before the end */
size_t names_total(const struct names *names);
/**
 * names_next() - the next name, without waiting
 * @ret_text: the name, or what is wrong with a line; valid until the next call
 */
enum names_got names_next(struct names *names, const char **ret_text);
/** names_wait() - until there is more of the list to read, also where reading does not wait */
void names_wait(const struct names *names);
/** names_fill() - read more of the list; it may wait. 0 or a negative errno, which ends it */
int names_fill(struct names *names);

#endif
