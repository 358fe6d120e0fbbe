/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DOCUMENT_SNAPSHOT_H
#define DOCUMENT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "capture/recording.h"

#define EFIMAP_SNAPSHOT_DOCUMENT "efimap-snapshot"
#define EFIMAP_SNAPSHOT_VERSION 2
/*
 * Maximum size of a snapshot in bytes, both for reading and for writing. A recording of a map with
 * 10,000 entries takes 1.4 MB.
 */
#define EFIMAP_DOCUMENT_MAX_BYTES ((size_t)4 << 20)

/* Return the negative errno for the name of an errno in a snapshot, or 0 if it is unknown. */
int recorded_errno(const char *name);

/* Write a finished @recording as a snapshot. @map is its capture. */
void snapshot_write(const struct recording *recording, const struct efimap *map, bool compact,
		    struct out *out);

#endif
