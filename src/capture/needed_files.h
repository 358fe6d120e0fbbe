/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that answers need, from src/capture/sources.table. */
#ifndef CAPTURE_NEEDED_FILES_H
#define CAPTURE_NEEDED_FILES_H

#include <stdbool.h>

#include "capture/capture.h"
#include "capture/needed_file_ids.h"

/*
 * A file, or a directory of files, that affects an answer.
 *
 * @id:         stable name of the file, for JSON documents
 * @name:       name in one to four words, for lists of files that were not read
 * @source:     the source to which the file belongs
 * @decides:    what the file contains, as a phrase; NULL if the file is all of @source
 * @paths:      the paths of the file on different distributions, which end with NULL; NULL if the
 *              file is all of @source. In a path, %s stands for the release of a kernel.
 * @value:      the single value that the file contains, or EFIMAP_NO_VALUE
 * @asked:      set of enum source_asked: the conditions that must all apply
 * @is_always:  name an absent file even on the running system, not only in an offline capture
 * @is_of_next: %s in @paths stands for the release of the next kernel, not of the running kernel
 */
struct needed_file {
	const char *id;
	const char *name;
	enum source source;
	const char *decides;
	const char *const *paths;
	enum value_id value;
	unsigned int asked;
	bool is_always;
	bool is_of_next;
};

/* All files that answers need, in the order in which an answer names those that were not read. */
extern const struct needed_file needed_files[EFIMAP_N_NEEDED_FILES];

/* Return the file that is all of a source, or EFIMAP_N_NEEDED_FILES. */
static inline enum needed_file_id file_of_source(enum source source)
{
	unsigned int file = 0;

	while (file < EFIMAP_N_NEEDED_FILES &&
	       (needed_files[file].paths || needed_files[file].source != source))
		file++;
	return (enum needed_file_id)file;
}

#endif
