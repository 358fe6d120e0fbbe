/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parse the options and operands of a command with argp. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "answer/answer.h"
#include "base/alloc.h"
#include "base/escape_text.h"
#include "base/number.h"
#include "base/out_of_memory.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "input/parse_values.h"
#include "input/source_limits.h"
#include "rules/verify_options.h"
#include "version.h"

#define MAX_WIDTH 10000
/* Maximum number of options of a command, including common_options[]. */
#define MAX_OPTIONS 40

/* First key for options without a letter. The key of such an option is KEY_ROWS plus its row. */
#define KEY_ROWS 0x2000

/*
 * Return the option after @option; the first one if @option is NULL; or NULL at the end. The
 * options of a command precede common_options[], and an option without a name ends each of both
 * tables.
 */
static const struct command_option *next_option(const struct command *command,
						const struct command_option *option)
{
	const struct command_option *next = option ? option + 1 : command->options;

	/* If this is the end of the options of the command, continue with the common ones. */
	if (!next->name && next != &common_options[N_COMMON_OPTIONS])
		next = common_options;
	return next->name ? next : NULL;
}

unsigned int common_choice(const struct argp_state *state, const char *option, const char *operand,
			   const char *const *words)
{
	char expected[256];
	const char *between = "";
	size_t used = 0;

	for (unsigned int i = 0; words[i]; i++)
		if (*words[i] && strcasecmp(operand, words[i]) == 0)
			return i;
	/* The words become "a", "a or b", or "a, b or c". */
	for (; *words && used < sizeof(expected); words++) {
		if (!**words)
			continue;
		used += (size_t)snprintf(expected + used, sizeof(expected) - used, "%s%s", between,
					 *words);
		between = words[1] && words[2] ? ", " : " or ";
	}
	usage_error(state, "--%s=%s: expected %s", option, operand, expected);
}

/* Return the name of @what. Refuse an empty name, which usually results from an unset variable in a
 * script. */
static const char *common_name(const struct argp_state *state, const char *what,
			       const char *operand)
{
	if (!*operand)
		usage_error(state, "the name of %s is empty", what);
	return operand;
}

uint64_t common_number(const struct argp_state *state, const char *option, const char *text,
		       const struct range *range)
{
	const bool is_hex = text[0] == '0' && (text[1] | 0x20) == 'x';
	uint64_t value = 0;

	if ((is_hex ? number_parse_hex : number_parse_dec)(text, strlen(text), range->most, &value,
							   NULL) != EFIMAP_NUMBER_OK ||
	    value < range->least)
		usage_error(state,
			    "--%s=%s: expected a number from %" PRIu64 " to %" PRIu64
			    ", decimal or hexadecimal with 0x",
			    option, text, range->least, range->most);
	return value;
}

static void take_help(void *args, const struct argp_state *state, const char *operand)
{
	argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
}

static void take_usage(void *args, const struct argp_state *state, const char *operand)
{
	argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
}

static void take_version(void *args, const struct argp_state *state, const char *operand)
{
	puts(VERSION_LINE);
	exit(STATUS_OK);
}

static const char *const colors[] = {
	[WHEN_AUTO] = "auto",
	[WHEN_ALWAYS] = "always",
	[WHEN_NEVER] = "never",
	NULL,
};

const struct command_option common_options[] = {
	{ "color", 0, "WHEN", "auto (the default), always or never",
	  CHOICE_AT(common, color, colors), .given = "always", .group = GROUP_OUTPUT },
	{ "quiet", 'q', NULL, "print less", FLAG_AT(common, quiet), .group = GROUP_OUTPUT },
	{ "verbose", 'v', NULL, "print more", FLAG_AT(common, verbose), .group = GROUP_OUTPUT },
	{ "help", 'h', NULL, "show this help", .take = take_help, .group = GROUP_HELP },
	{ "usage", 0, NULL, "show a short list of options", .take = take_usage,
	  .group = GROUP_HELP },
	{ "version", 'V', NULL, "show the version", .take = take_version, .group = GROUP_HELP },
	[N_COMMON_OPTIONS] = { 0 },
};

const char *const text_or_json[] = { "text", "json", NULL };
const char *const text_json_or_lines[] = { "text", "json", "ndjson", NULL };
const char *const loader_words[] = {
	"",
	[EFIMAP_LOADER_BIT(EFIMAP_LOADER_KEXEC_TOOLS)] = "kexec-load",
	[EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL)] = "kexec-file-load",
	NULL,
};
const struct range address_range = { 0, UINT64_MAX };

void take_boot(void *args, const struct argp_state *state, const char *operand)
{
	struct common *common = args;

	if (!boot_parse(operand, &common->boot))
		usage_error(state,
			    "--boot=%s: expected a positive number, or a number from -%d to -1",
			    operand, EFIMAP_BOOT_MAX_BACK);
}

void take_kernel(void *args, const struct argp_state *state, const char *operand)
{
	struct given_names *given = &((struct common *)args)->given;

	if (given->n_kernels == EFIMAP_MAX_KERNELS)
		usage_error(state, "--kernel can be used at most %d times", EFIMAP_MAX_KERNELS);
	given->kernels[given->n_kernels++] = common_name(state, "the kernel", operand);
}

void take_format(void *args, const struct argp_state *state, const char *operand)
{
	const unsigned int chosen = common_choice(state, "format", operand, text_json_or_lines);
	struct common *common = args;

	common->json = chosen > 0;
	common->lines = chosen == 2;
}

const char *const fail_on_words[] = { EFIMAP_WORD_NAMES, "map", NULL };

void take_fail_on(void *args, const struct argp_state *state, const char *operand)
{
	struct fail_on *fail_on = &((struct common *)args)->fail_on;
	auto_free char *copy = memory_strndup(operand, strlen(operand));
	char *rest = copy, *word;

	*fail_on = (struct fail_on){ .is_given = true };
	/* The comma of "ok, if" does not separate words. */
	for (char *comma = copy; (comma = strstr(comma, ", if")); *comma = '-')
		memmove(comma, comma + 1, strlen(comma));
	while ((word = strsep(&rest, ","))) {
		unsigned int chosen;

		/* Accept a word as it is printed, too, such as "loses EFI". */
		for (char *blank = word; (blank = strchr(blank, ' '));)
			*blank = '-';
		chosen = common_choice(state, "fail-on", word, fail_on_words);
		if (chosen == EFIMAP_WORD_COUNT)
			fail_on->is_map = true;
		else
			fail_on->words |= UINT32_C(1) << chosen;
	}
}

static bool is_stdin(const char *name)
{
	return name && strcmp(name, "-") == 0;
}

static void put_operands(struct common *common, const struct argp_state *state)
{
	const enum operands kind = common->command->operands;
	bool has_output = false;
	int n_stdin = is_stdin(common->given.kexec_log);

	for (size_t i = 0; i < common->given.n_kernels; i++)
		n_stdin += is_stdin(common->given.kernels[i]);
	common->operands = state->argv + state->next;
	common->n_operands = (size_t)(state->argc - state->next);
	if (kind == OPERANDS_WORDS)
		return;
	for (const struct command_option *option = next_option(common->command, NULL); option;
	     option = next_option(common->command, option))
		has_output |= option->letter == 'O';
	for (size_t i = 0; i < common->n_operands; i++) {
		const char *name = common->operands[i];

		/* A second SOURCE that does not exist is probably the name of the output file. */
		if (i > 0 && kind != OPERANDS_SOURCES)
			usage_error(state, "too many sources: '%s'%s", name,
				    has_output && access(name, F_OK)
					    ? "; use -O for the output file"
					    : "");
		n_stdin += is_stdin(name);
		common_name(state, "a SOURCE", name);
	}
	if (n_stdin > 1)
		usage_error(state, "'-' (standard input) can be given only once");
	if (kind != OPERANDS_SOURCES)
		common->source = common->operands[0];
}

static int key_of(const struct command_option *option, int row)
{
	return option->letter ? option->letter : KEY_ROWS + row;
}

static error_t command_parse(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;
	const struct command *command = common->command;
	const struct command_option *option = NULL;
	const char *operand;
	void *member;
	int row = 0;

	if (key == ARGP_KEY_NO_ARGS && command->missing)
		usage_error(state, "%s", command->missing);
	if (key == ARGP_KEY_END && command->check)
		command->check(common, state);
	if (key == ARGP_KEY_ARGS) {
		put_operands(common, state);
		return 0;
	}
	do
		option = next_option(command, option);
	while (option && key_of(option, row++) != key);
	/* If ARGP_KEY_ARG is refused, argp passes all operands in one call with ARGP_KEY_ARGS. */
	if (!option)
		return ARGP_ERR_UNKNOWN;
	operand = arg ? arg : option->given;
	member = (char *)common + option->at;
	switch (option->kind) {
	case OPTION_TAKE:
		option->take(common, state, operand);
		break;
	case OPTION_FLAG:
		*(bool *)member = true;
		break;
	case OPTION_TEXT:
		*(const char **)member =
			option->what ? common_name(state, option->what, operand) : operand;
		break;
	case OPTION_NUMBER:
		*(uint64_t *)member = common_number(state, option->name, operand, option->range);
		break;
	case OPTION_CHOICE:
		*(unsigned int *)member =
			common_choice(state, option->name, operand, option->words);
		break;
	case OPTION_SWITCH:
		*(bool *)member = common_choice(state, option->name, operand, option->words) == 1;
		break;
	}
	return 0;
}

/* Omit argp's sentence about short options from the help. */
static char *default_help_filter(int key, const char *text, void *input)
{
	return text && key != ARGP_KEY_HELP_DUP_ARGS_NOTE ? memory_strndup(text, strlen(text))
							  : NULL;
}

struct argp command_argp(const struct command *command)
{
	static const char *const headings[N_GROUPS] = {
		[GROUP_OUTPUT] = "Output:",
		[GROUP_STATUS] = "Exit status:",
	};
	/* Numbers start at 1, because in argp, group 0 is the group of the previous row. */
	static const int groups[N_GROUPS] = {
		[GROUP_INPUT] = 1, [GROUP_OUTPUT] = 2, [GROUP_STATUS] = 3, [GROUP_HELP] = -1
	};
	static struct argp_option rows[MAX_OPTIONS + N_GROUPS + 1];
	bool has_heading[N_GROUPS] = { false };
	int count = 0, number = 0;

	for (const struct command_option *option = next_option(command, NULL); option;
	     option = next_option(command, option)) {
		/* An option without a help text is accepted, but is hidden and has no effect. */
		const char *help = option->letter == 'q'   ? command->quiet
				   : option->letter == 'v' ? command->verbose
							   : option->help;
		const enum option_group group = option->group;

		if (help && headings[group] && !has_heading[group]) {
			rows[count++] = (struct argp_option){ .doc = headings[group],
							      .group = groups[group] };
			has_heading[group] = true;
		}
		rows[count++] = (struct argp_option){
			.name = option->name,
			.key = key_of(option, number++),
			.arg = option->operand,
			.flags = (option->operand && option->given ? OPTION_ARG_OPTIONAL : 0) |
				 (help ? 0 : OPTION_HIDDEN),
			.doc = help,
			.group = groups[group],
		};
	}
	rows[count] = (struct argp_option){ 0 };
	return (struct argp){
		.options = rows,
		.parser = command_parse,
		.args_doc = command->args_doc ? command->args_doc : "[SOURCE]",
		.doc = command->doc,
		.help_filter = command->help_filter ? command->help_filter : default_help_filter,
	};
}

/* getopt prints the name of an unknown option as it is, so refuse names that would be escaped. */
static void check_names(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		/* An operand follows "=", or one of these letters. */
		const char *ends = strncmp(argv[i], "--", 2) == 0 ? "=" : "Oo";
		auto_free char *name = memory_strndup(argv[i], strcspn(argv[i], ends));
		auto_out struct out escaped = EFIMAP_OUT_MEM;

		out_escaped(&escaped, name);
		if (name[0] != '-' || strcmp(out_text(&escaped), name) == 0)
			continue;
		put_message("unrecognized option '%s'; see %s --help", name, argv[0]);
		exit(STATUS_USAGE);
	}
}

/* On a usage error, argp_parse() exits. It returns an error only if memory is exhausted. */
void common_parse(const struct argp *argp, int argc, char **argv, struct common *common)
{
	check_names(argc, argv);
	if (argp_parse(argp, argc, argv, ARGP_NO_HELP, NULL, common) != 0)
		out_of_memory();
}

/* NO_COLOR applies if it is not empty (https://no-color.org). --color=always overrides NO_COLOR. */
bool common_color(const struct common *common)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (common->color != WHEN_AUTO)
		return common->color == WHEN_ALWAYS;
	return !(no_color && *no_color) && term && *term && strcmp(term, "dumb") != 0 &&
	       isatty(STDOUT_FILENO);
}

struct text_options common_text(const struct common *common)
{
	return (struct text_options){
		.color = common_color(common),
		.width = common_width(),
		.verbose = common->verbose,
		.notes = true,
	};
}

unsigned int common_width(void)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	uint64_t columns;

	if (text &&
	    number_parse_dec(text, strlen(text), MAX_WIDTH, &columns, NULL) == EFIMAP_NUMBER_OK)
		return (unsigned int)columns;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
