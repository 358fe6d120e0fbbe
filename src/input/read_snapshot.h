/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_READ_SNAPSHOT_H
#define INPUT_READ_SNAPSHOT_H

#include "capture/recording.h"
#include "input/input_file.h"

/* Any text whose first character after white space is "{" is detected as a snapshot. */
input_is_fn input_is_snapshot;
read_input_fn read_snapshot;

/*
 * Create a capture from a recording.
 *
 * @name:   name of the capture
 * @boot:   the boot of a kernel log to read: see read_source()
 * @record: receives the files that the readers use; or NULL
 */
int read_recording(const struct recording *recording, const char *name, int boot,
		   struct recording *record, struct efimap **ret_map, struct err *err);

#endif
