/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Find the command on the command line, and pass the remaining words to it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/closest_word.h"
#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "version.h"

static char own_name[] = "efimapctl";
static char help_word[] = "help", help_option[] = "--help";

static const struct command *find_command(const char *word)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, word) == 0)
			return commands[i];
	return NULL;
}

static _Noreturn void refuse_command(const struct argp_state *state, const char *word)
{
	struct closest closest = { .word = word };

	if (strcmp(word, "translate") == 0)
		usage_error(state, "translate was removed; use dump --address=ADDR");
	if (strcmp(word, "metrics") == 0)
		usage_error(state, "metrics was removed; use the script efimapctl-metrics, or "
				   "verify --json");
	for (size_t i = 0; commands[i]; i++)
		closest_try(&closest, commands[i]->name);
	closest_try(&closest, help_word);
	if (!closest.best && access(word, F_OK) == 0)
		usage_error(state,
			    "a command is missing before '%s'; use verify to check the map, "
			    "or dump to show it",
			    word);
	usage_error(state, "unknown command '%s'%s", word, closest_hint(&closest));
}

static void refuse_operands(void *args, const struct argp_state *state)
{
	const struct common *common = args;

	if (common->n_operands)
		refuse_command(state, common->operands[0]);
}

#define QUESTIONS                                                                          \
	"Will the next kernel boot after kexec, with EFI?  efimapctl verify --for=kexec\n"      \
	"Will a crash kernel boot after a panic, with EFI? efimapctl verify --for=kdump\n"

static void put_commands(struct efimap_out *out)
{
	efimap_out_puts(out, "Commands:\n");
	for (size_t i = 0; commands[i]; i++)
		efimap_out_printf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	efimap_out_puts(out, "\nFor more, see efimapctl help COMMAND and efimapctl(1).");
}

static char *help_filter(int key, const char *text, void *input)
{
	struct efimap_out out = EFIMAP_OUT_MEM;

	if (key != ARGP_KEY_HELP_POST_DOC)
		return text ? strdup(text) : NULL;
	put_commands(&out);
	return output_text(&out);
}

/* Print the questions and the commands, if efimapctl is started without arguments. */
static enum status print_overview(void)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDERR_FILENO);

	efimap_out_puts(&out, QUESTIONS "\n");
	put_commands(&out);
	efimap_out_putc(&out, '\n');
	efimap_out_flush(&out);
	return STATUS_USAGE;
}

static const struct command_option no_options[] = { { 0 } };

/* Options and texts for a command line without a command. Parsing such a line ends the program. */
static const struct command outer = {
	.options = no_options,
	.operands = OPERANDS_WORDS,
	.quiet = "print less; verify, compare and received: only set the exit status",
	.verbose = "verify, compare, received: print more",
	.missing = "a command is missing",
	.args_doc = "COMMAND [ARGUMENT...]",
	.doc = QUESTIONS "\v",
	.help_filter = help_filter,
	.check = refuse_operands,
};

static enum status run_command(const struct command *command, int argc, char **argv)
{
	const struct common defaults = { .command = command, .source = "/" };
	const size_t size = command->size ? command->size : sizeof(defaults);
	const struct argp argp = command_argp(command);
	efimap_auto_free struct common *args = calloc(1, size);

	if (!args)
		return report_errno(argv[0], -ENOMEM);
	*args = defaults;
	if (command->begin)
		command->begin(argc, argv, args);
	common_parse(&argp, argc, argv, args);
	return output_redirect(args->redirect, command->run, args);
}

/* Scripts call --version often, so save the time that argp and stdio take. */
static enum status print_version(void)
{
	static const char line[] = VERSION_LINE "\n";
	const int ret = efimap_write_all(STDOUT_FILENO, line, sizeof(line) - 1);

	return ret < 0 ? report_errno("standard output", ret) : STATUS_OK;
}

/* Return the index of the first word that is not an option, or @argc. */
static int find_word(int argc, char **argv)
{
	int at = 1;

	while (at < argc && argv[at][0] == '-' && argv[at][1])
		at++;
	return at;
}

/* Rewrite "help" to "--help", and "help COMMAND" to "COMMAND --help". Return the new argc. */
static int rewrite_help(int argc, char **argv, int at)
{
	const bool has_command = at + 1 < argc && argv[at + 1][0] != '-';

	argv[1] = has_command ? argv[at + 1] : help_option;
	if (has_command)
		argv[2] = help_option;
	return has_command ? 3 : 2;
}

static enum status run_without_command(int argc, char **argv, int at)
{
	struct common common = { .command = &outer };
	const struct argp argp = command_argp(&outer);

	if (at < argc) {
		argv[1] = argv[at];
		argc = 2;
	}
	common_parse(&argp, argc, argv, &common);
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	static char *no_arguments[] = { own_name, NULL };
	const struct command *command;
	char name[64];
	int at;

	/* setlocale() is not called, because neither column widths nor numbers are localised. */
	stdio_prepare();
	argp_err_exit_status = STATUS_USAGE;
	if (argc < 1) {
		argc = 1;
		argv = no_arguments;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return (int)print_version();
	if (argc == 1)
		return (int)print_overview();
	argv[0] = own_name;
	at = find_word(argc, argv);
	while (at < argc && strcmp(argv[at], help_word) == 0) {
		argc = rewrite_help(argc, argv, at);
		at = find_word(argc, argv);
	}
	command = at < argc ? find_command(argv[at]) : NULL;
	if (!command)
		return (int)run_without_command(argc, argv, at);
	snprintf(name, sizeof(name), "efimapctl %s", command->name);
	/* Options before the command belong to the command, so move them after its name. */
	memmove(argv + 2, argv + 1, (size_t)(at - 1) * sizeof(*argv));
	argv[1] = name;
	return (int)run_command(command, argc - 1, argv + 1);
}
