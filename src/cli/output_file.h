/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_OUTPUT_FILE_H
#define CLI_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/output_buffer.h"
#include "cli/exit_status.h"

/** output_is_stdout() - return whether the argument of -O, or NULL, names standard output */
bool output_is_stdout(const char *path);

enum status output_end(struct out *out);

/**
 * output_finish() - write the output, which was collected in memory
 * @file: the argument of -O, as for output_is_stdout()
 * @mode: mode of a new regular file, subject to the umask. If a file is replaced, the new file gets
 *        only the permissions in @mode that the old file had.
 *
 * A regular file is replaced atomically. A snapshot is replaced only by a snapshot. Data is written
 * directly to a device or FIFO, and to an inherited descriptor such as /dev/fd/3. A symbolic link
 * to any other file is refused, and so is a link, device or FIFO that another user may have
 * planted.
 *
 * Return: STATUS_OK, or STATUS_UNREADABLE after an error was reported.
 */
enum status output_finish(const char *file, mode_t mode, struct out *out);
/**
 * output_redirect() - run a command, and write its standard output to a file
 * @file: the argument of -O, as for output_is_stdout()
 *
 * If the command prints nothing, the file is not written.
 *
 * Return: the status of the command, or STATUS_UNREADABLE after an error was reported.
 */
enum status output_redirect(const char *file, enum status (*run)(void *args), void *args);
/** output_save() - write @data like output_finish(), with mode 0644 */
enum status output_save(const char *file, const void *data, size_t size);

#endif
