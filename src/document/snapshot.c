/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write snapshots, the documents that the tool reads back. The code for all other documents is in
 * src/show.
 */
#include "document/json_writer.h"
#include "document/snapshot.h"

const struct document document_snapshot = {
	EFIMAP_SNAPSHOT_DOCUMENT,
	ABOUT("All data that was read from one machine, as written by efimapctl "
	      "snapshot. Every command that reads a SOURCE accepts this document."),
	&efimap_snapshot_fields,
	ABOUT("SOURCE as given on the command line (/ is the running system). A snapshot "
	      "of a snapshot keeps the original SOURCE. A redacted snapshot contains "
	      "at most the base name of SOURCE."),
};

int efimap_snapshot_write(const struct efimap *map, bool compact, struct efimap_out *out)
{
	return json_put_document(&document_snapshot, map->first_name, compact, map, out);
}
