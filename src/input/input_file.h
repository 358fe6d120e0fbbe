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

struct out;
struct recording;

/** EFIMAP_INPUT_HEAD - size in bytes of the head of a file, from which the format is detected */
#define EFIMAP_INPUT_HEAD ((size_t)4096)

/**
 * struct file_stamp - the file status that changes if a file is written or replaced
 * @mode: type and permissions; 0 if the file does not exist
 *
 * st_ctim is missing, because renaming or deleting an open file changes st_ctim but not the
 * content.
 */
struct file_stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
	mode_t mode;
};

/**
 * struct input - a file or stream, and the bytes that have been read and kept
 * @name:  name for messages, "standard input" for "-"
 * @fd:    descriptor from which the remaining bytes are read
 * @stamp: stamp at open; zeroed if the input is not a regular file
 * @start: offset at which reading began, in a regular file
 * @data:  the bytes that were kept, and a terminating NUL that @len does not include; owned
 * @boot, @command: see read_source()
 * @replay: the recording that contains the input, or NULL
 * @record: receives the data that readers use; or NULL
 */
struct input {
	const char *name;
	int fd;
	bool is_owned;
	bool at_end;
	struct file_stamp stamp;
	off_t start;
	char *data;
	size_t len;
	int boot;
	const char *command;
	const struct recording *replay;
	struct recording *record;
	size_t capacity;
};

#define EFIMAP_INPUT_INIT                                                                          \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/**
 * input_open() - open a file and read its head
 * @source: path of a regular file or FIFO, or "-" for standard input
 * @input:  set to EFIMAP_INPUT_INIT by the caller, who calls input_free() even after a
 *          failure
 */
int input_open(const char *source, struct input *input, struct err *err);

/*
 * Read the next bytes without keeping them. Return the number of bytes, 0 at the end, or a negative
 * errno, which is also stored in @err.
 */
ssize_t input_take(struct input *input, void *data, size_t size, struct err *err);

/* Read until @wanted bytes are kept or the input ends. Return 0 or a negative errno. */
int input_fill(struct input *input, size_t wanted, struct err *err);

/** input_read_all() - read a file of at most @limit bytes, and check that it is unchanged */
int input_read_all(struct input *input, size_t limit, struct err *err);

/** err_too_long() - set the error for a file of more than @limit bytes. Return -E2BIG. */
int err_too_long(struct err *err, const char *name, size_t limit);

struct file_stamp file_stamp_of(const struct stat *st);

/* Return whether the current status @now shows the same file with unchanged content. */
bool is_same_file(const struct file_stamp *stamp, const struct stat *now);

#define EFIMAP_CHANGED "changed while it was being read; try again when no program is writing to it"

/**
 * input_check() - check that a regular file has not changed since it was opened
 * @may_grow: accept a changed file, such as a log, if its head is unchanged and it does not end
 *            before the current offset
 */
int input_check(const struct input *input, bool may_grow, struct err *err);

/**
 * read_file() - read a complete file of any format
 * @ret_data: the content and a terminating NUL; the caller frees it; unchanged on failure
 */
int read_file(const char *name, size_t limit, uint8_t **ret_data, size_t *ret_size,
	      struct err *err);

/* Read @size bytes, or fewer at the end of the file. Return their number, or a negative errno. */
ssize_t fd_read_at(int fd, uint64_t offset, uint8_t *data, size_t size);

void input_free(struct input *input);
#define auto_input __attribute__((cleanup(input_free)))

typedef bool input_is_fn(const struct input *input);
typedef int read_input_fn(const char *name, struct input *input, struct efimap **ret_map,
			  struct err *err);

#endif
