/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl verify" checks whether kexec and kdump will work with EFI. */
#include <string.h>
#include <unistd.h>

#include "answer/verify.h"
#include "base/text_scan.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "document/result_json.h"
#include "input/read_source.h"
#include "rules/check_capture.h"
#include "show/fleet.h"
#include "show/form_output.h"
#include "show/machine_line.h"
#include "show/report_output.h"
#include "show/text_style.h"

/*
 * struct verify - the options of verify
 * @asked:  EFIMAP_QUESTION_BIT() of each operand of --for
 * @many:   set if there are several SOURCEs; text output is a table, and each JSON document is on
 *          one line
 * @n_told: number of messages about SOURCEs
 */
struct verify {
	struct common common;
	struct verify_options options;
	uint32_t asked;
	bool many;
	size_t n_told;
};

/* Maximum number of messages about several SOURCEs without -v. */
#define MAX_TOLD 10

static void write_text(const struct verify *verify, const char *source, const struct efimap *map,
		       const struct report *report, struct out *out)
{
	struct text_options text = common_text(&verify->common);
	const bool is_live = map->origin == EFIMAP_ORIGIN_LIVE;
	/* The last part of a path that ends with a slash is empty. */
	const char *name = *last_part(source) ? last_part(source) : source;
	char host[HOST_NAME_MAX + 1] = "";
	bool needs_hint;

	text.notes = verify->common.verbose;
	if (is_live)
		gethostname(host, sizeof(host) - 1);
	needs_hint = report_write_forms(report, &text, out);
	log_line_write(map, source, &text, out);
	machine_line_write(map, report, is_live ? host : name, &text, out);
	if (text.verbose)
		report_text_detail(report, &text, out);
	else if (needs_hint)
		form_write_hint("About a word or a [rule]: efimapctl explain WORD", &text, out);
}

static bool is_excused(const struct verify *verify, const struct report *report)
{
	return verify->common.if_efi && report->missed == EFIMAP_VERDICT_NOT_APPLICABLE;
}

/* Return whether to print the next message about a SOURCE. */
static bool may_tell(struct verify *verify)
{
	return verify->n_told++ < MAX_TOLD || !verify->many || verify->common.verbose;
}

/* Print why a part of a source could not be read if no output on the screen contains it. */
static void print_unread(struct verify *verify, const char *source, const struct report *report)
{
	if (report_is_unread(report) &&
	    (verify->common.quiet || verify->common.json || verify->many ||
	     report_is_partial(report)) &&
	    may_tell(verify))
		put_message("%s: %s", source, reason_of_report(report));
}

static enum status verify_source(struct verify *verify, const char *source, struct fleet *fleet,
				 struct out *out)
{
	const struct common *common = &verify->common;
	auto_map struct efimap *map = NULL;
	auto_report struct report *report = NULL;
	struct err err = EFIMAP_ERR_INIT;
	enum status status;
	int ret = read_source(source, common->boot, "verify", &map, &err);

	report = ret < 0 ? source_report_error(ret, &err) : verify_capture(map, &verify->options);
	status = is_excused(verify, report) ? STATUS_OK : status_of_verdict(report_verdict(report));
	if (verify->many)
		fleet_add(fleet, source, report,
			  status != STATUS_OK || report_verdict(report) == EFIMAP_VERDICT_WARN);
	status = status_of_fail_on(status, report, &common->fail_on);
	/* If reading failed, the reason already names the source. */
	if (map)
		print_unread(verify, source, report);
	else if (may_tell(verify))
		put_message("%s", reason_of_report(report));
	if (common->json && !common->quiet)
		report_write_json(report, source, verify->many || common->lines, out);
	else if (map && !common->quiet && !verify->many)
		write_text(verify, source, map, report, out);
	if (map && !verify->many)
		source_report_boot(common, map);
	return combine_status(status, output_end(out));
}

static void check(void *input, const struct argp_state *state)
{
	static char root[] = "/";
	static char *running_system[] = { root };
	struct verify *verify = input;
	struct common *common = &verify->common;
	struct verify_options *given = &verify->options;

	if (!common->n_operands) {
		common->operands = running_system;
		common->n_operands = 1;
	}
	verify->many = common->n_operands > 1;
	verify->options.loaders = common->loaders;
	if (given->only_configured && verify->asked & EFIMAP_QUESTION_BIT(EFIMAP_QUESTION_KEXEC))
		usage_error(state,
			    "--configured is about kdump, and cannot be used with --for=kexec");
	if (given->only_configured)
		given->not_asked = ~EFIMAP_QUESTION_BIT(EFIMAP_QUESTION_KDUMP);
	if ((given->mem_min || given->mem_max) &&
	    common->loaders == EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL))
		usage_error(state, "--mem-min and --mem-max cannot be used with "
				   "--loader=kexec-file-load");
	if (given->mem_max && given->mem_min > given->mem_max)
		usage_error(state, "--mem-min is above --mem-max");
}

static const char *const questions[] = {
	[EFIMAP_QUESTION_KEXEC] = "kexec",
	[EFIMAP_QUESTION_KDUMP] = "kdump",
	NULL,
};

static void take_question(void *input, const struct argp_state *state, const char *operand)
{
	struct verify *verify = input;

	verify->asked |= EFIMAP_QUESTION_BIT(common_choice(state, "for", operand, questions));
	verify->options.not_asked = ~verify->asked;
}

static const struct range limit_range = { 1, UINT64_MAX };

static const struct command_option options[] = {
	OPTION_JSON_LINES("SOURCE"),
	OPTION_REDIRECT,
	{ "fail-on", 0, "WORD,...",
	  "exit with 1 only for answers with these words; map stands for the map",
	  .take = take_fail_on, .words = fail_on_words, .group = GROUP_STATUS },
	{ "for", 0, "QUESTION", "answer only kexec or kdump; can be repeated",
	  .take = take_question, .words = questions },
	{ "kernel", 0, "IMAGE",
	  "kernel to load; can be repeated; default: the running kernel, the newest kernel and "
	  "the configured crash kernel",
	  .take = take_kernel },
	{ "configured", 0, NULL,
	  "answer for the load of a crash kernel that the kdump service does next",
	  FLAG_AT(verify, options.only_configured) },
	{ "initrd", 0, "FILE", "initrd that is loaded with the kernel",
	  NAME_AT(common, given.initrd, "the initrd") },
	OPTION_LOADER("kexec-load or kexec-file-load; default: the loader that the "
		      "installed tools use"),
	{ "mem-min", 0, "ADDR", "lowest address that kexec_load may use",
	  NUMBER_AT(verify, options.mem_min, &address_range) },
	{ "mem-max", 0, "ADDR", "highest address that kexec_load may use",
	  NUMBER_AT(verify, options.mem_max, &limit_range) },
	{ "kexec-log", 0, "FILE", "output of kexec -d with the segments of the load",
	  NAME_AT(common, given.kexec_log, "the log") },
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

static enum status verify_run(void *input)
{
	struct verify *verify = input;
	const struct common *common = &verify->common;
	auto_out struct out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	struct given_files files = { .n_kernels = 0 };
	struct fleet fleet = { .not_asked = verify->options.not_asked };
	struct err err = EFIMAP_ERR_INIT;
	int ret = read_given_files(common->given, &files, &err);
	/* Progress must not be mixed with documents on the same terminal. */
	const bool shows_progress = !common->quiet && !(common->json && isatty(STDOUT_FILENO));
	enum status status = STATUS_OK;

	if (ret)
		return report_error(ret, "verify", &err);
	verify->options.kernels = files.kernels;
	verify->options.n_kernels = files.n_kernels;
	verify->options.has_initrd_size = files.initrd != NULL;
	verify->options.initrd_size = files.initrd_size;
	verify->options.unpacked = files.unpacked;
	if (files.segments.count || files.segments.failed[0])
		verify->options.segments = &files.segments;
	if (common->given.kexec_log && !verify->options.segments)
		put_message("%s: contains no segments, so the segments are computed; for "
			    "kexec_file_load, use the output of dmesg",
			    common->given.kexec_log);
	/* A write error such as a full disk stops the run, but a read error does not. */
	for (size_t i = 0; i < common->n_operands && !out.error; i++) {
		status = combine_status(status,
					verify_source(verify, common->operands[i], &fleet, &out));
		if (shows_progress)
			put_progress(i + 1, common->n_operands);
	}
	if (verify->many && !common->verbose && verify->n_told > MAX_TOLD)
		put_message("%zu more messages about sources with -v", verify->n_told - MAX_TOLD);
	if (verify->many && !common->json && !common->quiet && !out.error) {
		const struct text_options text = common_text(common);

		fleet_write_text(&fleet, &text, &out);
		status = combine_status(status, output_end(&out));
	}
	fleet_free(&fleet);
	return status;
}

const struct command cmd_verify = {
	.name = "verify",
	.summary = "check whether kexec and kdump will work with EFI",
	.quiet = "only set the exit status",
	.verbose = "add notes, evidence and all that was not read",
	.options = options,
	.operands = OPERANDS_SOURCES,
	.args_doc = "[SOURCE...]",
	.doc = "Answer two questions: will the next kernel boot with EFI after kexec, and would "
	       "a panic leave a dump? " SOURCE_IS,
	.size = sizeof(struct verify),
	.check = check,
	.run = verify_run,
};
