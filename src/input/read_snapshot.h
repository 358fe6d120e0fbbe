/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_READ_SNAPSHOT_H
#define INPUT_READ_SNAPSHOT_H

#include "capture/recording.h"
#include "input/input_file.h"

/* Any text whose first character after white space is "{" is detected as a snapshot. */
efimap_input_is_fn efimap_input_is_snapshot;
efimap_read_input_fn efimap_read_snapshot;

/*
 * Create a capture from a recording.
 *
 * @name:   name of the capture
 * @boot:   the boot of a kernel log to read: see efimap_read()
 * @record: receives the files that the readers use; or NULL
 */
int efimap_read_recording(const struct efimap_recording *recording, const char *name, int boot,
			  struct efimap_recording *record, struct efimap **ret_map,
			  struct efimap_err *err);

#endif
