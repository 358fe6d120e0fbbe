/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify in a lean build: one SOURCE, without baselines, monitoring plugins, and what a
 * loader said. Options that are here are those of cmd_verify.c, and mean the same.
 */
#include <unistd.h>

#include "check/verify.h"
#include "cli/cli.h"
#include "cli/rules.h"
#include "format/format.h"
#include "read/read.h"

enum {
	KEY_FAIL_ON = 0x100,
	KEY_ONLY,
	KEY_SKIP,
	KEY_IF_EFI,
};

struct arguments {
	struct common common;
	struct efimap_verify_options options;
	const char *source;
	bool json;
	bool if_efi;
	bool only[EFIMAP_RULE_COUNT];
	bool skip[EFIMAP_RULE_COUNT];
	bool has_only;
	unsigned int timeout;
};

static const struct argp_option options[] = {
	{ "json", 'J', NULL, 0, "write a JSON document", 0 },
	{ "fail-on", KEY_FAIL_ON, "SEVERITY", 0,
	  "status 1 from this severity on: error (the default), warning or note", 0 },
	{ "only", KEY_ONLY, "ID,...", 0, "run these rules only", 0 },
	{ "skip", KEY_SKIP, "ID,...", 0, "leave these rules out", 0 },
	{ "if-efi", KEY_IF_EFI, NULL, 0, "status 0 instead of 4 when EFI was not booted", 0 },
	{ "timeout", 't', "SECONDS", 0, "give up after SECONDS, with status 3", 0 },
	{ 0 },
};

static error_t parse_operand(struct arguments *args, int key, char *arg,
			     struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			usage_error(state, "a lean build takes one SOURCE");
		args->source = common_file(state, "SOURCE", arg);
		return 0;
	case ARGP_KEY_END:
		for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
			args->options.disabled[i] =
				args->skip[i] || (args->has_only && !args->only[i]);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'J':
		args->json = true;
		return 0;
	case KEY_FAIL_ON:
		args->options.fail_on = rules_severity(state, arg);
		return 0;
	case KEY_ONLY:
		rules_mark(state, arg, args->only);
		args->has_only = true;
		return 0;
	case KEY_SKIP:
		rules_mark(state, arg, args->skip);
		return 0;
	case KEY_IF_EFI:
		args->if_efi = true;
		return 0;
	case 't':
		args->timeout = deadline_parse(state, arg);
		return 0;
	default:
		return parse_operand(args, key, arg, state);
	}
}

static const struct argp verify_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SOURCE]",
	.doc = "Run the rules over a runtime map. SOURCE is / (the running system, the "
	       "default), or a directory that holds sys/ and proc/ of a machine.",
	.children = common_children,
};

static bool writes_text(const struct arguments *args, const struct efimap_report *report)
{
	return !args->common.quiet && !args->json &&
	       (efimap_report_is_judged(report) || status_is_excused(report, args->if_efi));
}

static void write_report(const struct arguments *args, const struct efimap_report *report,
			 struct efimap_out *out)
{
	const struct efimap_text_options text = {
		.color = common_color(&args->common),
		.verbose = args->common.verbose,
		.notes = true,
	};

	if (args->json && !args->common.quiet)
		efimap_report_write_json(args->source, report, false, out);
	else if (writes_text(args, report))
		efimap_report_write_text(report, &text, out);
}

/* As verify.c has it: a reason is for standard error, whatever the form of the report. */
static enum status tell(const struct arguments *args, const struct efimap *map,
			const struct efimap_report *report)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	enum status status = status_of_report(report, args->if_efi);

	if (*report->reason && status != STATUS_OK &&
	    (report->is_unknown || !writes_text(args, report)) &&
	    !(args->common.quiet && status == STATUS_NOT_APPLICABLE))
		say("%s: %s", args->source, report->reason);
	write_report(args, report, &out);
	status = status_worse(status, output_end(&out));
	return source_say_faults(map, FAULT_SHOWN, FAULT_BESIDE) > 0 ?
		       status_worse(status, STATUS_UNREADABLE) :
		       status;
}

static enum status work(void *input)
{
	const struct arguments *args = input;
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	enum status status = source_read(args->source, &map);
	int ret;

	if (status != STATUS_OK)
		return status;
	ret = efimap_verify(map, &args->options, &report);
	if (ret < 0)
		return say_errno(args->source, ret);
	return tell(args, map, report);
}

static enum status run(int argc, char **argv, const struct common *common)
{
	struct arguments args = {
		.common = *common,
		.source = "/",
		.options = EFIMAP_VERIFY_OPTIONS_INIT,
	};

	common_parse(&verify_argp, argc, argv, 0, NULL, &args);
	return deadline_run(args.timeout, work, &args);
}

const struct command cmd_verify = {
	.name = "verify",
	.summary = "run the rules over a runtime map",
	.run = run,
};
