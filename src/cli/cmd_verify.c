/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl verify: each SOURCE is read and judged, one after the other, its report written and
 * a status made of it; the highest of several wins, and there is a summary of them.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/verify.h"
#include "format/format.h"
#include "read/read.h"

/* --- one SOURCE --- */

/* The report on one SOURCE; without a map on one that cannot be read. */
static int judge(struct verify *verify, const char *source, struct efimap **ret_map,
		 struct efimap_report **ret_report)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_read(source, ret_map, &err);

	if (ret < 0)
		return source_report_error(ret, &err, ret_report);
	ret = efimap_verify(*ret_map, &verify->options, ret_report);
	return ret ? ret
		   : baseline_judge(verify, source, *ret_map, *ret_report);
}

/* Are notes told, or only counted? */
static bool shows_notes(const struct verify *verify)
{
	return !verify->many || verify->common.verbose ||
	       verify->options.fail_on == EFIMAP_NOTE;
}

static bool writes_text(const struct verify *verify)
{
	return !verify->common.quiet && !verify->common.json;
}

static void write_text(const struct verify *verify, const char *source,
		       const struct efimap_report *report, struct efimap_out *out)
{
	struct efimap_text_options text = common_text(&verify->common);

	text.notes = shows_notes(verify);
	text.all = verify->options.fail_on != EFIMAP_ERROR;
	text.source = verify->many ? source : NULL;
	report_text_answer(report, &text, out);
	if (efimap_report_is_judged(report))
		efimap_report_write_text(report, &text, out);
}

static void write_report(const struct verify *verify, const char *source,
			 const struct efimap *map, const struct efimap_report *report,
			 struct efimap_out *out)
{
	progress_make_room(STDOUT_FILENO);
	if (verify->common.quiet)
		return;
	switch (verify->format) {
	case VERIFY_TEXT:
		write_text(verify, source, report, out);
		break;
	case VERIFY_JSON:
	case VERIFY_NDJSON:
		efimap_report_write_json(source, report,
					 verify->many || verify->format == VERIFY_NDJSON, out);
		break;
	case VERIFY_GCC:
		efimap_report_write_gcc(source, map, report, out);
		break;
	case VERIFY_SARIF:
		efimap_report_write_sarif(source, map, report, out);
		break;
	}
}

/* What stands in the way is said on standard error, unless the answer is all that is due. */
static void say_reason(const struct verify *verify, const char *source,
		       const struct efimap_report *report)
{
	if (report->missed == EFIMAP_MISSED_ALL || efimap_report_is_unknown(report)) {
		if (verify->common.json && !verify->common.quiet &&
		    !status_is_excused(report, verify->common.if_efi))
			say("%s: %s", source, efimap_reason_of(report));
	} else if (*efimap_reason_of(report) &&
		   !(writes_text(verify) && efimap_report_is_judged(report))) {
		say("%s: %s", source, efimap_reason_of(report));
	}
}

static enum status tell(const struct verify *verify, const char *source,
			const struct efimap *map, const struct efimap_report *report,
			struct efimap_out *out)
{
	enum status status = status_of_report(report, verify->common.if_efi);

	/* An error of reading names the source itself, and is all there is in words. */
	if (map)
		say_reason(verify, source, report);
	else
		say("%s", efimap_reason_of(report));
	if (map || verify->common.json)
		write_report(verify, source, map, report, out);
	if (map && !verify->common.quiet)
		source_say_boot(map);
	return status_worse(status, output_end(out));
}

static enum status judge_source(struct verify *verify, const char *source,
				struct efimap_summary *summary, struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	int ret = judge(verify, source, &map, &report);

	efimap_summary_add(summary, ret < 0 ? NULL : report);
	summary->by_kexec += map && efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC;
	return ret < 0 ? say_errno(source, ret) : tell(verify, source, map, report, out);
}

/* --- all of them --- */

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
static enum status judge_all(struct verify *verify, struct names *names,
			     struct efimap_summary *summary, struct efimap_out *out)
{
	enum status status = STATUS_OK;
	const char *name;
	int ret = 1;

	while (!out->error && (ret = names_next(names, &name)) != 0) {
		enum status one = STATUS_UNREADABLE;

		if (ret > 0) {
			one = judge_source(verify, name, summary, out);
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
	efimap_summary_write_text(summary, shows_notes(verify),
				  common_color(&verify->common), out);
	return output_end(out);
}

static enum status run_opened(struct verify *verify, struct names *names,
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

static enum status judge_sources(struct verify *verify, struct names *names, struct efimap_out *out)
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

/* --- the command --- */

static void choose_rules(struct verify *verify)
{
	verify->options.fail_on = verify->common.fail_on;
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		verify->options.disabled[i] =
			verify->skip[i] || (verify->has_only && !verify->only[i]);
}

/* An empty list is not the running system. */
static void finish_sources(struct verify *verify)
{
	static char root[] = "/";
	static char *const running_system[] = { root };
	struct names *names = &verify->names;

	names->operands = verify->common.operands;
	names->n_operands = verify->common.n_operands;
	verify->many = names->list || names->n_operands > 1;
	if (names->list || names->n_operands)
		return;
	names->operands = running_system;
	names->n_operands = 1;
}

/* They say how a kernel is loaded that must be named. */
static void check_load(const struct verify *verify, const struct argp_state *state)
{
	const struct efimap_verify_options *given = &verify->options;

	if (!verify->kernel && (given->loaders || given->mem_min || given->mem_max))
		usage_error(state, "--loader, --mem-min and --mem-max go with --kernel");
	if ((given->mem_min || given->mem_max) &&
	    given->loaders == EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL))
		usage_error(state, "kexec_file_load (--loader=kernel) knows no --mem-min and "
				   "--mem-max");
	if (given->mem_max && given->mem_min > given->mem_max)
		usage_error(state, "--mem-min is above --mem-max");
}

/* A plugin has one answer, and a log of SARIF is one document. */
static void check_single(const struct verify *verify, const struct argp_state *state)
{
	const struct names *names = &verify->names;

	if (names->ends_in_zero && !names->list)
		usage_error(state, "--null needs --files-from");
	if (verify->is_plugin && (verify->common.json || verify->baseline.write_name))
		usage_error(state, "--nagios excludes --json and --write-baseline");
	if (verify->is_plugin && verify->many)
		usage_error(state, "--nagios takes one SOURCE");
	if (verify->format == VERIFY_SARIF && verify->many)
		usage_error(state, "--format=sarif takes one SOURCE");
}

static void check(void *input, const struct argp_state *state)
{
	struct verify *verify = input;

	finish_sources(verify);
	choose_rules(verify);
	baseline_check(&verify->baseline, state);
	check_load(verify, state);
	check_single(verify, state);
}

static void take_verify_format(void *input, const struct argp_state *state, const char *operand)
{
	static const char *const words[] = {
		[VERIFY_TEXT] = "text",	    [VERIFY_JSON] = "json",   [VERIFY_NDJSON] = "ndjson",
		[VERIFY_GCC] = "gcc", [VERIFY_SARIF] = "sarif", NULL,
	};
	struct verify *verify = input;

	verify->format = (enum verify_format)common_choice(state, "format", operand, words);
	verify->common.json = verify->format != VERIFY_TEXT;
}

static void take_only(void *input, const struct argp_state *state, const char *operand)
{
	struct verify *verify = input;

	rules_mark(state, operand, verify->only);
	verify->has_only = true;
}

static void take_skip(void *input, const struct argp_state *state, const char *operand)
{
	struct verify *verify = input;

	rules_mark(state, operand, verify->skip);
}

static void take_list(void *input, const struct argp_state *state, const char *operand)
{
	struct verify *verify = input;

	if (verify->names.list)
		usage_error(state, "--files-from can be given once only");
	if (!*operand)
		usage_error(state, "the name of the list of sources is empty");
	verify->names.list = operand;
}

static const char *const layouts[] = {
	[EFIMAP_EXPECT_AUTO] = "auto",
	[EFIMAP_EXPECT_IDENTITY] = "identity",
	[EFIMAP_EXPECT_VIRTUAL] = "virtual",
	NULL,
};
static const char *const identities[] = {
	[EFIMAP_BASELINE_BY_AUTO] = "auto",
	[EFIMAP_BASELINE_BY_DMI] = "dmi",
	[EFIMAP_BASELINE_BY_FINGERPRINT] = "fingerprint",
	NULL,
};
/* Which of them it is is a set of EFIMAP_LOADER_BIT(). */
static const char *const loaders[] = {
	"",
	[EFIMAP_LOADER_BIT(EFIMAP_LOADER_KEXEC_TOOLS)] = "kexec-tools",
	[EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL)] = "kernel",
	NULL,
};
static const struct range address_range = { 0, UINT64_MAX }, limit_range = { 1, UINT64_MAX };

static const struct command_option options[] = {
	{ "json", 'J', NULL, "write a JSON document; one line each for several sources",
	  .take = take_verify_format, .given = "json" },
	OPTION_FORMAT("text (the default), json, ndjson (one line), gcc (FILE:LINE: SEVERITY: "
		      "MESSAGE, for editors) or sarif (SARIF 2.1.0, for CI; of one SOURCE)",
		      take_verify_format),
	OPTION_FAIL_ON("status 1 from this severity on: error (the default), warning or note"),
	{ "only", 0, "ID,...", "run these rules only", .take = take_only },
	{ "skip", 0, "ID,...", "leave these rules out", .take = take_skip },
	{ "expect", 0, "LAYOUT",
	  "what the map should be: auto (what Linux makes of this firmware, the default), "
	  "identity or virtual", CHOICE_AT(verify, options.expect, layouts) },
	{ "kernel", 0, "BZIMAGE",
	  "the kernel that kexec is to load: does kexec-tools pass EFI to it, and will it "
	  "overwrite what it needs?", NAME_AT(verify, kernel, "the kernel") },
	{ "loader", 0, "LOADER",
	  "with --kernel: who loads it, kexec-tools (kexec_load) or kernel (kexec_file_load); "
	  "default: both are tried", CHOICE_AT(verify, options.loaders, loaders) },
	{ "mem-min", 0, "ADDR", "with --kernel: that of kexec -c",
	  NUMBER_AT(verify, options.mem_min, &address_range) },
	{ "mem-max", 0, "ADDR", "with --kernel: that of kexec -c",
	  NUMBER_AT(verify, options.mem_max, &limit_range) },
	{ "kexec-log", 0, "FILE", "output of kexec -d: does a segment land on what the firmware "
	  "needs?", NAME_AT(verify, kexec_log, "the log") },
	OPTION_IF_EFI,
	OPTION_TIMEOUT('t'),
	{ "nagios", 0, NULL, "answer as a plugin for Nagios or Icinga, also in its exit status",
	  FLAG_AT(verify, is_plugin) },
	{ "files-from", 0, "FILE",
	  "read names of further sources from FILE (-: standard input), one a line",
	  .take = take_list },
	{ "null", '0', NULL, "with --files-from: a zero byte ends a name, not a newline",
	  FLAG_AT(verify, names.ends_in_zero) },
	{ "baseline", 0, "FILE", "findings that FILE accepts for this machine do not count",
	  NAME_AT(verify, baseline.read_name, "the baseline") },
	{ "write-baseline", 0, "FILE",
	  "accept all findings: write them to FILE, which keeps other machines",
	  NAME_AT(verify, baseline.write_name, "the baseline") },
	{ "baseline-match", 0, "HOW",
	  "what --write-baseline tells machines apart by: dmi (vendor, product and BIOS "
	  "version), fingerprint (of the map) or auto (dmi where it is known, the default)",
	  CHOICE_AT(verify, baseline.match, identities) },
	{ 0 },
};

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

static enum status answer(struct verify *verify, struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	const char *source = verify->names.operands[0];
	int ret = judge(verify, source, &map, &report);

	return ret < 0 ? say_errno(source, ret)
		       : nagios_tell(verify, map, report, out);
}

static enum status verify_work(void *input)
{
	struct verify *verify = input;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	enum status status = read_beside(verify), ended;

	if (status == STATUS_OK)
		status = baseline_begin(&verify->baseline);
	if (status != STATUS_OK)
		return status;
	status = verify->is_plugin ? answer(verify, &out) :
				   judge_sources(verify, &verify->names, &out);
	ended = baseline_end(&verify->baseline, verify->common.quiet);
	return verify->is_plugin ? status : status_worse(status, ended);
}

static enum status verify_run(void *input)
{
	const struct verify *verify = input;
	const uint64_t seconds = verify->common.timeout;

	return verify->is_plugin ? nagios_run(seconds, verify_work, input) :
				 deadline_run(seconds, verify_work, input);
}

static void verify_begin(int argc, char **argv, void *input)
{
	struct verify *verify = input;

	verify->is_plugin = nagios_is_program(argv[0]);
	if (verify->is_plugin || nagios_is_meant(argc, argv))
		nagios_prepare();
}

const struct command cmd_verify = {
	.name = "verify",
	.summary = "run the rules over runtime maps",
	.answers = "Will EFI survive kexec and kdump here?",
	.options = options,
	.operands = OPERANDS_SOURCES,
	.args_doc = "[SOURCE...]",
	.doc = "Run the rules over one or many runtime maps. " SOURCE_IS,
	.size = sizeof(struct verify),
	.begin = verify_begin,
	.check = check,
	.run = verify_run,
};
