/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl verify: what stands on its command line. What becomes of each SOURCE is in
 * verify.c; the highest status of several wins.
 */
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nagios.h"
#include "cli/rules.h"
#include "cli/verify.h"

enum {
	KEY_ONLY = 0x100,
	KEY_SKIP,
	KEY_EXPECT,
	KEY_KERNEL,
	KEY_KEXEC_LOG,
	KEY_LOADER,
	KEY_MEM_MIN,
	KEY_MEM_MAX,
	KEY_NAGIOS,
	KEY_FILES_FROM,
	KEY_BASELINE,
	KEY_WRITE_BASELINE,
	KEY_BASELINE_MATCH,
};

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

static const struct argp_option options[] = {
	{ "json", 'J', NULL, 0, "write a JSON document; one line each for several sources", 0 },
	OPTION_FORMAT("text (the default), json, ndjson (one line), gcc (FILE:LINE: SEVERITY: "
		      "MESSAGE, for editors) or sarif (SARIF 2.1.0, for CI; of one SOURCE)"),
	OPTION_FAIL_ON("status 1 from this severity on: error (the default), warning or note"),
	{ "only", KEY_ONLY, "ID,...", 0, "run these rules only", 0 },
	{ "skip", KEY_SKIP, "ID,...", 0, "leave these rules out", 0 },
	{ "expect", KEY_EXPECT, "LAYOUT", 0,
	  "what the map should be: auto (what Linux makes of this firmware, the default), "
	  "identity or virtual", 0 },
	{ "kernel", KEY_KERNEL, "BZIMAGE", 0,
	  "the kernel that kexec is to load: does kexec-tools pass EFI to it, and will it "
	  "overwrite what it needs?", 0 },
	{ "loader", KEY_LOADER, "LOADER", 0,
	  "with --kernel: who loads it, kexec-tools (kexec_load) or kernel (kexec_file_load); "
	  "default: both are tried", 0 },
	{ "mem-min", KEY_MEM_MIN, "ADDR", 0, "with --kernel: that of kexec -c", 0 },
	{ "mem-max", KEY_MEM_MAX, "ADDR", 0, "with --kernel: that of kexec -c", 0 },
	{ "kexec-log", KEY_KEXEC_LOG, "FILE", 0,
	  "output of kexec -d: does a segment land on what the firmware needs?", 0 },
	OPTION_IF_EFI,
	OPTION_TIMEOUT('t'),
	{ "nagios", KEY_NAGIOS, NULL, 0,
	  "answer as a plugin for Nagios or Icinga, also in its exit status", 0 },
	{ "files-from", KEY_FILES_FROM, "FILE", 0,
	  "read names of further sources from FILE (-: standard input), one a line", 0 },
	{ "null", '0', NULL, 0,
	  "with --files-from: a zero byte ends a name, not a newline", 0 },
	{ "baseline", KEY_BASELINE, "FILE", 0,
	  "findings that FILE accepts for this machine do not count", 0 },
	{ "write-baseline", KEY_WRITE_BASELINE, "FILE", 0,
	  "accept all findings: write them to FILE, which keeps other machines", 0 },
	{ "baseline-match", KEY_BASELINE_MATCH, "HOW", 0,
	  "what --write-baseline tells machines apart by: dmi (vendor, product and BIOS "
	  "version), fingerprint (of the map) or auto (dmi where it is known, the default)",
	  0 },
	{ 0 },
};

static enum efimap_expect parse_expect(const struct argp_state *state, const char *arg)
{
	static const char *const names[] = {
		[EFIMAP_EXPECT_AUTO] = "auto",
		[EFIMAP_EXPECT_IDENTITY] = "identity",
		[EFIMAP_EXPECT_VIRTUAL] = "virtual",
	};

	return (enum efimap_expect)common_choice(state, "expect", arg, names,
						 sizeof(names) / sizeof(names[0]));
}

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

	if (names->separator == '\0' && !names->list)
		usage_error(state, "--null needs --files-from");
	if (args->is_plugin && (args->verify.common.json || args->baseline.write_name))
		usage_error(state, "--nagios excludes --json and --write-baseline");
	if (args->is_plugin && has_many)
		usage_error(state, "--nagios takes one SOURCE");
	if (args->verify.format == VERIFY_SARIF && has_many)
		usage_error(state, "--format=sarif takes one SOURCE");
}

static error_t parse_sources(struct arguments *args, int key, char *arg,
			     struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		args->names.separator = '\n';
		return common_option(key, arg, state);
	case KEY_FILES_FROM:
		if (args->names.list)
			usage_error(state, "--files-from can be given once only");
		args->names.list = common_file(state, "the list of sources", arg);
		return 0;
	case '0':
		args->names.separator = '\0';
		return 0;
	case KEY_BASELINE:
		args->baseline.read_name = common_file(state, "the baseline", arg);
		return 0;
	case KEY_WRITE_BASELINE:
		args->baseline.write_name = common_file(state, "the baseline", arg);
		return 0;
	case KEY_BASELINE_MATCH:
		args->baseline.match = baseline_match(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		/* They come all at once. */
		return ARGP_ERR_UNKNOWN;
	case ARGP_KEY_ARGS:
		args->names.operands = common_sources(state, &args->names.n_operands);
		return 0;
	case ARGP_KEY_END:
		choose_rules(args);
		baseline_check(&args->baseline, state);
		check_load(args, state);
		check_single(args, state);
		finish_sources(args);
		return 0;
	default:
		return common_option(key, arg, state);
	}
}

static void set_format(struct verify *verify, const struct argp_state *state, const char *arg)
{
	static const char *const names[] = {
		[VERIFY_TEXT] = "text",	    [VERIFY_JSON] = "json",   [VERIFY_NDJSON] = "ndjson",
		[VERIFY_GCC] = "gcc", [VERIFY_SARIF] = "sarif",
	};

	verify->format = (enum verify_format)common_choice(state, "format", arg, names,
							   sizeof(names) / sizeof(names[0]));
	verify->common.json = verify->format != VERIFY_TEXT;
}

static error_t verify_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'J':
		set_format(&args->verify, state, "json");
		return 0;
	case KEY_FORMAT:
		set_format(&args->verify, state, arg);
		return 0;
	case KEY_ONLY:
		rules_mark(state, arg, args->only);
		args->has_only = true;
		return 0;
	case KEY_SKIP:
		rules_mark(state, arg, args->skip);
		return 0;
	case KEY_EXPECT:
		args->verify.options.expect = parse_expect(state, arg);
		return 0;
	case KEY_KERNEL:
		args->kernel = common_file(state, "the kernel", arg);
		return 0;
	case KEY_KEXEC_LOG:
		args->kexec_log = common_file(state, "the log", arg);
		return 0;
	case KEY_LOADER:
		args->verify.options.loaders = EFIMAP_LOADER_BIT(common_loader(state, arg));
		return 0;
	case KEY_MEM_MIN:
		args->verify.options.mem_min =
			common_number(state, "mem-min", arg, 0, UINT64_MAX);
		return 0;
	case KEY_MEM_MAX:
		args->verify.options.mem_max =
			common_number(state, "mem-max", arg, 1, UINT64_MAX);
		return 0;
	case KEY_NAGIOS:
		args->is_plugin = true;
		return 0;
	default:
		return parse_sources(args, key, arg, state);
	}
}

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
	const unsigned int seconds = args->verify.common.timeout;

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
	.parser = verify_option,
	.args_doc = "[SOURCE...]",
	.doc = "Run the rules over one or many runtime maps. " SOURCE_IS,
	.size = sizeof(struct arguments),
	.begin = verify_begin,
	.run = verify_run,
};
