/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl compare" compares each capture, or boot of a log, with the next one. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape_text.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "compare/compare.h"
#include "document/result_json.h"
#include "input/read_source.h"
#include "show/comparison_output.h"
#include "show/text_style.h"

/*
 * struct compare - the captures to compare. A hop is the step from one capture to the next.
 * @common:            @common.operands are SOURCEs or, if the boots of a log are compared, @boots
 * @may_be_chain:      FIRST is the only SOURCE, and --boot is not given
 * @boots:             the names of boots, such as "boot 1"
 * @first_changed_hop: number of the first hop with status 1, counted from 1; 0 if there is none
 */
struct compare {
	struct common common;
	bool may_be_chain;
	char *boots[EFIMAP_MAX_EACH_BOOT];
	char names[EFIMAP_MAX_EACH_BOOT][sizeof("boot 4294967295")];
	size_t first_changed_hop;
};

/* The contents of a SOURCE. @map is NULL if it could not be read. Then, @report has the reason. */
struct side {
	const char *name;
	struct efimap *map;
	struct report *report;
};

static const struct command_option options[] = {
	OPTION_JSON_LINES("comparison"), OPTION_REDIRECT, OPTION_IF_EFI, OPTION_BOOT, { 0 },
};

static void write_hop_name(const char *first, const char *second, struct out *out)
{
	out_escaped(out, first);
	out_puts(out, " -> ");
	out_escaped(out, second);
	out_putc(out, '\n');
}

static enum status compare_hop(struct compare *compare, size_t hop, const struct side *first,
			       const struct side *second, struct out *out)
{
	const struct common *common = &compare->common;
	auto_comparison struct comparison *compared = NULL;
	/* If a side cannot be read, its report determines the verdict on the hop. */
	struct report *why_unread = first->map ? second->report : first->report;
	const struct comparison unread = {
		.loaded_by = EFIMAP_LOADED_BY_UNKNOWN,
		.report = why_unread,
		.verdict = why_unread ? report_verdict(why_unread) : EFIMAP_VERDICT_SAME,
	};
	const bool was_read = first->map && second->map, is_chain = common->n_operands > 2;
	const bool is_text = was_read && !common->json && !common->quiet;
	const struct comparison *comparison = &unread;
	const struct report *report;
	struct text_options text;
	enum status status;

	if (was_read)
		comparison = compared = compare_captures(first->map, second->map);
	report = comparison->report;
	status = status_of_verdict(comparison->verdict);
	if (was_read && source_is_excused(common, first->map))
		status = source_excuse(common, second->map, status);
	/* Print why a side could not be read, and a reason that the text does not contain. */
	if (was_read && *report->reason &&
	    (is_text ? report->refused && report->missed != EFIMAP_VERDICT_NOT_APPLICABLE
		     : report_is_unread(report)))
		put_message("%s", report->reason);
	if (status == STATUS_FINDINGS && !compare->first_changed_hop)
		compare->first_changed_hop = hop;
	if (common->json && !common->quiet)
		comparison_write_json(first->name, second->name, comparison,
				      is_chain || common->lines, out);
	if (is_text && is_chain)
		write_hop_name(first->name, second->name, out);
	if (is_text) {
		text = common_text(common);
		text.notes = common->verbose;
		comparison_write_text(first->map, second->map, comparison, &text, out);
	}
	if (is_text && is_chain)
		out_putc(out, '\n');
	return status;
}

/* Replace the operands by the names of the boots of a log. */
static void name_boots(struct compare *compare, const struct efimap *map)
{
	size_t count = 0;

	for (; map; map = map->next, count++) {
		compare->boots[count] = compare->names[count];
		snprintf(compare->names[count], sizeof(compare->names[count]), "boot %" PRIu32,
			 map->boot);
	}
	compare->common.operands = compare->boots;
	compare->common.n_operands = count;
}

/* Read a SOURCE. On failure, print the error, and create a report that contains the error. */
static void read_one(struct compare *compare, size_t at, struct side *side)
{
	const char *source = compare->common.operands[at];
	struct err err = EFIMAP_ERR_INIT;
	int ret = read_source(
		source, at == 0 && compare->may_be_chain ? EFIMAP_BOOT_EACH : compare->common.boot,
		at == 0 ? "snapshot -O first.json" : "snapshot -O second.json", &side->map, &err);

	if (ret) {
		report_error(ret, source, &err);
		side->report = source_report_error(ret, &err);
	} else if (side->map->next) {
		name_boots(compare, side->map);
	} else {
		source_report_boot(&compare->common, side->map);
	}
}

static void side_free(struct side *side)
{
	capture_free(side->map);
	report_free(side->report);
	*side = (struct side){ 0 };
}

static enum status compare_all(struct compare *compare, struct out *out)
{
	const struct common *common = &compare->common;
	struct side sides[2] = { 0 };
	enum status status = STATUS_OK;
	bool has_end;
	size_t hop;

	read_one(compare, 0, &sides[0]);
	for (size_t i = 1; i < common->n_operands && !out->error; i++) {
		/* The elements of @sides alternate, so that each SOURCE is read only once. */
		struct side *first = &sides[(i - 1) % 2], *second = &sides[i % 2];

		side_free(second);
		if (first->map && first->map->next)
			second->map = steal(first->map->next);
		else
			read_one(compare, i, second);
		first->name = common->operands[i - 1];
		second->name = common->operands[i];
		status = combine_status(status, compare_hop(compare, i, first, second, out));
	}
	side_free(&sides[0]);
	side_free(&sides[1]);
	has_end = common->n_operands > 2 && !common->json && !common->quiet;
	hop = compare->first_changed_hop;
	if (has_end && hop) {
		out_printf(out,
			   "comparison %zu of %zu is the first in which the map "
			   "changed or was lost: ",
			   hop, common->n_operands - 1);
		write_hop_name(common->operands[hop - 1], common->operands[hop], out);
	} else if (has_end && status == STATUS_OK) {
		out_printf(out, "the map did not change in %zu comparisons\n",
			   common->n_operands - 1);
	}
	return combine_status(status, output_end(out));
}

static enum status compare_run(void *args)
{
	static char root[] = "/";
	struct compare *compare = args;
	struct common *common = &compare->common;
	auto_out struct out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	char *sources[] = { common->operands[0], root };

	if (common->n_operands == 1) {
		common->operands = sources;
		common->n_operands = 2;
		compare->may_be_chain = !common->boot;
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
	       "kernel unchanged. FIRST and SECOND are SOURCEs (see efimapctl verify --help). If "
	       "there are more than two SOURCEs, each is compared with the previous SOURCE. SECOND "
	       "defaults to / (the running system). However, if FIRST is a kernel log with several "
	       "boots, or a snapshot of one, and neither SECOND nor --boot is given, each of the "
	       "last 64 boots is compared with the previous boot.",
	.size = sizeof(struct compare),
	.run = compare_run,
};
