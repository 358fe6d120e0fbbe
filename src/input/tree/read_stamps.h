/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Detect whether files changed while a capture was read, so that it may mix old and new data. */
#ifndef INPUT_TREE_READ_STAMPS_H
#define INPUT_TREE_READ_STAMPS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/alloc.h"

struct efimap_root;

/* Open @path below @root with the open(2) flags @flags. Return a descriptor or a negative errno. */
typedef int efimap_open_fn(struct efimap_root *root, const char *path, int flags);

/* The status of the paths that were read, in the order of reading. Initialise with zeros. */
struct efimap_read_stamps {
	struct efimap_read_stamp *stamps;
	size_t count;
	size_t capacity;
	struct efimap_arena paths;
};

/*
 * Add a file or directory that was opened. @st is its status, or NULL if it does not exist. Return
 * 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_read_stamps_add(struct efimap_read_stamps *stamps, const char *path,
			   const struct stat *st);

/* Return whether the file that was added last exists and is in the same directory as @path. */
bool efimap_read_stamps_has_sibling(const struct efimap_read_stamps *stamps, const char *path);

/*
 * Return the first path below the directory @dir that has changed, or NULL. @open_path opens a file
 * of @root, whose directory is @dir. A kernel log counts as unchanged unless it was replaced or has
 * become shorter.
 */
const char *efimap_read_stamps_changed(const struct efimap_read_stamps *stamps, int dir,
				       struct efimap_root *root, efimap_open_fn *open_path);

void efimap_read_stamps_free(struct efimap_read_stamps *stamps);

#endif
