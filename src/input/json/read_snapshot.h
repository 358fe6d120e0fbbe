/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_JSON_READ_SNAPSHOT_H
#define INPUT_JSON_READ_SNAPSHOT_H

#include "input/input_file.h"

/* Any text whose first character after white space is "{" is detected as a snapshot. */
efimap_input_is_fn efimap_input_is_snapshot;
/* Unknown members are ignored. */
efimap_read_input_fn efimap_read_snapshot;

#endif
