/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-snapshot document: everything that is in a capture. By itself, because importers
 * write nothing else.
 */
#include "format/documents.h"
#include "format/format.h"
#include "model/snapshot.h"

const struct document document_snapshot = {
	EFIMAP_SNAPSHOT_DOCUMENT,
	ABOUT("Everything that was read of one machine, as efimapctl snapshot "
	      "writes it. Every command takes it as SOURCE."),
	ABOUT("SOURCE that the facts were read from, as it was named; / is the running system; a "
	      "snapshot of a snapshot keeps it"),
	&efimap_snapshot_fields,
};

int efimap_snapshot_write(const struct efimap *map, bool compact, struct efimap_out *out)
{
	return json_put_document(&document_snapshot, map->first_name, compact, map, out);
}
