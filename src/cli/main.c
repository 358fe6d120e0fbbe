/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Find the command among the arguments, and run it with the other arguments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/closest_word.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "version.h"

static char own_name[] = "efimapctl", verify_name[] = "efimapctl verify";
static char help_word[] = "help", help_option[] = "--help";

static void refuse_operands(void *args, const struct argp_state *state)
{
	const struct common *common = args;
	const char *word = common->n_operands ? common->operands[0] : NULL;
	struct closest closest = { .word = word };

	if (!word)
		return;
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

#define QUESTIONS                                                                                  \
	"Will the next kernel boot after kexec, with EFI?  efimapctl verify --for=kexec\n"         \
	"Will a crash kernel boot after a panic, with EFI? efimapctl verify --for=kdump\n"         \
	"Without a command, efimapctl verifies the running system.\n"

#define MORE "For more, see efimapctl help COMMAND and efimapctl(1)."
#define STATUSES                                                                                   \
	"Exit status:\n"                                                                           \
	"  0  done; verify: no error was found\n"                                                  \
	"  1  verify found an error, or a map did not arrive unchanged\n"                          \
	"  2  usage error\n"                                                                       \
	"  3  an input cannot be read or is malformed\n"                                           \
	"  4  not applicable, such as without EFI, or cannot tell\n"                               \
	"  5  permission denied\n"

static void put_commands(struct out *out)
{
	out_puts(out, "\nCommands:\n");
	for (size_t i = 0; commands[i]; i++)
		out_printf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
}

static char *help_filter(int key, const char *text, void *input)
{
	struct out out = EFIMAP_OUT_MEM;

	if (key != ARGP_KEY_HELP_PRE_DOC)
		return text ? memory_strndup(text, strlen(text)) : NULL;
	out_puts(&out, text);
	put_commands(&out);
	/* argp frees the text. */
	out_putc(&out, '\0');
	return out.data;
}

static const struct command_option no_options[] = { { 0 } };

/* Options and texts for a command line without a command. There is no function to run. */
static const struct command outer = {
	.options = no_options,
	.operands = OPERANDS_WORDS,
	.quiet = "print less; verify, compare and received: only set the exit status",
	.verbose = "verify, compare, received: print more",
	.args_doc = "[COMMAND [ARGUMENT...]]",
	.doc = QUESTIONS "\v" STATUSES "\n" MORE,
	.help_filter = help_filter,
	.check = refuse_operands,
};

/* The width of the help of argp without an own format */
#define ARGP_WIDTH 80

static enum status run_command(const struct command *command, int argc, char **argv)
{
	const struct common defaults = { .command = command, .source = "/" };
	const size_t size = command->size ? command->size : sizeof(defaults);
	const struct argp argp = command_argp(command);
	const unsigned int width = common_width();
	char format[64];
	auto_free struct common *args = array_new(1, size);

	*args = defaults;
	if (width && width < ARGP_WIDTH) {
		/* An operand of the user has precedence. */
		snprintf(format, sizeof(format), "rmargin=%u,opt-doc-col=%u,header-col=1", width,
			 width / 3);
		setenv("ARGP_HELP_FMT", format, 0);
	}
	common_parse(&argp, argc, argv, args);
	/* Without a command, the parser usually ends the program, because of --help or an error. */
	return command->run ? output_redirect(args->redirect, command->run, args) : STATUS_USAGE;
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/*
 * Return the index of the command, or of the first word that is not an option, or @argc. A word
 * after an option may be its argument, so a command may follow.
 */
static int find_word(int argc, char **argv)
{
	int first = argc;

	for (int at = 1; at < argc; at++) {
		if (argv[at][0] == '-' && argv[at][1])
			continue;
		if (first == argc)
			first = at;
		if (find_command(argv[at]))
			return at;
		if (at == 1 || argv[at - 1][0] != '-' || !argv[at - 1][1])
			break;
	}
	return first;
}

/* Return whether an option asks about the program. Long options may be abbreviated. */
static bool asks_for_help(int argc, char **argv)
{
	static const char *const options[] = { "-h", "-?", "-V", "--h", "--us", "--vers" };

	for (int i = 1; i < argc; i++)
		for (size_t k = 0; k < sizeof(options) / sizeof(options[0]); k++)
			if (strncmp(argv[i], options[k], strlen(options[k])) == 0)
				return true;
	return false;
}

int main(int argc, char **argv)
{
	static const char version[] = VERSION_LINE "\n";
	static char *no_arguments[] = { own_name, NULL };
	const struct command *command;
	enum status status;
	char name[64];
	int at, ret;

	/* setlocale() is not called, because neither column widths nor numbers are localised. */
	stdio_prepare();
	argp_err_exit_status = STATUS_USAGE;
	if (argc < 1) {
		argc = 1;
		argv = no_arguments;
	}
	/* Scripts call --version often, so save the time that argp and stdio take. */
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		ret = write_all(STDOUT_FILENO, version, sizeof(version) - 1);
		return (int)(ret < 0 ? report_errno("standard output", ret) : STATUS_OK);
	}
	argv[0] = own_name;
	/* Rewrite "help" to "--help", and "help COMMAND" to "COMMAND --help". */
	while ((at = find_word(argc, argv)) < argc && strcmp(argv[at], help_word) == 0) {
		const bool has_command = at + 1 < argc && argv[at + 1][0] != '-';

		argv[1] = has_command ? argv[at + 1] : help_option;
		if (has_command)
			argv[2] = help_option;
		argc = has_command ? 3 : 2;
	}
	command = at < argc ? find_command(argv[at]) : NULL;
	if (!command)
		command = &outer;
	/* Without a command, verify the running system. */
	if (command == &outer && at == argc && !asks_for_help(argc, argv)) {
		argv[0] = verify_name;
		status = run_command(&cmd_verify, argc, argv);
		if (argc == 1 && isatty(STDOUT_FILENO) && isatty(STDERR_FILENO))
			fputs("For other commands: efimapctl --help\n", stderr);
		return (int)status;
	}
	if (command == &outer) {
		if (at < argc) {
			argv[1] = argv[at];
			argc = 2;
		}
		return (int)run_command(command, argc, argv);
	}
	snprintf(name, sizeof(name), "efimapctl %s", command->name);
	/* Options before the command belong to the command, so move them after its name. */
	memmove(argv + 2, argv + 1, (size_t)(at - 1) * sizeof(*argv));
	argv[1] = name;
	return (int)run_command(command, argc - 1, argv + 1);
}
