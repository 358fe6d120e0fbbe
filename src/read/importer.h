/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: importers
 *
 * Programs of their own that read one kind of evidence with the help of heavy libraries
 * and print a snapshot document. The contract, which importers/importer.c keeps on the
 * other side:
 *
 * PROGRAM [--head=3] -- NAME: the evidence on standard input, preceded by what can be read
 * from descriptor 3; the snapshot on standard output; at most one line of error on standard
 * error; exit status 0, 3 (unreadable or malformed) or 5 (permission denied).
 */
#ifndef READ_IMPORTER_H
#define READ_IMPORTER_H

#include "model/capture.h"
#include "read/input.h"

/**
 * efimap_import() - run one and read what it prints
 * @input:   an open file of which the head was read
 */
int efimap_import(const char *program, const char *what, const char *name,
		  struct efimap_input *input, struct efimap **ret_map, struct efimap_err *err);

#endif
