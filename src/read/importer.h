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
 * struct efimap_importer - one importer
 * @matches: does the input begin as its kind of evidence does?
 * @what:    for messages, "a kernel crash dump"
 * @program: its name, "import-archive"
 */
struct efimap_importer {
	bool (*matches)(const struct efimap_input *input);
	const char *what;
	const char *program;
};

/** efimap_importer_find() - the importer for an input, NULL when it is for none */
const struct efimap_importer *efimap_importer_find(const struct efimap_input *input);

/**
 * efimap_import() - run it and read what it prints
 * @name:    SOURCE as the user gave it
 * @input:   an open file of which the head was read
 * @ret_map: owned by the caller
 * @err:     what the importer said
 *
 * Return: 0; -ENOENT when the importer is not installed; -EACCES; -EBADMSG; what starting
 * a program can return; or as efimap_read_snapshot().
 */
int efimap_import(const struct efimap_importer *importer, const char *name,
		  struct efimap_input *input, struct efimap **ret_map,
		  struct efimap_err *err);

/** efimap_input_is_archive() - tar, or something compressed that may be one */
bool efimap_input_is_archive(const struct efimap_input *input);
/** efimap_input_is_vmcore() - a kernel crash dump: makedumpfile's formats, an ELF core */
bool efimap_input_is_vmcore(const struct efimap_input *input);

#endif
