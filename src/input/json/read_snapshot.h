/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read a snapshot document, or the snapshot in an HTML page of "efimapctl report" or "plot". */
#ifndef INPUT_JSON_READ_SNAPSHOT_H
#define INPUT_JSON_READ_SNAPSHOT_H

#include "input/input_file.h"

/*
 * Detect or read a snapshot. Any text that begins with "{" is detected as a snapshot, and is
 * checked while it is read. Unknown members are ignored.
 */
efimap_input_is_fn efimap_input_is_snapshot;
efimap_read_input_fn efimap_read_snapshot;
/*
 * Detect or read an HTML page of "efimapctl report" or "plot". A truncated page or a modified
 * snapshot is an error.
 */
efimap_input_is_fn efimap_input_is_page;
efimap_read_input_fn efimap_read_page;

#endif
