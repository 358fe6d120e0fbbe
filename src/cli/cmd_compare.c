/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimapctl compare */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape_text.h"
#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "compare/compare.h"
#include "input/read_source.h"
#include "show/comparison.h"
#include "show/text_style.h"

/*
 * struct compare - what is compared, and where the map changed
 * @common:            @common.operands are SOURCEs, or names such as "boot 1" if @log is not NULL
 * @log:               the log whose boots are compared, or NULL
 * @first_boot:        number of the first boot of @log that is compared
 * @first_changed_hop: number of the first hop with status 1, counted from 1; 0 if there is none
 */
struct compare {
	struct common common;
	const char *log;
	int first_boot;
	size_t first_changed_hop;
};

/* Maximum number of boots of a log that are compared. Earlier boots are ignored. */
#define MAX_BOOTS 64U

static const struct command_option options[] = {
	OPTION_JSON_LINES("comparison"),
	OPTION_REDIRECT,
	OPTION_IF_EFI,
	OPTION_BOOT,
	OPTION_FAIL_ON("WHAT,...", "", take_fail_on),
	{ 0 },
};

static void write_text(const struct compare *compare, const struct side *first,
		       const struct side *second, const struct efimap_comparison *comparison,
		       struct efimap_out *out)
{
	struct efimap_text_options text = common_text(&compare->common);
	int ret;

	text.notes = compare->common.verbose;
	if (compare->common.n_operands > 2) {
		efimap_out_escaped(out, first->name);
		efimap_out_puts(out, " -> ");
		efimap_out_escaped(out, second->name);
		efimap_out_putc(out, '\n');
	}
	ret = efimap_comparison_write_text(first->map, second->map, comparison, &text, out);
	if (ret < 0 && !out->error)
		out->error = ret;
	if (compare->common.n_operands > 2)
		efimap_out_putc(out, '\n');
}

/* Print @report->reason, unless the text output contains the reason. */
static void report_reason(const struct compare *compare,
			  const struct efimap_report *report)
{
	const bool is_in_text = !compare->common.json && !compare->common.quiet &&
				(efimap_report_is_checked(report) ||
				 report->missed == EFIMAP_VERDICT_NOT_APPLICABLE);

	if (*report->reason && !is_in_text)
		put_message("%s", report->reason);
}

static enum status compare_hop(struct compare *compare, size_t hop, const struct side *first,
			       const struct side *second, struct efimap_out *out)
{
	efimap_auto_comparison struct efimap_comparison *compared = NULL;
	/* If a side cannot be read, its report determines the verdict on the hop. */
	struct efimap_report *why_unread = first->map ? second->report : first->report;
	const struct efimap_comparison unread = {
		.loaded_by = EFIMAP_LOADED_BY_UNKNOWN,
		.report = why_unread,
		.verdict = why_unread ? efimap_verdict_of(why_unread) : EFIMAP_VERDICT_SAME,
	};
	const bool was_read = first->map && second->map;
	const struct efimap_comparison *comparison;
	int ret = was_read ? efimap_compare(first->map, second->map, &compared) : 0;
	enum status status;

	if (ret < 0)
		return report_errno(second->name, ret);
	comparison = was_read ? compared : &unread;
	status = status_of_verdict(comparison->verdict);
	if (was_read && source_is_excused(&compare->common, first->map))
		status = source_excuse(&compare->common, second->map, status);
	/* With -q, do not print a reason if the status is 0, for example because of --if-efi. */
	if (was_read && !(status == STATUS_OK && compare->common.quiet))
		report_reason(compare, comparison->report);
	if (status == STATUS_FINDINGS && !compare->first_changed_hop)
		compare->first_changed_hop = hop;
	if (compare->common.json && !compare->common.quiet)
		efimap_comparison_write_json(first->name, second->name, comparison,
					     compare->common.n_operands > 2 ||
						     compare->common.lines,
					     out);
	else if (was_read && !compare->common.quiet)
		write_text(compare, first, second, comparison, out);
	return status_of_fail_on(status, comparison->report, &compare->common.fail_on);
}

static void write_chain(const struct compare *compare, enum status status,
			struct efimap_out *out)
{
	const size_t hop = compare->first_changed_hop;

	if (compare->common.n_operands <= 2 || compare->common.json || compare->common.quiet)
		return;
	if (hop) {
		efimap_out_printf(out, "comparison %zu of %zu is the first in which "
				       "the map changed or was lost: ", hop,
				  compare->common.n_operands - 1);
		efimap_out_escaped(out, compare->common.operands[hop - 1]);
		efimap_out_puts(out, " -> ");
		efimap_out_escaped(out, compare->common.operands[hop]);
		efimap_out_putc(out, '\n');
	} else if (status == STATUS_OK) {
		efimap_out_printf(out, "the map did not change in %zu comparisons\n",
				  compare->common.n_operands - 1);
	}
}

static int read_one(const struct compare *compare, size_t at, struct side *side)
{
	const char *name = compare->common.operands[at];
	const char *command = compare->common.command->name;
	int ret = compare->log ?
			  side_read(compare->log, compare->first_boot + (int)at, command, side) :
			  side_read(name, compare->common.boot, command, side);

	side->name = name;
	if (ret == 0 && side->map && !compare->log)
		source_report_boot(side->map);
	return ret;
}

static enum status compare_all(struct compare *compare, struct efimap_out *out)
{
	struct side sides[2] = { 0 };
	enum status status = STATUS_OK;
	int ret = read_one(compare, 0, &sides[0]);

	for (size_t i = 1; i < compare->common.n_operands && ret == 0 && !out->error; i++) {
		struct side *first = &sides[(i - 1) % 2], *second = &sides[i % 2];

		side_free(second);
		ret = read_one(compare, i, second);
		if (ret < 0)
			break;
		status = combine_status(status, compare_hop(compare, i, first, second, out));
	}
	side_free(&sides[0]);
	side_free(&sides[1]);
	if (ret < 0) {
		put_message("%s", strerror(-ret));
		return STATUS_UNREADABLE;
	}
	write_chain(compare, status, out);
	return combine_status(status, output_end(out));
}

/*
 * Return the number of boots if SOURCE is a log that can be read again, otherwise 0. Errors are
 * reported later.
 */
static uint32_t count_boots(const char *source)
{
	efimap_auto_map struct efimap *map = NULL;

	if (strcmp(source, "-") == 0 ||
	    efimap_read(source, EFIMAP_BOOT_DEFAULT, NULL, &map, NULL) ||
	    map->origin != EFIMAP_ORIGIN_LOG)
		return 0;
	return map->n_boots;
}

static enum status compare_boots(struct compare *compare, uint32_t count, struct efimap_out *out)
{
	char names[MAX_BOOTS][sizeof("boot 4294967295")], *sources[MAX_BOOTS];

	compare->log = compare->common.operands[0];
	compare->common.operands = sources;
	compare->common.n_operands = count < MAX_BOOTS ? count : MAX_BOOTS;
	compare->first_boot = (int)(count - compare->common.n_operands) + 1;
	for (int i = 0; i < (int)compare->common.n_operands; i++) {
		snprintf(names[i], sizeof(names[i]), "boot %d", compare->first_boot + i);
		sources[i] = names[i];
	}
	return compare_all(compare, out);
}

static enum status compare_run(void *args)
{
	static char root[] = "/";
	struct compare *compare = args;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	char *const first = compare->common.operands[0];
	char *with_running[] = { first, root };
	const bool is_chain = compare->common.n_operands == 1 && !compare->common.boot;
	const uint32_t boots = is_chain ? count_boots(first) : 0;

	if (boots > 1)
		return compare_boots(compare, boots, &out);
	if (compare->common.n_operands == 1) {
		compare->common.operands = with_running;
		compare->common.n_operands = 2;
	}
	return compare_all(compare, &out);
}

const struct command cmd_compare = {
	.name = "compare",
	.summary = "check whether the runtime map reached the second kernel unchanged",
	.quiet = "only set the exit status",
	.verbose = "also show unchanged entries, notes and evidence",
	.options = options,
	.operands = OPERANDS_SOURCES,
	.missing = "FIRST is missing; specify a capture of the first kernel",
	.args_doc = "FIRST [SECOND...]",
	.doc = "Check whether the runtime map of FIRST's kernel reached SECOND's "
	       "kernel unchanged. FIRST and SECOND are SOURCEs, as for "
	       "verify. If there are more than two SOURCEs, each is compared with the "
	       "previous one. SECOND defaults to / (the running system). However, if "
	       "FIRST is a kernel log with several boots, and neither SECOND nor "
	       "--boot is given, each of the last 64 boots is compared with the "
	       "previous boot.",
	.size = sizeof(struct compare),
	.run = compare_run,
};
