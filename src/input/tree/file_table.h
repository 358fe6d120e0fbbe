/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: which files a capture is made of
 *
 * One table (file_table.c) says where each lies, how much of it is read, and what adds its
 * content to the capture. From it a root is read, and it tells which members of an archive
 * matter. A file more is a row of it, and the function that keeps its content.
 */
#ifndef INPUT_TREE_FILE_TABLE_H
#define INPUT_TREE_FILE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "capture/capture.h"
#include "input/tree/tree_access.h"

/** efimap_read_files() - read all of them */
int efimap_read_files(struct efimap_root *root, const char *name, enum efimap_origin origin,
		      struct efimap **ret_map, struct efimap_err *err);

/**
 * struct efimap_want - what is wanted of a path below the root
 * @len:       so many of its bytes name something that matters; 0 for none. When it is
 *             shorter than the path, that is a directory that is known to be there
 * @keep:      when it is not: bytes of the file that are read at most, 0 for a directory
 * @is_secret: the file can hold keys
 */
struct efimap_want {
	size_t len;
	size_t keep;
	bool is_secret;
};

/** efimap_want() - @path is relative, without "." and empty components */
struct efimap_want efimap_want(const char *path);

#endif
