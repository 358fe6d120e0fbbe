/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dispatcher: finds the command and hands the rest of the line to it. It knows the
 * commands only as rows of an array, and nothing of EFI.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/replace.h"
#include "version.h"

#define VERSION_LINE "efimapctl " EFIMAPCTL_VERSION

struct outer {
	struct common common;
	const struct command *command;
};

static const struct command *find_command(struct argp_state *state, const char *word)
{
	struct closest closest = { .word = word };
	char hint[80];

	for (size_t i = 0; commands[i]; i++) {
		if (strcmp(commands[i]->name, word) == 0)
			return commands[i];
		closest_try(&closest, commands[i]->name);
	}
	usage_error(state, "unknown command '%s'%s", word,
		   closest_hint(&closest, hint, sizeof(hint)));
}

static error_t parse_outer(int key, char *arg, struct argp_state *state)
{
	struct outer *outer = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &outer->common;
		return 0;
	case ARGP_KEY_ARG:
		/* Unknown to argp: it stops here and leaves the rest to the command. */
		outer->command = find_command(state, arg);
		return ARGP_ERR_UNKNOWN;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "a command is missing");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* argp frees what a help filter returns when it is not the text that it was given. */
static char *help_filter(int key, const char *text, void *input)
{
	struct efimap_out out = EFIMAP_OUT_MEM;

	if (key != ARGP_KEY_HELP_POST_DOC)
		return text ? strdup(text) : NULL;
	efimap_out_puts(&out, "Commands:\n");
	for (size_t i = 0; commands[i]; i++)
		efimap_out_printf(&out, "  %-10s %s\n", commands[i]->name,
				  commands[i]->summary);
	efimap_out_puts(&out, "\nefimapctl COMMAND --help tells more; so does efimapctl(8).");
	efimap_out_putc(&out, '\0');
	if (out.error) {
		efimap_out_free(&out);
		return NULL;
	}
	return out.data;
}

static const struct argp outer_argp = {
	.parser = parse_outer,
	.args_doc = "COMMAND [ARGUMENT...]",
	.doc = "Show and verify the EFI runtime map that Linux hands from one kernel to the "
	       "next.\v",
	.children = common_children,
	.help_filter = help_filter,
};

/* Usage and error lines of the command then start with "efimapctl NAME". */
static enum status run_command(const struct command *command, int argc, char **argv,
			       const struct common *before)
{
	efimap_auto_free struct common *args = calloc(1, command->size);

	if (!args)
		return say_errno(argv[0], -ENOMEM);
	*args = *before;
	if (command->begin)
		command->begin(argc, argv, args);
	common_parse(command->argp, argc, argv, 0, NULL, args);
	return command->run(args);
}

/* What a script asks first, without the tables of argp and a stream's buffer. */
static enum status print_version(void)
{
	static const char line[] = VERSION_LINE "\n";
	const int ret = write_all(STDOUT_FILENO, line, sizeof(line) - 1);

	return ret < 0 ? say_errno("standard output", ret) : STATUS_OK;
}

int main(int argc, char **argv)
{
	static char own_name[] = "efimapctl";
	static char *no_arguments[] = { own_name, NULL };
	const struct command *plugin;
	struct outer outer = { .common = { .source = "/", .fail_on = EFIMAP_ERROR } };
	char name[64];
	int at = 0;

	/* No setlocale(): all that we lay out is ASCII, and numbers are never local. */
	stdio_prepare();
	argp_err_exit_status = STATUS_USAGE;
	argp_program_version = VERSION_LINE;
	if (argc < 1) {
		argc = 1;
		argv = no_arguments;
	}
	plugin = command_of_program(basename(argv[0]));
	if (plugin)
		return (int)run_command(plugin, argc, argv, &outer.common);
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return (int)print_version();
	argv[0] = own_name;
	common_parse(&outer_argp, argc, argv, ARGP_IN_ORDER, &at, &outer);
	snprintf(name, sizeof(name), "efimapctl %s", outer.command->name);
	argv[at] = name;
	return (int)run_command(outer.command, argc - at, argv + at, &outer.common);
}
