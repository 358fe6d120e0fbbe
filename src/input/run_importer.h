/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: importers
 *
 * Programs of their own that read one kind of evidence with the help of heavy libraries
 * and print a snapshot document. The contract, which importers/importer_main.c keeps on the
 * other side:
 *
 * PROGRAM [--head=3] [--boot=N] -- NAME: the evidence on standard input, preceded by what can
 * be read from descriptor 3; of a kernel's log boot N is taken (efimap_read()); the snapshot on
 * standard output; at most one line of error on standard error; exit status 0, 3 (unreadable
 * or malformed) or 5 (permission denied).
 */
#ifndef INPUT_RUN_IMPORTER_H
#define INPUT_RUN_IMPORTER_H

#include "input/input_file.h"

/**
 * efimap_import() - run one and read what it prints
 * @what:    what the input is, for messages
 * @noun:    the same in one word
 * @input:   an open file of which the head was read
 */
int efimap_import(const char *program, const char *what, const char *noun, const char *name,
		  struct efimap_input *input, struct efimap **ret_map, struct efimap_err *err);

#endif
