/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: importers
 *
 * An importer is a separate program that uses large libraries to read one kind of input, and prints
 * a snapshot document. importers/importer_main.c implements the importer's side of this interface:
 *
 * PROGRAM [--head=3] [--boot=N] -- NAME: the input is read from standard input. With --head=3, its
 * first bytes are read from descriptor 3 instead. --boot selects the boot of a kernel log, as for
 * efimap_read(). The snapshot is printed on standard output, and at most one error line on standard
 * error. The exit status is 0, 3 (unreadable or malformed) or 5 (permission denied).
 */
#ifndef INPUT_RUN_IMPORTER_H
#define INPUT_RUN_IMPORTER_H

#include "input/input_file.h"

int efimap_import(const char *program, const char *what, const char *noun, const char *name,
		  struct efimap_input *input, struct efimap **ret_map, struct efimap_err *err);

#endif
