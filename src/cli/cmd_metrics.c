/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimapctl metrics. Findings are written as metrics and do not affect the exit status. */
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "answer/verify.h"
#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "compare/compare.h"
#include "input/read_source.h"
#include "show/prometheus_metrics.h"

struct metrics {
	struct common common;
	const char *first;
};

static const struct command_option options[] = {
	OPTION_OUTPUT("write atomically to FILE, readable by all users, instead of to "
		      "standard output (-)"),
	{ "first", 0, "FIRST",
	  "also compare SOURCE with FIRST, a capture of the first kernel, and count the "
	  "differences",
	  NAME_AT(metrics, first, "FIRST") },
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

static enum status without_findings(enum status status)
{
	return status == STATUS_FINDINGS ? STATUS_OK : status;
}

/* @name is NULL for a comparison. */
static void report_reason(const struct metrics *metrics, const char *name,
			  const struct efimap_report *report, enum status status)
{
	if (status == STATUS_OK ||
	    (status == STATUS_NOT_APPLICABLE && metrics->common.quiet))
		return;
	put_message("%s%s%s", name ? name : "", name ? ": " : "",
		    *report->reason ? report->reason : report->answer);
}

static const char *arch_of(const struct efimap *map, struct utsname *names)
{
	if (!map || map->origin != EFIMAP_ORIGIN_LIVE)
		return "unknown";
	/* uname() fails only with EFAULT. */
	uname(names);
	return names->machine;
}

/*
 * Return the time of a capture in seconds since 1970, or 0 if it is unknown. The time is @now for
 * the running system, and otherwise the modification time of SOURCE.
 */
static uint64_t time_of_capture(const struct metrics *metrics, const struct efimap *map,
				uint64_t now)
{
	struct stat file;

	if (!map)
		return 0;
	if (map->origin == EFIMAP_ORIGIN_LIVE)
		return now;
	if (stat(metrics->common.source, &file) < 0 || file.st_mtime < 0)
		return 0;
	return (uint64_t)file.st_mtime;
}

static enum status save_metrics(const struct metrics *metrics, const struct side *side,
				const struct efimap_comparison *comparison)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const time_t clock = time(NULL);
	const uint64_t now = clock > 0 ? (uint64_t)clock : 0;
	struct utsname names;
	const struct efimap_metrics all = {
		.map = side->map,
		.report = side->report,
		.comparison = comparison,
		.verify_status = status_of_report(side->report, false),
		.drift_status = comparison ? status_of_verdict(
						     efimap_verdict_of_comparison(comparison)) :
					     STATUS_OK,
		.arch = arch_of(side->map, &names),
		.captured = time_of_capture(metrics, side->map, now),
		.now = now,
	};
	int ret = efimap_metrics_write(&all, &out);

	/* The collector that reads the file runs as another user, so the umask must not apply. */
	umask(0);
	return output_finish(metrics->common.file, 0644, ret, &out);
}

static enum status write_with(const struct metrics *metrics, const struct side *side)
{
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;
	struct side auto_side first = { 0 };
	struct efimap_comparison unread = { 0 };
	enum status status;
	int ret = side_read(metrics->first, metrics->common.boot, "metrics", &first);

	if (ret == 0 && first.map && side->map)
		ret = efimap_compare(first.map, side->map, EFIMAP_ERROR, &comparison);
	if (ret < 0)
		return report_errno(metrics->common.source, ret);
	unread.report = first.report ? first.report : side->report;
	status = without_findings(status_of_verdict(
		efimap_verdict_of_comparison(comparison ? comparison : &unread)));
	if (comparison)
		report_reason(metrics, NULL, comparison->report, status);
	return combine_status(status, save_metrics(metrics, side,
						   comparison ? comparison : &unread));
}

static enum status metrics_run(void *args)
{
	const struct metrics *metrics = args;
	struct side auto_side side = { 0 };
	enum status status;
	int ret = side_read(metrics->common.source, metrics->common.boot, "metrics", &side);

	if (ret == 0 && side.map)
		ret = efimap_verify(side.map, NULL, &side.report);
	if (ret < 0)
		return report_errno(metrics->common.source, ret);
	status = without_findings(status_of_report(side.report, metrics->common.if_efi));
	if (side.map)
		report_reason(metrics, side.map->name, side.report, status);
	return combine_status(status, metrics->first ? write_with(metrics, &side) :
						     save_metrics(metrics, &side, NULL));
}

const struct command cmd_metrics = {
	.name = "metrics",
	.summary = "write the result of verify as Prometheus metrics",
	.options = options,
	.doc = "Write the result of verify as metrics in the Prometheus text format, for "
	       "the textfile collector of node_exporter. " SOURCE_IS,
	.size = sizeof(struct metrics),
	.run = metrics_run,
};
