/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_READ_TREE_H
#define INPUT_TREE_READ_TREE_H

#include "base/error.h"
#include "capture/capture.h"
#include "input/tree/tree_access.h"

int read_tree(struct root *root, const char *name, enum origin origin, struct efimap **ret_map,
	      struct err *err);

#endif
