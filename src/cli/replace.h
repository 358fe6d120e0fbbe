/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are replaced whole: see replace.c. */
#ifndef CLI_REPLACE_H
#define CLI_REPLACE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/out.h"

/** REPLACE_SUFFIX - bytes of "XXXXXX" in the name NAME.XXXXXX of an unfinished file */
#define REPLACE_SUFFIX 7

/** write_all() - write all bytes; 0 or a negative errno */
int write_all(int fd, const char *data, size_t size);
/**
 * replace_at() - make @name in @dir hold what was gathered in memory, whole or not at all
 * @dir:  a directory, also one opened with O_PATH, or AT_FDCWD
 * @mode: of the new file, the umask applied
 *
 * SIGTERM, SIGINT and SIGHUP wait meanwhile. Return: 0 or a negative errno.
 */
int replace_at(int dir, const char *name, mode_t mode, const struct efimap_out *out);

#endif
