/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IMPORTERS_VMCORE_FLATTENED_DUMP_H
#define IMPORTERS_VMCORE_FLATTENED_DUMP_H

#include "../importer_main.h"
#include "base/error.h"

/**
 * spool_input() - turn the dump on standard input into a seekable file
 * @ret_fd: descriptor of that file; standard input itself if it is seekable and not flattened
 *
 * The pieces of a flattened dump are put in order, and input from a pipe is copied. The copy is an
 * unlinked file in TMPDIR or /var/tmp.
 *
 * Return: 0 or a negative errno.
 */
int spool_input(struct importer *importer, int *ret_fd, struct efimap_err *err);

#endif
