/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl verify: what stands on its command line. What becomes of each SOURCE is in
 * verify.c; the highest status of several wins.
 */
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nagios.h"
#include "cli/verify.h"

/* What stands on the line; @verify is what the rest of the room needs of it. */
struct arguments {
	struct verify verify;
	struct baseline baseline;
	bool only[EFIMAP_RULE_COUNT];
	bool skip[EFIMAP_RULE_COUNT];
	bool has_only;
	const char *kernel;
	const char *kexec_log;
	struct efimap_image image;
	struct efimap_segments segments;
	struct names names;
	bool is_plugin;
};

static void choose_rules(struct arguments *args)
{
	args->verify.options.fail_on = args->verify.common.fail_on;
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		args->verify.options.disabled[i] =
			args->skip[i] || (args->has_only && !args->only[i]);
}

/* An empty list is not the running system. */
static void finish_sources(struct arguments *args)
{
	static char root[] = "/";
	static char *const running_system[] = { root };
	struct names *names = &args->names;

	names->operands = args->verify.common.operands;
	names->n_operands = args->verify.common.n_operands;
	args->verify.many = names->list || names->n_operands > 1;
	if (names->list || names->n_operands)
		return;
	names->operands = running_system;
	names->n_operands = 1;
}

/* They say how a kernel is loaded that must be named. */
static void check_load(const struct arguments *args, const struct argp_state *state)
{
	const struct efimap_verify_options *given = &args->verify.options;

	if (!args->kernel && (given->loaders || given->mem_min || given->mem_max))
		usage_error(state, "--loader, --mem-min and --mem-max go with --kernel");
	if ((given->mem_min || given->mem_max) &&
	    given->loaders == EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL))
		usage_error(state, "kexec_file_load (--loader=kernel) knows no --mem-min and "
				   "--mem-max");
	if (given->mem_max && given->mem_min > given->mem_max)
		usage_error(state, "--mem-min is above --mem-max");
}

/* A plugin has one answer, and a log of SARIF is one document. */
static void check_single(const struct arguments *args, const struct argp_state *state)
{
	const struct names *names = &args->names;
	const bool has_many = names->list || names->n_operands > 1;

	if (names->ends_in_zero && !names->list)
		usage_error(state, "--null needs --files-from");
	if (args->is_plugin && (args->verify.common.json || args->baseline.write_name))
		usage_error(state, "--nagios excludes --json and --write-baseline");
	if (args->is_plugin && has_many)
		usage_error(state, "--nagios takes one SOURCE");
	if (args->verify.format == VERIFY_SARIF && has_many)
		usage_error(state, "--format=sarif takes one SOURCE");
}

static void check(void *input, const struct argp_state *state)
{
	struct arguments *args = input;

	finish_sources(args);
	choose_rules(args);
	baseline_check(&args->baseline, state);
	check_load(args, state);
	check_single(args, state);
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
	struct arguments *args = input;

	rules_mark(state, operand, args->only);
	args->has_only = true;
}

static void take_skip(void *input, const struct argp_state *state, const char *operand)
{
	struct arguments *args = input;

	rules_mark(state, operand, args->skip);
}

static void take_list(void *input, const struct argp_state *state, const char *operand)
{
	struct arguments *args = input;

	if (args->names.list)
		usage_error(state, "--files-from can be given once only");
	if (!*operand)
		usage_error(state, "the name of the list of sources is empty");
	args->names.list = operand;
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
	  "identity or virtual", CHOICE_AT(arguments, verify.options.expect, layouts) },
	{ "kernel", 0, "BZIMAGE",
	  "the kernel that kexec is to load: does kexec-tools pass EFI to it, and will it "
	  "overwrite what it needs?", NAME_AT(arguments, kernel, "the kernel") },
	{ "loader", 0, "LOADER",
	  "with --kernel: who loads it, kexec-tools (kexec_load) or kernel (kexec_file_load); "
	  "default: both are tried", CHOICE_AT(arguments, verify.options.loaders, loaders) },
	{ "mem-min", 0, "ADDR", "with --kernel: that of kexec -c",
	  NUMBER_AT(arguments, verify.options.mem_min, &address_range) },
	{ "mem-max", 0, "ADDR", "with --kernel: that of kexec -c",
	  NUMBER_AT(arguments, verify.options.mem_max, &limit_range) },
	{ "kexec-log", 0, "FILE", "output of kexec -d: does a segment land on what the firmware "
	  "needs?", NAME_AT(arguments, kexec_log, "the log") },
	OPTION_IF_EFI,
	OPTION_TIMEOUT('t'),
	{ "nagios", 0, NULL, "answer as a plugin for Nagios or Icinga, also in its exit status",
	  FLAG_AT(arguments, is_plugin) },
	{ "files-from", 0, "FILE",
	  "read names of further sources from FILE (-: standard input), one a line",
	  .take = take_list },
	{ "null", '0', NULL, "with --files-from: a zero byte ends a name, not a newline",
	  FLAG_AT(arguments, names.ends_in_zero) },
	{ "baseline", 0, "FILE", "findings that FILE accepts for this machine do not count",
	  NAME_AT(arguments, baseline.read_name, "the baseline") },
	{ "write-baseline", 0, "FILE",
	  "accept all findings: write them to FILE, which keeps other machines",
	  NAME_AT(arguments, baseline.write_name, "the baseline") },
	{ "baseline-match", 0, "HOW",
	  "what --write-baseline tells machines apart by: dmi (vendor, product and BIOS "
	  "version), fingerprint (of the map) or auto (dmi where it is known, the default)",
	  CHOICE_AT(arguments, baseline.match, identities) },
	{ 0 },
};

/* What lies beside the captures; without it the rules that need it are silent. */
static enum status read_beside(struct arguments *args)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = 0;

	if (args->kernel) {
		ret = efimap_bzimage_read(args->kernel, &args->image, &err);
		args->verify.options.image = &args->image;
	}
	if (ret == 0 && args->kexec_log) {
		ret = efimap_kexec_log_read(args->kexec_log, &args->segments, &err);
		args->verify.options.segments = &args->segments;
	}
	if (ret < 0)
		say_error(&err);
	return status_of_error(ret);
}

static enum status answer(const struct arguments *args, struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	const char *source = args->names.operands[0];
	int ret = verify_judge(&args->verify, source, &map, &report);

	return ret < 0 ? say_errno(source, ret)
		       : nagios_tell(&args->verify, map, report, out);
}

static enum status verify_work(void *input)
{
	struct arguments *args = input;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	enum status status = read_beside(args), ended;

	args->verify.baseline = &args->baseline;
	if (status == STATUS_OK)
		status = baseline_begin(&args->baseline, &args->verify.common);
	if (status != STATUS_OK)
		return status;
	status = args->is_plugin ? answer(args, &out) :
				   verify_all(&args->verify, &args->names, &out);
	ended = baseline_end(&args->baseline);
	return args->is_plugin ? status : status_worse(status, ended);
}

static enum status verify_run(void *input)
{
	const struct arguments *args = input;
	const uint64_t seconds = args->verify.common.timeout;

	return args->is_plugin ? nagios_run(seconds, verify_work, input) :
				 deadline_run(seconds, verify_work, input);
}

static void verify_begin(int argc, char **argv, void *input)
{
	struct arguments *args = input;

	args->is_plugin = nagios_is_program(argv[0]);
	if (args->is_plugin || nagios_is_meant(argc, argv))
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
	.size = sizeof(struct arguments),
	.begin = verify_begin,
	.check = check,
	.run = verify_run,
};
