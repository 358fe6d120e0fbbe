/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl report: the one thing to attach to a ticket, a page that is read by people and,
 * as a SOURCE, by every command. What is in it is the plot room's business.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "check/handover_judge.h"
#include "check/verify.h"
#include "cli/cli.h"
#include "cli/page.h"

/* The last second of the year 9999: later ones have no date in ISO 8601. */
#define LAST_SECOND INT64_C(253402300799)

static const struct command_option options[] = {
	OPTION_OUTPUT("write FILE, whole or not at all; - is standard output"),
	{ 0 },
};

bool page_ends_in(const char *name, const char *end)
{
	const size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && strcasecmp(name + len - end_len, end) == 0;
}

void page_check_name(const struct argp_state *state, const char *file, const char *how)
{
	static const char *const others[] = { ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf" };

	for (size_t i = 0; file && i < sizeof(others) / sizeof(others[0]); i++)
		if (page_ends_in(file, others[i]))
			usage_error(state, "%s: %s; other programs make %s of that", file, how,
				    others[i] + 1);
}

/* Markup is nothing to look at on a terminal. */
static void check(void *args, const struct argp_state *state)
{
	const struct common *common = args;

	if (!common->file && isatty(STDOUT_FILENO))
		usage_error(state, "a report is a page for a browser: say where it goes to, "
			    "efimapctl report -O report.html");
	page_check_name(state, common->file, "a report is written as .html");
	if (common->file && page_ends_in(common->file, ".svg"))
		usage_error(state, "%s: a report is a page: efimapctl plot draws the picture alone",
			    common->file);
}

/* SOURCE_DATE_EPOCH, so that the same report is the same page. */
static bool find_time(time_t *ret_time)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	*ret_time = time(NULL);
	if (!epoch)
		return true;
	if (efimap_num_parse_dec(epoch, strlen(epoch), LAST_SECOND, &seconds, NULL) !=
	    EFIMAP_NUM_OK) {
		say("SOURCE_DATE_EPOCH=%s: expected seconds since 1970", epoch);
		return false;
	}
	*ret_time = (time_t)seconds;
	return true;
}

enum status page_write(const char *file, const struct efimap_plot_input *input,
		       unsigned int rows)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	efimap_auto_receipt struct efimap_receipt *receipt = NULL;
	struct efimap_plot_input told = *input;
	char date[sizeof("9999-12-31T23:59:59Z")] = "";
	struct efimap_plot_options how = { .rows = rows, .date = date };
	struct tm tm;
	time_t when;
	int ret = 0;

	if (!find_time(&when))
		return STATUS_USAGE;
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &tm));
	if (!input->second && efimap_booted_by(input->map) == EFIMAP_BOOTED_BY_KEXEC)
		ret = efimap_handover_judge(input->map, &receipt);
	told.receipt = receipt;
	if (ret == 0)
		ret = efimap_plot_write_html(&told, &how, &out);
	return output_finish(file, READ_BY_UMASK, ret, &out);
}

static enum status write_report(const struct common *common, const struct efimap *map)
{
	efimap_auto_report struct efimap_report *report = NULL;
	int ret = efimap_verify(map, NULL, &report);

	if (ret < 0)
		return say_errno(map->name, ret);
	return page_write(common->file,
			  &(struct efimap_plot_input){ .map = map, .report = report }, 0);
}

/* Nobody shall take a status that tells of the machine for one of the page. */
static enum status write_and_say(const struct common *common, const struct efimap *map,
				 enum status before)
{
	const enum status status = write_report(common, map);

	if (status == STATUS_OK && before != STATUS_OK && common->file &&
	    strcmp(common->file, "-") != 0 && !common->quiet)
		say("%s: written all the same; the status is that of what it tells", common->file);
	return status_worse(before, status);
}

static enum status report_run(void *args)
{
	const struct common *common = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_read(common->source, &map);
	const char *why;

	if (status != STATUS_OK)
		return status;
	if (source_map_is_denied(map))
		return source_say_denied(map);
	why = efimap_why_not_applicable(map);
	if (why) {
		say("%s: %s", map->name, why);
		status = STATUS_NOT_APPLICABLE;
	}
	if (!source_is_worth_keeping(map))
		return STATUS_NOT_APPLICABLE;
	if (!common->quiet)
		source_say_hidden(map);
	status = status_worse(status, source_say_faults(map, EFIMAP_UNREAD_JUDGED));
	return write_and_say(common, map, status);
}

const struct command cmd_report = {
	.name = "report",
	.summary = "write one page for a ticket",
	.answers = "What to attach to a bug report?",
	.options = options,
	.doc = "Write one page of HTML for a ticket, to the FILE of -O or into a pipe. It needs "
	       "nothing beside it: what handover says of a kernel that kexec started, what "
	       "verify finds and what to do, the picture that plot draws, the tables, and all "
	       "that was read, so that every command takes the page as SOURCE. It tells "
	       "addresses, the boot ID and the names of the hardware, and no host name; of the "
	       "command line only the words that decide something about EFI, memory or kexec. "
	       "A page is written whatever it tells; the status is then 0, 4 where the kernel "
	       "has no EFI, and 3 where something could not be read. " SOURCE_IS,
	.check = check,
	.run = report_run,
};
