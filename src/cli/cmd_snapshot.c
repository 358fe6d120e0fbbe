/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl snapshot" records the input data in a JSON document. */
#include <inttypes.h>

#include "base/cleanup.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "document/snapshot.h"
#include "infer/why_no_map.h"
#include "input/redaction.h"
#include "rules/unread_verdict.h"

struct snapshot {
	struct common common;
	bool redact;
};

static const struct command_option options[] = {
	OPTION_OUTPUT("write atomically to FILE, which only its owner can read, or to standard "
		      "output (-)"),
	{ "redact", 0, NULL, "remove private data, such as machine IDs and kernel parameters",
	  FLAG_AT(snapshot, redact), .group = GROUP_OUTPUT },
	OPTION_IF_EFI,
	/* -J is accepted without effect, because a snapshot is always a JSON document. */
	{ "json", 'J', NULL, NULL, FLAG_AT(common, json), .group = GROUP_OUTPUT },
	{ 0 },
};

static enum status snapshot_run(void *args)
{
	const struct snapshot *snapshot = args;
	const struct common *common = &snapshot->common;
	auto_recording struct recording recording = { 0 }, redacted = { 0 };
	auto_map struct efimap *map = NULL;
	auto_out struct out out = EFIMAP_OUT_MEM;
	const enum status status = source_record(common->source, common, &recording, &map);
	enum status done = STATUS_OK;
	struct no_map found;
	bool can_record;

	if (status != STATUS_OK)
		return status;
	recording_finish(&recording);
	if (source_refuse_denied(map) != STATUS_OK)
		return STATUS_DENIED;
	if (!source_has_efi_or_kexec(map)) {
		if (common->quiet && source_is_excused(common, map))
			return STATUS_OK;
		found = find_no_map(map);
		done = source_excuse(common, map, STATUS_NOT_APPLICABLE);
		can_record = done != STATUS_OK && found.kind == EFIMAP_MAP_WITHOUT_EFI;
		if (!can_record || !common->quiet)
			put_message("%s: no %s: %s", map->name,
				    can_record ? "map is recorded" : "data for a snapshot",
				    found.why ? found.why : "sys/firmware/efi was not collected");
		if (!can_record)
			return done;
	}
	if (!common->quiet) {
		if (recording.boot)
			put_message("%s: only boot %" PRIu32 " of %" PRIu32
				    " is recorded, because the messages of all boots are too long",
				    map->name, recording.boot, recording.n_boots);
		source_report_hidden(map);
		source_report_denied(map, &recording);
		source_report_faults(map, LISTED_SOURCES);
	}
	if (snapshot->redact)
		redact_recording(&recording, &redacted);
	snapshot_write(snapshot->redact ? &redacted : &recording, map, false, &out);
	if (out.used > EFIMAP_DOCUMENT_MAX_BYTES)
		return report_snapshot_too_long(map->name);
	return combine_status(done, output_finish(common->file, 0600, &out));
}

const struct command cmd_snapshot = {
	.name = "snapshot",
	.summary = "record all input data in one JSON document",
	.quiet = "print no informational messages",
	.options = options,
	.doc = "Write one JSON document with the parts of files that the other commands read. "
	       "These commands accept the document as SOURCE. All boots of a log are "
	       "recorded, unless they are too long. " SOURCE_IS,
	.size = sizeof(struct snapshot),
	.run = snapshot_run,
};
