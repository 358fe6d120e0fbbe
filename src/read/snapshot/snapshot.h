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

/** efimap_input_is_snapshot() - is it JSON? All else is told by reading it. */
bool efimap_input_is_snapshot(const struct efimap_input *input);

/** efimap_read_snapshot() - read a snapshot document */
int efimap_read_snapshot(const char *name, struct efimap_input *input,
			 struct efimap **ret_map, struct efimap_err *err);

/** efimap_input_is_page() - is it a page that report, or plot, wrote? */
bool efimap_input_is_page(const struct efimap_input *input);

/**
 * efimap_read_page() - read the snapshot in a page; as efimap_read_snapshot()
 *
 * -EBADMSG also for a page that was cut, or that has another snapshot than was written.
 */
int efimap_read_page(const char *name, struct efimap_input *input, struct efimap **ret_map,
		     struct efimap_err *err);

#endif
