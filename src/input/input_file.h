/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: reading a single file
 *
 * A regular file is rejected if its size or modification time changes while it is read, because the
 * bytes that were read could be from two versions. A log may grow, but its head must not change.
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

struct efimap_out;
struct efimap_recording;

/** EFIMAP_INPUT_HEAD - size in bytes of the head of a file, from which the format is detected */
#define EFIMAP_INPUT_HEAD ((size_t)4096)

/** EFIMAP_HEAD_LINES_MAX - size in bytes of a text that somebody pasted; a longer text is a log */
#define EFIMAP_HEAD_LINES_MAX ((size_t)64 << 10)

/**
 * struct efimap_file_stamp - the file status that changes if a file is written or replaced
 * @mode: type and permissions; 0 if the file does not exist
 *
 * st_ctim is missing, because renaming or deleting an open file changes st_ctim but not the
 * content.
 */
struct efimap_file_stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
	mode_t mode;
};

/**
 * struct efimap_input - a file or stream, and the bytes that have been read and kept
 * @name:  name for messages, "standard input" for "-"
 * @fd:    descriptor from which the remaining bytes are read
 * @stamp: stamp at open; zeroed if the input is not a regular file
 * @start: offset at which reading began, in a regular file
 * @data:  the bytes that were kept, and a terminating NUL that @len does not include; owned
 * @boot, @command: see efimap_read()
 * @record: receives the data that readers use; or NULL
 * @head_lines: receives the first lines of a log, up to EFIMAP_HEAD_LINES_MAX bytes; or NULL
 */
struct efimap_input {
	const char *name;
	int fd;
	bool is_owned;
	bool at_end;
	struct efimap_file_stamp stamp;
	off_t start;
	char *data;
	size_t len;
	int boot;
	const char *command;
	struct efimap_recording *record;
	struct efimap_out *head_lines;
	size_t capacity;
};

#define EFIMAP_INPUT_INIT                                                                          \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/**
 * efimap_input_open() - open a file and read its head
 * @source: path of a regular file or FIFO, or "-" for standard input
 * @input:  set to EFIMAP_INPUT_INIT by the caller, who calls efimap_input_free() even after a
 *          failure
 */
int efimap_input_open(const char *source, struct efimap_input *input, struct efimap_err *err);

/*
 * Read the next bytes without keeping them. Return the number of bytes, 0 at the end, or a negative
 * errno, which is also stored in @err.
 */
ssize_t efimap_input_take(struct efimap_input *input, void *data, size_t size,
			  struct efimap_err *err);

/* Read until @wanted bytes are kept or the input ends. Return 0 or a negative errno. */
int efimap_input_fill(struct efimap_input *input, size_t wanted, struct efimap_err *err);

/** efimap_input_read_all() - read a file of at most @limit bytes, and check that it is unchanged */
int efimap_input_read_all(struct efimap_input *input, size_t limit, struct efimap_err *err);

struct efimap_file_stamp efimap_file_stamp_of(const struct stat *st);

/* Return whether the current status @now shows the same file with unchanged content. */
bool efimap_is_same_file(const struct efimap_file_stamp *stamp, const struct stat *now);

#define EFIMAP_CHANGED "changed while it was being read; try again when no program is writing to it"

/**
 * efimap_input_check() - check that a regular file has not changed since it was opened
 * @may_grow: accept a changed file, such as a log, if its head is unchanged and it does not end
 *            before the current offset
 */
int efimap_input_check(const struct efimap_input *input, bool may_grow, struct efimap_err *err);

/**
 * efimap_read_file() - read a complete file of any format
 * @ret_data: the content and a terminating NUL; the caller frees it; unchanged on failure
 */
int efimap_read_file(const char *name, size_t limit, uint8_t **ret_data, size_t *ret_size,
		     struct efimap_err *err);

/* Read @size bytes, or fewer at the end of the file. Return their number, or a negative errno. */
ssize_t efimap_fd_read_at(int fd, uint64_t offset, uint8_t *data, size_t size);

void efimap_input_free(struct efimap_input *input);
#define efimap_auto_input __attribute__((cleanup(efimap_input_free)))

typedef bool efimap_input_is_fn(const struct efimap_input *input);
typedef int efimap_read_input_fn(const char *name, struct efimap_input *input,
				 struct efimap **ret_map, struct efimap_err *err);

#endif
