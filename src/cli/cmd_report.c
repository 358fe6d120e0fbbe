/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl report" writes plain text for a bug report. */
#include <unistd.h>

#include "answer/verify.h"
#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/error_output.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "input/read_snapshot.h"
#include "input/redaction.h"
#include "compare/received.h"
#include "show/report_text.h"

static const struct command_option report_options[] = {
	OPTION_OUTPUT("write atomically to FILE, or to standard output (-)"),
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

/* Redact the recording, and write a report about it. */
static enum status write_report(const struct common *common, const struct recording *recording,
				enum status before)
{
	auto_recording struct recording redacted = { 0 };
	auto_report struct report *report = NULL;
	auto_received struct received *received = NULL;
	auto_map struct efimap *map = NULL;
	auto_out struct out out = EFIMAP_OUT_MEM;
	struct err err = EFIMAP_ERR_INIT;
	int ret;

	redact_recording(recording, &redacted);
	ret = read_recording(&redacted, redacted.source, common->boot, NULL, &map, &err);
	if (ret < 0)
		return report_error(ret, recording->source, &err);
	report = verify_capture(map, NULL);
	if (find_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC)
		received = judge_received(map);
	report_write_mail(map, report, received,
			  output_is_stdout(common->file) ? common_width() : 0, &out);
	return combine_status(before, output_finish(common->file, 0644, &out));
}

static enum status report_run(void *args)
{
	const struct common *common = args;
	auto_recording struct recording recording = { 0 };
	auto_map struct efimap *map = NULL;
	enum status status = source_record(common->source, common, &recording, &map);
	const char *why;

	if (status != STATUS_OK)
		return status;
	if (source_refuse_denied(map) != STATUS_OK)
		return STATUS_DENIED;
	why = why_not_applicable(map);
	if (why) {
		if (!common->quiet || !source_is_excused(common, map))
			put_message("%s: %s", map->name, why);
		status = source_excuse(common, map, STATUS_NOT_APPLICABLE);
	}
	if (!source_has_efi_or_kexec(map))
		return source_excuse(common, map, STATUS_NOT_APPLICABLE);
	if (!common->quiet)
		source_report_hidden(map);
	status = combine_status(status, source_report_faults(map, LISTED_SOURCES));
	return write_report(common, &recording, status);
}

const struct command cmd_report = {
	.name = "report",
	.summary = "write plain text for a bug report",
	.quiet = "print no informational messages",
	.options = report_options,
	.doc = "Write facts for a bug report as plain text: the machine, the answers, the EFI "
	       "tables, the segments, the kernel's messages about EFI, kexec and crashes, the map "
	       "and the memory, in at most 120 lines of 100 columns. The text contains addresses "
	       "and hardware names, but no host name, and only those kernel parameters that "
	       "affect EFI, memory or kexec. Findings do not affect the exit status. The status "
	       "is 4 if the kernel has no EFI, and 3 if a source could not be read. " SOURCE_IS,
	.run = report_run,
};
