/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl received" shows the EFI data that a kernel received from kexec. */
#include <unistd.h>

#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "compare/received.h"
#include "document/result_json.h"
#include "rules/unread_verdict.h"
#include "show/machine_line.h"
#include "show/received_output.h"
#include "show/text_style.h"

static const struct command_option options[] = {
	OPTION_JSON(""), OPTION_REDIRECT, OPTION_IF_EFI, OPTION_BOOT, { 0 },
};

static enum status received_run(void *args)
{
	const struct common *common = args;
	auto_out struct out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	auto_received struct received *received = NULL;
	auto_map struct efimap *map = NULL;
	struct text_options how = common_text(common);
	enum status status = source_record(common->source, common, NULL, &map);

	if (status != STATUS_OK)
		return status;
	received = judge_received(map);
	status = source_excuse(common, map, status_of_verdict(received->verdict));
	if (common->json && !common->quiet)
		received_write_json(received, map->name, &out);
	else if (!common->quiet) {
		received_write_text(received, &how, &out);
		log_line_write(map, map->name, &how, &out);
	}
	status = combine_status(status, output_end(&out));
	if (received->report->missed != EFIMAP_VERDICT_DENIED)
		return combine_status(status, source_report_faults(map, LISTED_SOURCES));
	put_message("%s", source_path(map, received->report->reason));
	return combine_status(status, STATUS_DENIED);
}

const struct command cmd_received = {
	.name = "received",
	.summary = "show which EFI data a kernel received from kexec",
	.quiet = "only set the exit status",
	.verbose = "also show received data and excluded causes",
	.options = options,
	.doc = "For a kernel that was started by kexec, show which EFI data it "
	       "received, which loader passed the data, and whether the kernel can use "
	       "the data. If EFI data is missing or unusable, list the causes. " SOURCE_IS,
	.run = received_run,
};
