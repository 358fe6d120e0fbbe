/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write the documents that are read back: snapshots and baselines. They have their own file
 * because importers write no other documents.
 */
#include "document/json_writer.h"
#include "document/snapshot.h"
#include "rules/baseline.h"

const struct document document_snapshot = {
	EFIMAP_SNAPSHOT_DOCUMENT,
	ABOUT("Everything that was read of one machine, as efimapctl snapshot "
	      "writes it. Every command takes it as SOURCE."),
	&efimap_snapshot_fields,
	ABOUT("SOURCE that the facts were read from, as it was named; / is the running system; a "
	      "snapshot of a snapshot keeps it; without its directory in a redacted one"),
};

int efimap_snapshot_write(const struct efimap *map, bool compact, struct efimap_out *out)
{
	return json_put_document(&document_snapshot, map->first_name, compact, map, out);
}

const struct document document_baseline = {
	EFIMAP_BASELINE_DOCUMENT,
	ABOUT("Findings that are known and accepted, as efimapctl verify "
	      "--write-baseline writes them and --baseline reads them. Meant to be "
	      "edited."),
	&efimap_baseline_fields,
	ABOUT("the first SOURCE that it was recorded from"),
};

int efimap_baseline_write(const struct efimap_baseline *baseline, const char *source,
			  struct efimap_out *out)
{
	return json_put_document(&document_baseline, source, false, baseline, out);
}
