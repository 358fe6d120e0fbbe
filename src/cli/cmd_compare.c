/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl compare: hold a kernel against the one that handed over to it, or several in
 * a row. It decides nothing itself: a verdict becomes a status.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check/compare.h"
#include "cli/cli.h"
#include "cli/rules.h"
#include "format/format.h"
#include "model/outcome.h"
#include "read/read.h"

struct compare {
	struct common common;
	char **sources;
	size_t n_sources;
	size_t broken_at;
};

static const struct argp_option options[] = {
	OPTION_JSON("; one line each for several hops"),
	OPTION_FAIL_ON("drift and status 1 from this severity on: error (the default), warning or "
		       "note"),
	{ 0 },
};

static void set_sources(struct compare *compare, const struct argp_state *state)
{
	compare->sources = state->argv + state->next;
	compare->n_sources = (size_t)(state->argc - state->next);
	for (size_t i = 0; i < compare->n_sources; i++)
		common_file(state, "a SOURCE", compare->sources[i]);
}

static error_t compare_option(int key, char *arg, struct argp_state *state)
{
	struct compare *compare = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		/* They come all at once. */
		return ARGP_ERR_UNKNOWN;
	case ARGP_KEY_ARGS:
		set_sources(compare, state);
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "FIRST is missing: a capture of the kernel that handed over");
	default:
		return common_option(key, arg, state);
	}
}

static const struct argp compare_argp = {
	.options = options,
	.parser = compare_option,
	.args_doc = "FIRST [SECOND...]",
	.doc = "Tell whether the runtime map that FIRST's kernel handed over has reached "
	       "SECOND's unchanged. FIRST and SECOND are SOURCEs: / (the running system, the "
	       "default for SECOND), a directory that holds sys/ and proc/ of a machine, or a "
	       "snapshot. With more than two, each is held against the one before it.",
	.children = common_children,
};

/* The verdict on a hop of which a side could not be read is that of reading it. */
static int compare_unread(const struct side *side, struct efimap_comparison **ret_comparison)
{
	efimap_auto_comparison struct efimap_comparison *comparison =
		calloc(1, sizeof(*comparison));
	int ret = comparison ? efimap_report_new(&comparison->report) : -ENOMEM;

	if (ret == 0)
		ret = efimap_report_miss(comparison->report, side->unread->missed, "%s",
					 side->unread->reason);
	if (ret == 0)
		ret = efimap_report_conclude(comparison->report, EFIMAP_SUBJECT_NEXT, "");
	if (ret < 0)
		return ret;
	comparison->loaded_by = EFIMAP_LOADED_BY_UNKNOWN;
	*ret_comparison = efimap_steal(comparison);
	return 0;
}

static int judge(const struct compare *compare, const struct side *first,
		 const struct side *second, struct efimap_comparison **ret_comparison)
{
	if (!first->map || !second->map)
		return compare_unread(first->map ? second : first, ret_comparison);
	return efimap_compare(first->map, second->map, compare->common.fail_on, ret_comparison);
}

static void write_text(const struct compare *compare, const struct side *first,
		       const struct side *second, const struct efimap_comparison *comparison,
		       struct efimap_out *out)
{
	const struct efimap_text_options text = {
		.color = common_color(&compare->common),
		.width = common_line_width(),
		.verbose = compare->common.verbose,
		.notes = compare->common.verbose || compare->common.fail_on == EFIMAP_NOTE,
		.all = compare->common.fail_on != EFIMAP_ERROR,
	};
	int ret;

	if (compare->n_sources > 2) {
		efimap_out_safe(out, first->name);
		efimap_out_puts(out, " -> ");
		efimap_out_safe(out, second->name);
		efimap_out_putc(out, '\n');
	}
	ret = efimap_comparison_write_text(first->map, second->map, comparison, &text, out);
	if (ret < 0 && !out->error)
		out->error = ret;
	if (compare->n_sources > 2)
		efimap_out_putc(out, '\n');
}

/* An error of reading has been said already, and a text says the rest. */
static void say_reason(const struct compare *compare, const struct efimap_report *report)
{
	const bool is_in_text = !compare->common.json && !compare->common.quiet &&
				(efimap_report_is_judged(report) ||
				 report->missed == EFIMAP_MISSED_ALL);

	if (*report->reason && !is_in_text)
		say("%s", report->reason);
}

static enum status compare_hop(struct compare *compare, size_t hop, const struct side *first,
			       const struct side *second, struct efimap_out *out)
{
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;
	const bool was_read = first->map && second->map;
	int ret = judge(compare, first, second, &comparison);
	enum status status;

	if (ret < 0)
		return say_errno(second->name, ret);
	status = status_of_comparison(comparison);
	if (was_read)
		say_reason(compare, comparison->report);
	if (status == STATUS_FINDINGS && !compare->broken_at)
		compare->broken_at = hop;
	if (compare->common.json && !compare->common.quiet)
		efimap_comparison_write_json(first->name, second->name, comparison,
					     compare->n_sources > 2, out);
	else if (was_read && !compare->common.quiet)
		write_text(compare, first, second, comparison, out);
	return status;
}

static void write_chain(const struct compare *compare, enum status status,
			struct efimap_out *out)
{
	const size_t hop = compare->broken_at;

	if (compare->n_sources <= 2 || compare->common.json || compare->common.quiet)
		return;
	if (hop) {
		efimap_out_printf(out, "the promise broke at hop %zu of %zu: ", hop,
				  compare->n_sources - 1);
		efimap_out_safe(out, compare->sources[hop - 1]);
		efimap_out_puts(out, " -> ");
		efimap_out_safe(out, compare->sources[hop]);
		efimap_out_putc(out, '\n');
	} else if (status == STATUS_OK) {
		efimap_out_printf(out, "the same promise over %zu hops\n",
				  compare->n_sources - 1);
	}
}

static enum status compare_all(struct compare *compare, struct efimap_out *out)
{
	struct side sides[2] = { 0 };
	enum status status = STATUS_OK;
	int ret = side_read(compare->sources[0], &sides[0]);

	if (ret == 0 && sides[0].map)
		source_say_boot(sides[0].map);
	for (size_t i = 1; i < compare->n_sources && ret == 0 && !out->error; i++) {
		struct side *first = &sides[(i - 1) % 2], *second = &sides[i % 2];

		side_free(second);
		ret = side_read(compare->sources[i], second);
		if (ret < 0)
			break;
		if (second->map)
			source_say_boot(second->map);
		status = status_worse(status, compare_hop(compare, i, first, second, out));
	}
	side_free(&sides[0]);
	side_free(&sides[1]);
	if (ret < 0) {
		say("%s", strerror(-ret));
		return STATUS_UNREADABLE;
	}
	write_chain(compare, status, out);
	return status_worse(status, output_end(out));
}

static enum status compare_run(void *args)
{
	static char root[] = "/";
	struct compare *compare = args;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	char *with_running[] = { compare->sources[0], root };

	if (compare->n_sources == 1) {
		/* Until the end of this function. */
		compare->sources = with_running;
		compare->n_sources = 2;
	}
	return compare_all(compare, &out);
}

const struct command cmd_compare = {
	.name = "compare",
	.summary = "tell whether a runtime map reached the next kernel unchanged",
	.answers = "Did it get what the kernel before it handed over?",
	.argp = &compare_argp,
	.size = sizeof(struct compare),
	.run = compare_run,
};
