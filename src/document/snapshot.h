/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the snapshot document
 *
 * A capture as one JSON document, schema/efimap-snapshot.schema.json: the format room
 * writes it, the read room reads it, and this is what they agree on. It holds all of
 * &struct efimap, faults included, so that every command says of a snapshot what it says
 * of the place that the snapshot was made of.
 *
 * Never in it: payloads of setup_data nodes other than EFIMAP_SETUP_EFI, which can be keys
 * and seeds. They are not even read.
 */
#ifndef DOCUMENT_SNAPSHOT_H
#define DOCUMENT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/output_buffer.h"
#include "capture/capture.h"

#define EFIMAP_SNAPSHOT_DOCUMENT "efimap-snapshot"
#define EFIMAP_SNAPSHOT_VERSION 1
/**
 * EFIMAP_DOCUMENT_MAX_BYTES - length of the longest document that is read
 *
 * A snapshot of 10,000 entries takes 1.6 MB, one of a log with 10,000 entries 3.4 MB; those
 * of real machines take 60 kB. What writes a snapshot refuses to write a longer one.
 */
#define EFIMAP_DOCUMENT_MAX_BYTES ((size_t)4 << 20)

/** EFIMAP_SNAPSHOT_ID - of the element that holds the document in a page (show/report_page.c) */
#define EFIMAP_SNAPSHOT_ID "efimap-snapshot"

/** efimap_snapshot_write() - an efimap-snapshot document; of a snapshot the same again */
int efimap_snapshot_write(const struct efimap *map, bool compact, struct efimap_out *out);

extern const struct document document_baseline;
extern const struct document document_snapshot;

#endif
