/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where results go: standard output, or the file of -O. */
#ifndef CLI_OUTPUT_FILE_H
#define CLI_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/output_buffer.h"
#include "cli/messages_and_status.h"

/** output_is_stdout() - does -O name standard output? NULL stands for no -O, and does */
bool output_is_stdout(const char *path);
/** output_text() - what was gathered in memory, for free(); NULL where there was no memory */
char *output_text(struct efimap_out *out);
/** OUTPUT_SUFFIX - bytes of "XXXXXX" in the name NAME.XXXXXX of an unfinished file */
#define OUTPUT_SUFFIX 7
/**
 * output_replace() - write what was gathered in memory to the file @name, atomically
 * @dir:  its directory, also one opened with O_PATH
 * @mode: of the new file, the umask applied
 *
 * All signals are blocked meanwhile. Return: 0 or a negative errno.
 */
int output_replace(int dir, const char *name, mode_t mode, const struct efimap_out *out);
/**
 * output_open_dir() - open a directory for reading; a descriptor or a negative errno
 * @make: make it where there is nothing, for us alone
 */
int output_open_dir(const char *path, bool make);
/** output_end() - flush standard output; says what went wrong */
enum status output_end(struct efimap_out *out);

/**
 * output_finish() - end what was written, or gathered in memory, for @file
 * @file: the operand of -O; NULL and "-" are standard output
 * @mode: of a new file, the umask applied
 * @ret:  of who wrote it: 0, or a negative errno, which means that it is not whole
 *
 * A regular file is replaced atomically, a device or FIFO is written directly, and a symbolic
 * link that leads to neither is refused. Reports errors.
 */
enum status output_finish(const char *file, mode_t mode, int ret, struct efimap_out *out);
/** output_save() - the same of bytes that anybody may read */
enum status output_save(const char *file, const void *data, size_t size);

#endif
