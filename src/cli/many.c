/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify over many sources: the options that name them, one after the other in this
 * process, and the summary. Worker processes are in many_pool.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "cli/many.h"

/* Each takes two descriptors, and 1024 of them is what a process usually has. */
#define MAX_JOBS 256

enum {
	KEY_FILES_FROM = 0x200,
};

static const struct argp_option options[] = {
	{ "files-from", KEY_FILES_FROM, "FILE", 0,
	  "read names of further sources from FILE (-: standard input), one a line", 0 },
	{ "null", '0', NULL, 0, "with --files-from: a zero byte ends a name, not a newline", 0 },
	{ "jobs", 'j', "N", 0,
	  "judge N sources at a time, each in a process of its own; 0: one for each processor; "
	  "default: 1, in this process",
	  0 },
	{ 0 },
};

static void set_list(struct names *names, const struct argp_state *state, char *arg)
{
	if (names->list)
		usage_error(state, "--files-from can be given once only");
	names->list = common_file(state, "the list of sources", arg);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct many *many = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		many->names.separator = '\n';
		many->jobs = 1;
		return 0;
	case KEY_FILES_FROM:
		set_list(&many->names, state, arg);
		return 0;
	case '0':
		many->names.separator = '\0';
		return 0;
	case 'j':
		many->jobs = (unsigned int)common_number(state, "jobs", arg, 0, MAX_JOBS);
		return 0;
	case ARGP_KEY_END:
		if (many->names.separator == '\0' && !many->names.list)
			usage_error(state, "--null needs --files-from");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp many_argp = { .options = options, .parser = parse };

static const char *list_name(const struct many *many)
{
	return strcmp(many->names.list, "-") == 0 ? "standard input" : many->names.list;
}

void many_count(struct many *many, const struct outcome *outcome)
{
	many->status = status_worse(many->status, outcome->status);
	efimap_summary_add(&many->summary, outcome->verdict, &outcome->seen);
	progress_step(&many->progress, outcome->status != STATUS_OK);
}

void many_say_bad(struct many *many, const char *why)
{
	progress_hide(&many->progress);
	if (many->names.line)
		say("%s:%" PRIu64 ": %s", list_name(many), many->names.line, why);
	else
		say("%s", why);
	progress_step(&many->progress, true);
	many->status = status_worse(many->status, STATUS_UNREADABLE);
}

void many_fill(struct many *many)
{
	int ret = names_fill(&many->names);

	if (ret == 0)
		return;
	progress_hide(&many->progress);
	say("%s: %s", list_name(many), strerror(-ret));
	many->status = status_worse(many->status, status_of_error(ret));
}

/* One source that fails does not stop the others; a full disk does. */
static void run_here(struct many *many)
{
	struct outcome outcome;
	const char *name;

	while (!many->out->error) {
		switch (names_next(&many->names, &name)) {
		case NAMES_NAME:
			verify_source(many->verify, name, many->out, &outcome);
			many_count(many, &outcome);
			break;
		case NAMES_BAD:
			many_say_bad(many, name);
			break;
		case NAMES_MORE:
			names_wait(&many->names);
			many_fill(many);
			break;
		case NAMES_END:
			return;
		}
	}
}

static unsigned int processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	return (unsigned int)CPU_COUNT(&set) < MAX_JOBS ? (unsigned int)CPU_COUNT(&set) :
							  MAX_JOBS;
}

static enum status end(struct many *many)
{
	const struct verify *verify = many->verify;

	if (!many->summary.sources && many->status == STATUS_OK) {
		say("%s: the list names no SOURCE", list_name(many));
		return STATUS_UNREADABLE;
	}
	if (verify->many && many->summary.sources && !verify->json &&
	    !verify->common.quiet && !many->out->error) {
		efimap_summary_write_text(&many->summary, verify_shows_notes(verify),
					  common_color(&verify->common), many->out);
		many->status = status_worse(many->status, output_end(many->out));
	}
	return many->status;
}

enum status many_run(struct many *many)
{
	const struct verify *verify = many->verify;
	const bool shows = verify->many && !verify->common.quiet && progress_is_possible();
	const unsigned int jobs = many->jobs ? many->jobs : processors();
	int ret = names_open(&many->names);

	many->shares_screen = isatty(STDOUT_FILENO);
	if (ret == 0) {
		progress_begin(&many->progress, shows,
			       shows ? names_total(&many->names) : 0);
		/* The line must go when we are interrupted: a worker may be, we may not. */
		/* What is recorded must come together in one process. */
		if (verify->many && (jobs > 1 || shows) && !baseline_records(verify->baseline))
			ret = many_run_pool(many, jobs);
		else
			run_here(many);
		if (ret < 0)
			say("worker processes: %s", strerror(-ret));
	} else {
		say("%s: %s", list_name(many),
		    ret == -ENODEV ? "a device; expected a file or FIFO with names" :
				     strerror(-ret));
	}
	names_close(&many->names);
	return ret < 0 ? status_worse(many->status, status_of_error(ret)) : end(many);
}
