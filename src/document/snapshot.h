/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write a capture as a JSON document. The document contains all data of the capture, including
 * faults, so that commands give the same results for a snapshot as for its source.
 */
#ifndef DOCUMENT_SNAPSHOT_H
#define DOCUMENT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/output_buffer.h"
#include "capture/capture.h"

#define EFIMAP_SNAPSHOT_DOCUMENT "efimap-snapshot"
#define EFIMAP_SNAPSHOT_VERSION 1
/*
 * Maximum size in bytes of a snapshot, both for reading and for writing. A snapshot of a log with
 * 10,000 entries takes 3.4 MB.
 */
#define EFIMAP_DOCUMENT_MAX_BYTES ((size_t)4 << 20)

/* Write a snapshot. A snapshot of a snapshot contains the same capture as the original. */
int efimap_snapshot_write(const struct efimap *map, bool compact, struct efimap_out *out);

extern const struct document document_snapshot;

#endif
