/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_DIRECTORY_TREE_H
#define INPUT_TREE_DIRECTORY_TREE_H

#include "input/tree/tree_access.h"

/*
 * Open an untrusted tree: @path, or its only subdirectory that contains sys/ or proc/. Return 0 or
 * a negative errno.
 */
int root_open_tree(const char *path, struct root **ret_root, struct err *err);

#endif
