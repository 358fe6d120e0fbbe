/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find out why a file that an answer needs was not read. */
#ifndef RULES_FILE_FAULTS_H
#define RULES_FILE_FAULTS_H

#include "capture/needed_files.h"
#include "rules/load_case.h"

/* Size of a buffer for a path. The longest is the path of a load record (EFIMAP_WHERE_SIZE). */
#define FILE_PATH_SIZE 512U

/*
 * In the following functions, @load is needed only for a file of the next kernel.
 *
 * Write the path @number of a file to @path. Return false if the file has fewer paths.
 */
bool find_file_path(const struct efimap *map, const struct load_case *load,
		    enum needed_file_id file, size_t number, char path[FILE_PATH_SIZE]);

/* Return the fault of a file, or NULL. */
const struct capture_fault *find_file_fault(const struct efimap *map, const struct load_case *load,
					    enum needed_file_id file);

/*
 * Return whether a file that was not read may exist. On the running system, a missing file does not
 * exist, unless every kernel has it.
 */
bool file_may_exist(const struct efimap *map, const struct load_case *load,
		    enum needed_file_id file);

#endif
