/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl metrics: what verify and compare say, for Prometheus. Findings are values here
 * and no failure: the status only tells whether they are known.
 */
#include <errno.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "check/compare.h"
#include "check/verify.h"
#include "cli/cli.h"
#include "format/metrics.h"
#include "read/read.h"

enum {
	KEY_COMPARE = 0x100,
	KEY_IF_EFI,
	KEY_TIMEOUT,
};

struct metrics {
	struct common common;
	const char *source;
	const char *first;
	const char *file;
	bool if_efi;
	unsigned int timeout;
};

static const struct argp_option options[] = {
	{ "output-file", 'O', "FILE", 0,
	  "replace FILE instead of writing to standard output (-): whole or not at all, and "
	  "readable by everybody", 0 },
	{ "compare", KEY_COMPARE, "FIRST", 0,
	  "count what drifted since FIRST, the kernel that handed over, too", 0 },
	{ "if-efi", KEY_IF_EFI, NULL, 0, "status 0 instead of 4 when EFI was not booted", 0 },
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0, "give up after SECONDS, with status 3", 0 },
	{ 0 },
};

static error_t parse_operand(struct metrics *metrics, int key, char *arg,
			     struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &metrics->common;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			usage_error(state, "too many sources: '%s'", arg);
		metrics->source = common_file(state, "SOURCE", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct metrics *metrics = state->input;

	switch (key) {
	case 'O':
		metrics->file = common_file(state, "the output file", arg);
		return 0;
	case KEY_COMPARE:
		metrics->first = common_file(state, "FIRST", arg);
		return 0;
	case KEY_IF_EFI:
		metrics->if_efi = true;
		return 0;
	case KEY_TIMEOUT:
		metrics->timeout = deadline_parse(state, arg);
		return 0;
	default:
		return parse_operand(metrics, key, arg, state);
	}
}

static const struct argp metrics_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SOURCE]",
	.doc = "Write what verify says of a runtime map as metrics in the text format of "
	       "Prometheus, for the textfile collector of node_exporter. SOURCE is / (the "
	       "running system, the default), a directory that holds sys/ and proc/ of a "
	       "machine, an archive of one, a kernel log, a crash dump, a snapshot, or - "
	       "(standard input).",
	.children = common_children,
};

/* One side: a capture, or a report on why there is none. */
struct side {
	struct efimap *map;
	struct efimap_report *unread;
};

static void side_free(struct side *side)
{
	efimap_free(side->map);
	efimap_report_free(side->unread);
}
#define auto_side __attribute__((cleanup(side_free)))

static int side_read(const char *source, struct side *ret_side)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_read(source, &ret_side->map, &err);

	if (ret == 0)
		return 0;
	say_error(&err);
	return source_report_error(ret, &err, &ret_side->unread);
}

/* What was left out beside the map is no zero, and somebody should know. */
static enum status say_side(const struct metrics *metrics, const struct side *side,
			    enum fault_class first)
{
	if (!side->map)
		return STATUS_OK;
	if (!metrics->common.quiet)
		source_say_hidden(side->map);
	return source_say_faults(side->map, first, FAULT_BESIDE) > 0 ? STATUS_UNREADABLE :
								       STATUS_OK;
}

/* Findings and drift are in the metrics: only what could not be judged is a status. */
static enum status status_of(const struct metrics *metrics,
			     const struct efimap_report *report)
{
	const enum status status = status_of_report(report, metrics->if_efi);

	return status == STATUS_FINDINGS ? STATUS_OK : status;
}

/* An error of reading has been said already; of a comparison @name is NULL. */
static void say_reason(const struct metrics *metrics, const char *name,
		       const struct efimap_report *report)
{
	const enum status status = status_of(metrics, report);

	if (status == STATUS_OK ||
	    (status == STATUS_NOT_APPLICABLE && metrics->common.quiet))
		return;
	say("%s%s%s", name ? name : "", name ? ": " : "", report->reason);
}

/* Only of the machine that we run on; a capture does not say. */
static const char *arch_of(const struct efimap *map, struct utsname *names)
{
	if (!map || map->origin != EFIMAP_ORIGIN_LIVE)
		return "unknown";
	/* It fails only for memory that is not ours. */
	uname(names);
	return names->machine;
}

static enum status save(const struct metrics *metrics, const struct side *side,
			const struct efimap_report *report,
			const struct efimap_comparison *comparison)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const time_t now = time(NULL);
	struct utsname names;
	const struct efimap_metrics all = {
		.map = side->map,
		.report = report,
		.comparison = comparison,
		.arch = arch_of(side->map, &names),
		.now = now > 0 ? (uint64_t)now : 0,
	};
	int ret = efimap_metrics_write(&all, &out);

	if (ret < 0 && !out.error)
		out.error = ret;
	if (!output_is_stdout(metrics->file))
		return output_save_public(metrics->file, &out);
	out.fd = STDOUT_FILENO;
	return output_end(&out);
}

static enum status write_with(const struct metrics *metrics, const struct side *side,
			      const struct efimap_report *report)
{
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;
	struct side auto_side first = { 0 };
	struct efimap_comparison unread = { 0 };
	enum status status;
	int ret = side_read(metrics->first, &first);

	if (ret == 0 && first.map && side->map)
		ret = efimap_compare(first.map, side->map, EFIMAP_ERROR, &comparison);
	if (ret < 0)
		return say_errno(metrics->source, ret);
	unread.report = first.unread ? first.unread : side->unread;
	if (comparison)
		say_reason(metrics, NULL, comparison->report);
	status = say_side(metrics, &first, FAULT_JUDGED);
	status = status_worse(status, status_of(metrics, comparison ? comparison->report :
								      unread.report));
	return status_worse(status, save(metrics, side, report,
					 comparison ? comparison : &unread));
}

static enum status work(void *input)
{
	const struct metrics *metrics = input;
	efimap_auto_report struct efimap_report *report = NULL;
	struct side auto_side side = { 0 };
	const struct efimap_report *judged;
	enum status status;
	int ret = side_read(metrics->source, &side);

	if (ret == 0 && side.map)
		ret = efimap_verify(side.map, NULL, &report);
	if (ret < 0)
		return say_errno(metrics->source, ret);
	judged = report ? report : side.unread;
	if (side.map)
		say_reason(metrics, side.map->name, judged);
	status = status_of(metrics, judged);
	status = status_worse(status, say_side(metrics, &side, FAULT_SHOWN));
	return status_worse(status, metrics->first ? write_with(metrics, &side, judged) :
						     save(metrics, &side, judged, NULL));
}

static enum status run(int argc, char **argv, const struct common *common)
{
	struct metrics metrics = { .common = *common, .source = "/" };

	common_parse(&metrics_argp, argc, argv, 0, NULL, &metrics);
	return deadline_run(metrics.timeout, work, &metrics);
}

const struct command cmd_metrics = {
	.name = "metrics",
	.summary = "write what verify says as metrics for Prometheus",
	.run = run,
};
