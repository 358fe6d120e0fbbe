/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read a snapshot, or the snapshot in a page of report or plot. */
#ifndef INPUT_JSON_READ_SNAPSHOT_H
#define INPUT_JSON_READ_SNAPSHOT_H

#include "input/input_file.h"

/*
 * Any JSON is accepted as a snapshot first, and checked while it is read. Unknown members are
 * ignored.
 */
efimap_input_is_fn efimap_input_is_snapshot;
efimap_read_input_fn efimap_read_snapshot;
/* A page of report or plot; -EBADMSG if it is truncated, or its snapshot was changed */
efimap_input_is_fn efimap_input_is_page;
efimap_read_input_fn efimap_read_page;

#endif
