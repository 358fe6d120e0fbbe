/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of the files of a capture determines how a root is read. */
#ifndef INPUT_TREE_FILE_TABLE_H
#define INPUT_TREE_FILE_TABLE_H

#include "base/error.h"
#include "capture/capture.h"
#include "input/tree/tree_access.h"

int efimap_read_files(struct efimap_root *root, const char *name, enum efimap_origin origin,
		      struct efimap **ret_map, struct efimap_err *err);

#endif
