/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a SOURCE that is one file
 *
 * Its first bytes say what it is, and those are not read twice, for it can be a pipe.
 *
 * What fstat(2) says of a file when it is opened is compared with what it says later. Somebody
 * may write over the file meanwhile, and half of one capture and half of another must not pass
 * for one.
 */
#ifndef INPUT_INPUT_FILE_H
#define INPUT_INPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/error.h"
#include "capture/capture.h"

/**
 * efimap_give_fn - the next bytes of a stream
 *
 * Return: how many, at most @size; 0 at the end; or a negative errno.
 */
typedef ssize_t efimap_give_fn(void *context, void *data, size_t size);

/** EFIMAP_INPUT_HEAD - bytes by which a file is recognised */
#define EFIMAP_INPUT_HEAD ((size_t)4096)

/**
 * struct efimap_input - an open file and what was read of it
 * @name:     for messages: as the user named it, or "standard input"
 * @fd:       where the rest comes from
 * @give:     where the rest comes from instead, when there is no descriptor; or NULL
 * @stamp:    how it looked when it was opened; zeroed where it is no regular file
 * @start:    where reading began, in a regular file
 * @data:     the bytes so far and a terminating NUL that @len does not count; owned
 * @boot:     of a kernel's log, which boot is wanted: see efimap_read()
 */
struct efimap_input {
	const char *name;
	int fd;
	bool is_owned;
	efimap_give_fn *give;
	void *context;
	bool at_end;
	struct stat stamp;
	off_t start;
	char *data;
	size_t len;
	int boot;
	size_t capacity;
};

#define EFIMAP_INPUT_INIT { .fd = -1 }

/**
 * efimap_input_open() - open @source, "-" for standard input, and read its head
 * @input: EFIMAP_INPUT_INIT; efimap_input_free() it, after a failure too
 *
 * Regular files and FIFOs; standard input can be anything.
 */
int efimap_input_open(const char *source, struct efimap_input *input, struct efimap_err *err);

/** efimap_input_open_stream() - the same of what a function gives */
int efimap_input_open_stream(const char *source, efimap_give_fn *give, void *context,
			     struct efimap_input *input, struct efimap_err *err);

/**
 * efimap_input_take() - the next bytes, which then are not kept
 *
 * Return: how many, at most @size; 0 at the end; or a negative errno, which @err has.
 */
ssize_t efimap_input_take(struct efimap_input *input, void *data, size_t size,
			  struct efimap_err *err);

int efimap_input_fill(struct efimap_input *input, size_t wanted, struct efimap_err *err);

/** efimap_input_read_all() - all of it, if that is no more than @limit bytes, and checked */
int efimap_input_read_all(struct efimap_input *input, size_t limit, struct efimap_err *err);

/** efimap_input_stamp() - note how a regular file looks, which opening one does */
void efimap_input_stamp(struct efimap_input *input);

/**
 * efimap_input_check() - is a regular file still what it was when it was opened?
 * @may_grow: that it got longer is no change, as long as it begins as it did: a log
 */
int efimap_input_check(const struct efimap_input *input, bool may_grow,
		       struct efimap_err *err);

/**
 * efimap_read_file() - all of one file, whatever it holds
 * @ret_data: the bytes and a terminating NUL; free() it; untouched on failure
 */
int efimap_read_file(const char *name, size_t limit, uint8_t **ret_data, size_t *ret_size,
		     struct efimap_err *err);

/** efimap_fd_read_at() - pread(2) until @size bytes or the end; how many, or a negative errno */
ssize_t efimap_fd_read_at(int fd, uint64_t offset, uint8_t *data, size_t size);

void efimap_input_free(struct efimap_input *input);
#define efimap_auto_input __attribute__((cleanup(efimap_input_free)))

/* What such a file can be: is it this, by its head, and reading it as that */
typedef bool efimap_input_is_fn(const struct efimap_input *input);
typedef int efimap_read_input_fn(const char *name, struct efimap_input *input,
				 struct efimap **ret_map, struct efimap_err *err);

#endif
