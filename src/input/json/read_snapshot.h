/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a snapshot, and the one that is inside a page of report or plot. */
#ifndef INPUT_JSON_READ_SNAPSHOT_H
#define INPUT_JSON_READ_SNAPSHOT_H

#include "input/input_file.h"

/* A snapshot: JSON, all else is told by reading it. What we do not know of it is passed over. */
efimap_input_is_fn efimap_input_is_snapshot;
efimap_read_input_fn efimap_read_snapshot;
/* A page that report, or plot, wrote; -EBADMSG also where it was cut, or its snapshot changed */
efimap_input_is_fn efimap_input_is_page;
efimap_read_input_fn efimap_read_page;

#endif
