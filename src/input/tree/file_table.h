/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of the files of a capture determines how a root is read and which members of an archive
 * are kept.
 */
#ifndef INPUT_TREE_FILE_TABLE_H
#define INPUT_TREE_FILE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "capture/capture.h"
#include "input/tree/tree_access.h"

int efimap_read_files(struct efimap_root *root, const char *name, enum efimap_origin origin,
		      struct efimap **ret_map, struct efimap_err *err);

/*
 * The needed part of a path below the root.
 *
 * @len:       length of the part that is needed; 0 if the path is not needed. If @len is shorter
 *             than the path, the part is a directory.
 * @keep:      maximum number of bytes to read from the file; 0 for a directory
 * @is_secret: the file may contain keys
 */
struct efimap_want {
	size_t len;
	size_t keep;
	bool is_secret;
};

/* @path is relative, without "." and empty components. */
struct efimap_want efimap_want(const char *path);

#endif
