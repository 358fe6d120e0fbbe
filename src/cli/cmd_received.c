/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimapctl received */
#include <errno.h>
#include <unistd.h>

#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "input/read_source.h"
#include "compare/received.h"
#include "rules/unread_sources.h"
#include "show/received.h"
#include "show/text_style.h"

static const struct command_option options[] = {
	OPTION_JSON(""),
	OPTION_REDIRECT,
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

static enum status report_unread_data(const struct efimap *map, const struct efimap_report *report)
{
	if (report->missed == EFIMAP_VERDICT_DENIED) {
		put_message("%s", source_path(map, report->reason));
		return STATUS_DENIED;
	}
	return source_report_faults(map, LISTED_SOURCES);
}

static enum status show_received(const struct common *common, const struct efimap *map)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	efimap_auto_received struct efimap_received *received = NULL;
	struct efimap_text_options how = common_text(common);
	int ret = efimap_check_received(map, &received);
	enum status status;

	if (ret < 0)
		return report_errno(map->name, ret);
	status = source_excuse(common, map, status_of_verdict(received->verdict));
	if (common->json && !common->quiet)
		efimap_received_write_json(map->name, received, &out);
	else if (!common->quiet)
		efimap_received_write_text(received, &how, &out);
	status = combine_status(status, output_end(&out));
	return combine_status(status, report_unread_data(map, received->report));
}

static enum status received_run(void *args)
{
	const struct common *common = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_read(common->source, common, &map);

	return status == STATUS_OK ? show_received(common, map) : status;
}

const struct command cmd_received = {
	.name = "received",
	.summary = "show which EFI data a kernel received from kexec",
	.quiet = "only set the exit status",
	.verbose = "also show the data and excluded causes",
	.options = options,
	.doc = "For a kernel that was started by kexec, show which EFI data it "
	       "received, which loader passed the data, and whether the kernel can use "
	       "the data. If EFI data is missing or unusable, show why. "
	       SOURCE_IS,
	.run = received_run,
};
