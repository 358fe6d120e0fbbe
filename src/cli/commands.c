/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands, in the order in which help lists them. */
#include <string.h>

#include "cli/cli.h"

const struct command *const commands[] = {
	&cmd_dump,    &cmd_verify,    &cmd_compare, &cmd_handover,  &cmd_explain,
	&cmd_snapshot, &cmd_translate, &cmd_predict, &cmd_pagetable, &cmd_decode,
	&cmd_plot,    &cmd_report,    &cmd_metrics, &cmd_rehearse, NULL,
};

const struct command *command_of_program(const char *name)
{
	return strcmp(name, cmd_check.name) == 0 ? &cmd_check : NULL;
}
