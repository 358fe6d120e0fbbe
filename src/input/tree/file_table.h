/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the files of a capture
 *
 * The table in file_table.c has for each file its paths, how much of it is read, and the function
 * that adds its content to the capture. It controls how a root is read and which members of an
 * archive are kept. A new file needs a row and a function.
 */
#ifndef INPUT_TREE_FILE_TABLE_H
#define INPUT_TREE_FILE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "capture/capture.h"
#include "input/tree/tree_access.h"

/** efimap_read_files() - Read all files of a capture */
int efimap_read_files(struct efimap_root *root, const char *name, enum efimap_origin origin,
		      struct efimap **ret_map, struct efimap_err *err);

/**
 * struct efimap_want - what is needed of a path below the root
 * @len:       length of the part of the path that is needed; 0 for none. If it is shorter than
 *             the path, that part is a directory which exists.
 * @keep:      otherwise the largest number of bytes to read, 0 for a directory
 * @is_secret: the file may contain keys
 */
struct efimap_want {
	size_t len;
	size_t keep;
	bool is_secret;
};

/**
 * efimap_want() - Return what is needed of @path, which is relative, without "." and empty
 * components
 */
struct efimap_want efimap_want(const char *path);

#endif
