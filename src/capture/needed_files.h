/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that answers need, from src/capture/sources.table. */
#ifndef CAPTURE_NEEDED_FILES_H
#define CAPTURE_NEEDED_FILES_H

#include <stdbool.h>

#include "capture/capture.h"

/*
 * A file, or a directory of files, that an answer needs.
 *
 * @name:      name in one to four words, for lists of files that were not read
 * @source:    the source to which the file belongs. A file of another source than EFIMAP_SRC_KEXEC
 *             is all of that source.
 * @questions: set of EFIMAP_NEEDED_BY_...
 * @value:     the single value that the file contains, or EFIMAP_NO_VALUE
 * @may_be_absent: a machine may lack the file
 */
struct needed_file {
	const char *name;
	enum source source;
	uint32_t questions;
	enum value_id value;
	bool may_be_absent;
};

extern const struct needed_file needed_files[EFIMAP_N_NEEDED_FILES];

#endif
