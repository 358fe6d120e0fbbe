/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl verify: run the rules over one or many captures. It decides nothing itself:
 * a report's verdict becomes a status, the highest of several wins.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <efimap/format.h>
#include <efimap/read.h>
#include <efimap/verify.h>

#include "cli.h"
#include "rules.h"

enum {
	KEY_FAIL_ON = 0x100,
	KEY_ONLY,
	KEY_SKIP,
	KEY_EXPECT,
	KEY_IF_EFI,
	KEY_KERNEL,
	KEY_KEXEC_LOG,
};

struct verify {
	struct common common;
	struct efimap_verify_options options;
	bool only[EFIMAP_RULE_COUNT];
	bool skip[EFIMAP_RULE_COUNT];
	bool has_only;
	bool json;
	bool if_efi;
	const char *kernel;
	const char *kexec_log;
	struct efimap_image image;
	struct efimap_segments segments;
	char **sources;
	size_t n_sources;
};

static const struct argp_option options[] = {
	{ "json", 'J', NULL, 0, "write a JSON document; one line each for several sources", 0 },
	{ "fail-on", KEY_FAIL_ON, "SEVERITY", 0,
	  "status 1 from this severity on: error (the default), warning or note", 0 },
	{ "only", KEY_ONLY, "ID,...", 0, "run these rules only", 0 },
	{ "skip", KEY_SKIP, "ID,...", 0, "leave these rules out", 0 },
	{ "expect", KEY_EXPECT, "LAYOUT", 0,
	  "what the map should be: auto (what Linux makes of this firmware, the default), "
	  "identity or virtual", 0 },
	{ "kernel", KEY_KERNEL, "BZIMAGE", 0,
	  "the kernel that kexec is to load: does kexec-tools pass EFI to it?", 0 },
	{ "kexec-log", KEY_KEXEC_LOG, "FILE", 0,
	  "output of kexec -d: does a segment land on what the firmware needs?", 0 },
	{ "if-efi", KEY_IF_EFI, NULL, 0, "status 0 instead of 4 when EFI was not booted", 0 },
	{ 0 },
};

static void set_expect(struct verify *verify, struct argp_state *state, const char *arg)
{
	static const char *const names[] = {
		[EFIMAP_EXPECT_AUTO] = "auto",
		[EFIMAP_EXPECT_IDENTITY] = "identity",
		[EFIMAP_EXPECT_VIRTUAL] = "virtual",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(arg, names[i]) == 0) {
			verify->options.expect = (enum efimap_expect)i;
			return;
		}
	}
	usage_error(state, "--expect=%s: expected auto, identity or virtual", arg);
}

static void choose_rules(struct verify *verify)
{
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		verify->options.disabled[i] =
			verify->skip[i] || (verify->has_only && !verify->only[i]);
}

static void set_sources(struct verify *verify, const struct argp_state *state)
{
	verify->sources = state->argv + state->next;
	verify->n_sources = (size_t)(state->argc - state->next);
	for (size_t i = 0; i < verify->n_sources; i++)
		common_file(state, "a SOURCE", verify->sources[i]);
}

static error_t parse_operand(struct verify *verify, int key, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &verify->common;
		return 0;
	case ARGP_KEY_ARGS:
		set_sources(verify, state);
		return 0;
	case ARGP_KEY_END:
		choose_rules(verify);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct verify *verify = state->input;

	switch (key) {
	case 'J':
		verify->json = true;
		return 0;
	case KEY_FAIL_ON:
		verify->options.fail_on = rules_severity(state, arg);
		return 0;
	case KEY_ONLY:
		rules_mark(state, arg, verify->only);
		verify->has_only = true;
		return 0;
	case KEY_SKIP:
		rules_mark(state, arg, verify->skip);
		return 0;
	case KEY_EXPECT:
		set_expect(verify, state, arg);
		return 0;
	case KEY_KERNEL:
		verify->kernel = common_file(state, "the kernel", arg);
		return 0;
	case KEY_KEXEC_LOG:
		verify->kexec_log = common_file(state, "the log", arg);
		return 0;
	case KEY_IF_EFI:
		verify->if_efi = true;
		return 0;
	default:
		return parse_operand(verify, key, state);
	}
}

static const struct argp_child children[] = {
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp verify_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SOURCE...]",
	.doc = "Run the rules over one or many runtime maps. SOURCE is / (the running system, "
	       "the default), a directory that holds sys/ and proc/ of a machine, a snapshot, "
	       "or - (standard input).",
	.children = children,
};

static int judge(const struct verify *verify, const char *source, struct efimap **ret_map,
		 struct efimap_report **ret_report)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_read(source, ret_map, &err);

	if (ret < 0)
		return source_report_error(ret, &err, ret_report);
	return efimap_verify(*ret_map, &verify->options, ret_report);
}

static bool has_findings(const struct efimap_report *report)
{
	return report->verdict == EFIMAP_VERDICT_PASS ||
	       report->verdict == EFIMAP_VERDICT_FAIL;
}

static void write_report(const struct verify *verify, const char *source,
			 const struct efimap_report *report, struct efimap_out *out)
{
	struct efimap_text_options text = {
		.color = common_color(&verify->common),
		.verbose = verify->common.verbose,
		.notes = true,
		.source = verify->n_sources > 1 ? source : NULL,
	};

	if (verify->common.quiet)
		return;
	if (verify->json)
		efimap_report_write_json(source, report, verify->n_sources > 1, out);
	else if (has_findings(report) ||
		 (verify->if_efi && report->verdict == EFIMAP_VERDICT_NOT_APPLICABLE))
		efimap_report_write_text(report, &text, out);
}

/* What stands in the way is said on standard error, whatever the form of the report. */
static void say_reason(const struct verify *verify, const struct efimap *map,
		       const char *source, const struct efimap_report *report)
{
	if (report->verdict == EFIMAP_VERDICT_NOT_APPLICABLE) {
		if (!verify->common.quiet && !verify->if_efi)
			say("%s: %s", source, report->reason);
	} else if (map && !has_findings(report)) {
		say("%s: %s", source, report->reason);
	} else if (!map) {
		/* An error of reading names the source itself. */
		say("%s", report->reason);
	}
}

static enum status say_around(const struct verify *verify, const struct efimap *map)
{
	if (!map)
		return STATUS_OK;
	if (!verify->common.quiet)
		source_say_hidden(map);
	return source_say_faults(map, FAULT_SHOWN, FAULT_BESIDE) > 0 ? STATUS_UNREADABLE :
								       STATUS_OK;
}

static enum status verify_one(const struct verify *verify, const char *source,
			      struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	enum status status;
	int ret = judge(verify, source, &map, &report);

	if (ret < 0) {
		say("%s: %s", source, strerror(-ret));
		return STATUS_UNREADABLE;
	}
	say_reason(verify, map, source, report);
	write_report(verify, source, report, out);
	status = status_of_verdict(report->verdict);
	if (status == STATUS_NOT_APPLICABLE && verify->if_efi)
		status = STATUS_OK;
	status = status_worse(status, output_end(out));
	return status_worse(status, say_around(verify, map));
}

/* What lies beside the captures; without it the rules that need it are silent. */
static enum status read_beside(struct verify *verify)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = 0;

	if (verify->kernel) {
		ret = efimap_bzimage_read(verify->kernel, &verify->image, &err);
		verify->options.image = &verify->image;
	}
	if (ret == 0 && verify->kexec_log) {
		ret = efimap_kexec_log_read(verify->kexec_log, &verify->segments, &err);
		verify->options.segments = &verify->segments;
	}
	if (ret < 0)
		say_error(&err);
	return status_of_error(ret);
}

static enum status run(int argc, char **argv, const struct common *common)
{
	static char root[] = "/";
	static char *running_system[] = { root };
	struct verify verify = {
		.common = *common,
		.options = EFIMAP_VERIFY_OPTIONS_INIT,
		.sources = running_system,
		.n_sources = 1,
	};
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	enum status status = STATUS_OK;

	argp_parse(&verify_argp, argc, argv, 0, NULL, &verify);
	status = read_beside(&verify);
	if (status != STATUS_OK)
		return status;
	/* One source that fails does not stop the others; a full disk does. */
	for (size_t i = 0; i < verify.n_sources && !out.error; i++)
		status = status_worse(status, verify_one(&verify, verify.sources[i], &out));
	return status;
}

const struct command cmd_verify = {
	.name = "verify",
	.summary = "run the rules over runtime maps",
	.run = run,
};
