/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify over many sources: the options that name them, one after the other, and the
 * summary.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/many.h"
#include "cli/progress.h"
#include "format/summary.h"

enum {
	KEY_FILES_FROM = 0x200,
};

static const struct argp_option options[] = {
	{ "files-from", KEY_FILES_FROM, "FILE", 0,
	  "read names of further sources from FILE (-: standard input), one a line", 0 },
	{ "null", '0', NULL, 0,
	  "with --files-from: a zero byte ends a name, not a newline", 0 },
	{ 0 },
};

static error_t many_parse(int key, char *arg, struct argp_state *state)
{
	struct names *names = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		names->separator = '\n';
		return 0;
	case KEY_FILES_FROM:
		if (names->list)
			usage_error(state, "--files-from can be given once only");
		names->list = common_file(state, "the list of sources", arg);
		return 0;
	case '0':
		names->separator = '\0';
		return 0;
	case ARGP_KEY_END:
		if (names->separator == '\0' && !names->list)
			usage_error(state, "--null needs --files-from");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp many_argp = { .options = options, .parser = many_parse };

static const char *list_name(const struct names *names)
{
	return strcmp(names->list, "-") == 0 ? "standard input" : names->list;
}

static void say_bad_name(const struct names *names, const char *why)
{
	if (names->line)
		say("%s:%" PRIu64 ": %s", list_name(names), names->line, why);
	else
		say("%s", why);
}

/* One source that fails does not stop the others; a full disk does. */
static enum status judge_all(const struct verify *verify, struct names *names,
			     struct efimap_summary *summary, struct efimap_out *out)
{
	enum status status = STATUS_OK;
	const char *name;
	int ret = 1;

	while (!out->error && (ret = names_next(names, &name)) != 0) {
		enum status one = STATUS_UNREADABLE;

		if (ret > 0) {
			one = verify_source(verify, name, summary, out);
		} else if (ret == -EINVAL) {
			say_bad_name(names, name);
		} else {
			say("%s: %s", list_name(names), strerror(-ret));
			return status_worse(status, status_of_error(ret));
		}
		progress_step(one != STATUS_OK);
		status = status_worse(status, one);
	}
	return status;
}

static enum status end_with_summary(const struct verify *verify,
				    const struct efimap_summary *summary,
				    struct efimap_out *out)
{
	if (!verify->many || !summary->sources || verify->common.json || verify->common.quiet ||
	    out->error)
		return STATUS_OK;
	efimap_summary_write_text(summary, verify_shows_notes(verify),
				  common_color(&verify->common), out);
	return output_end(out);
}

static enum status run_opened(const struct verify *verify, struct names *names,
			      struct efimap_out *out)
{
	struct efimap_summary summary = { 0 };
	enum status status;

	if (verify->many && !verify->common.quiet && progress_is_possible())
		progress_begin(names_total(names));
	status = judge_all(verify, names, &summary, out);
	progress_end();
	if (!summary.sources && status == STATUS_OK) {
		say("%s: the list names no SOURCE", list_name(names));
		return STATUS_UNREADABLE;
	}
	return status_worse(status, end_with_summary(verify, &summary, out));
}

enum status many_run(const struct verify *verify, struct names *names,
		     struct efimap_out *out)
{
	enum status status;
	int ret = names_open(names);

	if (ret < 0) {
		say("%s: %s", list_name(names),
		    ret == -ENODEV ? "a device; expected a file or FIFO with names"
				   : strerror(-ret));
		status = status_of_error(ret);
	} else {
		status = run_opened(verify, names, out);
	}
	names_close(names);
	return status;
}
