/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a SOURCE that is a single file
 *
 * Its first bytes show its format. They are not read twice, because the file may be a pipe.
 *
 * The result of fstat(2) at open is compared with a later one. If the file is overwritten in
 * between, a mix of two captures must not be accepted.
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
 * efimap_give_fn - Read the next bytes of a stream
 *
 * Return: the number of bytes, at most @size; 0 at the end; or a negative errno.
 */
typedef ssize_t efimap_give_fn(void *context, void *data, size_t size);

/** EFIMAP_INPUT_HEAD - number of bytes by which a format is detected */
#define EFIMAP_INPUT_HEAD ((size_t)4096)

/**
 * struct efimap_input - an open file and the bytes read so far
 * @name:  name for messages, as the user gave it, or "standard input"
 * @fd:    source of the remaining bytes
 * @give:  function that returns the remaining bytes if there is no descriptor; or NULL
 * @stamp: status at open; zeroed if it is not a regular file
 * @start: offset at which reading began, in a regular file
 * @data:  the bytes so far and a terminating NUL that @len does not include; owned
 * @boot:  which boot of a kernel log to read: see efimap_read()
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
 * efimap_input_open() - Open @source, "-" for standard input, and read its head
 * @input: set to EFIMAP_INPUT_INIT by the caller, who calls efimap_input_free() even after a
 *         failure
 *
 * Regular files and FIFOs are accepted. Standard input may be of any type.
 */
int efimap_input_open(const char *source, struct efimap_input *input, struct efimap_err *err);

/** efimap_input_open_stream() - Do the same with the data that a function returns */
int efimap_input_open_stream(const char *source, efimap_give_fn *give, void *context,
			     struct efimap_input *input, struct efimap_err *err);

/**
 * efimap_input_take() - Read the next bytes without keeping them
 *
 * Return: the number of bytes, at most @size; 0 at the end; or a negative errno, with @err set.
 */
ssize_t efimap_input_take(struct efimap_input *input, void *data, size_t size,
			  struct efimap_err *err);

int efimap_input_fill(struct efimap_input *input, size_t wanted, struct efimap_err *err);

/** efimap_input_read_all() - Read and check a whole file, of at most @limit bytes */
int efimap_input_read_all(struct efimap_input *input, size_t limit, struct efimap_err *err);

/** efimap_input_stamp() - Record the status of a regular file, which opening one also does */
void efimap_input_stamp(struct efimap_input *input);

/**
 * efimap_input_check() - Check that a regular file has not changed since it was opened
 * @may_grow: the file may have become longer, like a log, if its beginning is unchanged
 */
int efimap_input_check(const struct efimap_input *input, bool may_grow,
		       struct efimap_err *err);

/**
 * efimap_read_file() - Read a whole file of any format
 * @ret_data: the bytes and a terminating NUL; the caller frees it; unchanged on failure
 */
int efimap_read_file(const char *name, size_t limit, uint8_t **ret_data, size_t *ret_size,
		     struct efimap_err *err);

/**
 * efimap_fd_read_at() - pread(2) until @size bytes or the end; return the number of bytes or a
 * negative errno
 */
ssize_t efimap_fd_read_at(int fd, uint64_t offset, uint8_t *data, size_t size);

void efimap_input_free(struct efimap_input *input);
#define efimap_auto_input __attribute__((cleanup(efimap_input_free)))

/* For each format: a function that detects it by the head, and one that reads it */
typedef bool efimap_input_is_fn(const struct efimap_input *input);
typedef int efimap_read_input_fn(const char *name, struct efimap_input *input,
				 struct efimap **ret_map, struct efimap_err *err);

#endif
