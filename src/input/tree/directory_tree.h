/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An untrusted directory as a root. */
#ifndef INPUT_TREE_DIRECTORY_TREE_H
#define INPUT_TREE_DIRECTORY_TREE_H

#include "input/tree/tree_access.h"

/**
 * efimap_root_open_tree() - Open an untrusted tree
 * @path: a directory that contains sys/ or proc/, or has one subdirectory that does
 */
int efimap_root_open_tree(const char *path, struct efimap_root **ret_root,
			  struct efimap_err *err);

#endif
