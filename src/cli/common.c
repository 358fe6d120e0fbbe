/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options that every command takes, and what follows from them and from the
 * terminal. It knows no command.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/cli.h"
#include "cli/rules.h"
#include "version.h"

#define MAX_WIDTH 10000

static const struct argp_option options[] = {
	{ "color", KEY_COLOR, "WHEN", OPTION_ARG_OPTIONAL,
	  "use colours: auto (the default), always or never", 0 },
	{ "quiet", 'q', NULL, 0, "say less: no remarks, and no report of verify", 0 },
	{ "verbose", 'v', NULL, 0, "say more: notes, evidence, what was skipped", 0 },
	{ "help", 'h', NULL, 0, "show this help", -1 },
	{ NULL, '?', NULL, OPTION_ALIAS | OPTION_HIDDEN, NULL, -1 },
	{ "usage", KEY_USAGE, NULL, 0, "show the options in short", -1 },
	{ "version", 'V', NULL, 0, "show the version", -1 },
	{ 0 },
};

static const char *const when_names[] = {
	[WHEN_AUTO] = "auto",
	[WHEN_ALWAYS] = "always",
	[WHEN_NEVER] = "never",
};

static enum when parse_when(const struct argp_state *state, const char *arg)
{
	return arg ? (enum when)common_choice(state, "color", arg, when_names,
					      sizeof(when_names) / sizeof(when_names[0])) :
		     WHEN_ALWAYS;
}

static error_t parse_every(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		options_check(state);
		return 0;
	case 'h':
	case '?':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case KEY_USAGE:
		argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
		return 0;
	case 'V':
		puts(VERSION_LINE);
		exit(STATUS_OK);
	case KEY_COLOR:
		common->color = parse_when(state, arg);
		return 0;
	case 'q':
		common->quiet = true;
		return 0;
	case 'v':
		common->verbose = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp common_argp = { .options = options, .parser = parse_every };

const struct argp_child common_children[] = {
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

/* What is not there is hardly a SOURCE, but what the command is to write. */
static _Noreturn void refuse_second(const struct argp_state *state, const char *name)
{
	bool takes_next;
	const bool writes = options_find(state->root_argp, "-O", &takes_next);

	usage_error(state, "too many sources: '%s'%s", name,
		    writes && access(name, F_OK) ? "; -O names the file to write" : "");
}

error_t common_option(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = common;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			refuse_second(state, arg);
		common->source = common_file(state, "a SOURCE", arg);
		return 0;
	case 'J':
		common->json = true;
		return 0;
	case KEY_FORMAT:
		common->json = common_choice(state, "format", arg,
					     (const char *const[]){ "text", "json" }, 2) == 1;
		return 0;
	case 'O':
		common->file = common_file(state, "the output file", arg);
		return 0;
	case 'n':
		common->noheadings = true;
		return 0;
	case KEY_FAIL_ON:
		common->fail_on = rules_severity(state, arg);
		return 0;
	case KEY_IF_EFI:
		common->if_efi = true;
		return 0;
	case KEY_TIMEOUT:
	case 't':
		common->timeout = deadline_parse(state, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

char **common_sources(const struct argp_state *state, size_t *ret_count)
{
	char **sources = state->argv + state->next;

	*ret_count = (size_t)(state->argc - state->next);
	for (size_t i = 0; i < *ret_count; i++)
		common_file(state, "a SOURCE", sources[i]);
	return sources;
}

struct argp command_argp(const struct command *command)
{
	return (struct argp){
		.options = command->options,
		.parser = command->parser ? command->parser : common_option,
		.args_doc = command->args_doc ? command->args_doc : "[SOURCE]",
		.doc = command->doc,
		.children = common_children,
		.help_filter = command->help_filter,
	};
}

/*
 * Whatever is wrong with the words ends the program within argp; what it returns is that
 * there was no memory to look at them, and then nothing is known of what was wanted.
 */
void common_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	const error_t error = argp_parse(argp, argc, argv, ARGP_NO_HELP, NULL, input);

	if (error == 0)
		return;
	say("the command line: %s", strerror(error));
	exit(STATUS_UNREADABLE);
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

/* https://no-color.org: set and not empty; --color overrides it. */
bool common_color(const struct common *common)
{
	const char *term = getenv("TERM");

	if (common->color != WHEN_AUTO)
		return common->color == WHEN_ALWAYS;
	return !is_set("NO_COLOR") && term && *term && strcmp(term, "dumb") != 0 &&
	       isatty(STDOUT_FILENO);
}

struct efimap_text_options common_text(const struct common *common)
{
	return (struct efimap_text_options){
		.headings = !common->noheadings,
		.color = common_color(common),
		.width = common_line_width(),
		.verbose = common->verbose,
		.notes = true,
		.all = true,
	};
}

unsigned int common_width(void)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	uint64_t columns;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	if (text && efimap_num_parse_dec(text, strlen(text), MAX_WIDTH, &columns, NULL) ==
			    EFIMAP_NUM_OK)
		return (unsigned int)columns;
	return 0;
}

unsigned int common_line_width(void)
{
	return isatty(STDOUT_FILENO) ? common_width() : 0;
}

/* Mostly a variable of a script that was not set: worth more than "no such file". */
char *common_file(const struct argp_state *state, const char *what, char *operand)
{
	if (!*operand)
		usage_error(state, "the name of %s is empty", what);
	return operand;
}

/* "a", "a or b", "a, b or c" */
static void list_words(const char *const *words, size_t n, char *buf, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < n && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s",
					 i == 0	    ? "" :
					 i + 1 == n ? " or " :
						      ", ",
					 words[i]);
}

size_t common_choice(const struct argp_state *state, const char *option, const char *operand,
		     const char *const *words, size_t n)
{
	char expected[256];

	for (size_t i = 0; i < n; i++)
		if (strcmp(operand, words[i]) == 0)
			return i;
	list_words(words, n, expected, sizeof(expected));
	usage_error(state, "--%s=%s: expected %s", option, operand, expected);
}

enum efimap_loader common_loader(const struct argp_state *state, const char *operand)
{
	const char *const names[] = { efimap_loader_name(EFIMAP_LOADER_KEXEC_TOOLS),
				      efimap_loader_name(EFIMAP_LOADER_KERNEL) };

	return common_choice(state, "loader", operand, names, 2) ? EFIMAP_LOADER_KERNEL :
								   EFIMAP_LOADER_KEXEC_TOOLS;
}

uint64_t common_address(const struct argp_state *state, const char *option, const char *text)
{
	uint64_t address = 0;

	if (efimap_num_parse_hex(text, strlen(text), UINT64_MAX, &address, NULL) != EFIMAP_NUM_OK)
		usage_error(state, "--%s=%s: it takes 0x and 1 to 16 hex digits", option, text);
	return address;
}

uint64_t common_number(const struct argp_state *state, const char *option, const char *text,
		       uint64_t min, uint64_t max)
{
	const size_t len = strlen(text);
	uint64_t value = 0;
	bool ok;

	if (text[0] == '0' && text[1] == 'x')
		ok = efimap_num_parse_hex(text, len, max, &value, NULL) == EFIMAP_NUM_OK;
	else
		ok = efimap_num_parse_dec(text, len, max, &value, NULL) == EFIMAP_NUM_OK;
	if (!ok || value < min)
		usage_error(state, "--%s=%s: it takes a number from %" PRIu64 " to %" PRIu64,
			    option, text, min, max);
	return value;
}
