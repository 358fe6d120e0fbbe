/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: reading a snapshot
 *
 * The document is described in schema/efimap-snapshot.schema.json. Members that we do not
 * know are passed over: documents only ever gain some.
 */
#ifndef READ_SNAPSHOT_SNAPSHOT_H
#define READ_SNAPSHOT_SNAPSHOT_H

#include "model/capture.h"
#include "read/input.h"
#include "read/snapshot/document.h"

/** efimap_input_is_snapshot() - is it JSON? All else is told by reading it. */
bool efimap_input_is_snapshot(const struct efimap_input *input);

/**
 * efimap_read_snapshot() - read a snapshot document
 * @name:    SOURCE as the user gave it
 * @input:   an open file; read to its end
 * @ret_map: owned by the caller
 * @err:     says which member is wrong, or line and column
 *
 * Return: 0; -EBADMSG; -E2BIG above EFIMAP_SNAPSHOT_MAX_BYTES; -ENOMEM; what read(2)
 * returned.
 */
int efimap_read_snapshot(const char *name, struct efimap_input *input,
			 struct efimap **ret_map, struct efimap_err *err);

/** EFIMAP_SNAPSHOT_STREAMS - arrays of a document that hold the records of a capture */
#define EFIMAP_SNAPSHOT_STREAMS 6
/** efimap_snapshot_streams() - fill in what they are; their context is the capture */
void efimap_snapshot_streams(struct efimap_stream streams[EFIMAP_SNAPSHOT_STREAMS]);
/**
 * efimap_take_records() - when all of them were read: do they agree with each other, and
 * with the states, which are already there?
 */
int efimap_take_records(const struct efimap_node *root, const struct efimap_stream *streams,
			struct efimap *map);
/** efimap_take_boot_params() - its member boot_params; likewise */
int efimap_take_boot_params(const struct efimap_node *root, struct efimap *map);

#endif
