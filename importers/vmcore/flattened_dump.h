/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make a dump a seekable file.
 */
#ifndef IMPORTERS_VMCORE_FLATTENED_DUMP_H
#define IMPORTERS_VMCORE_FLATTENED_DUMP_H

#include "../importer_main.h"
#include "base/error.h"

/**
 * spool_input() - Make the dump a seekable file
 *
 * Flattened dumps are put in order, and input from a pipe is copied. Both go to an unlinked file
 * in TMPDIR or /var/tmp.
 */
int spool_input(struct importer *importer, int *ret_fd, struct efimap_err *err);

#endif
