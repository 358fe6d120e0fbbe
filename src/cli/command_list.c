/* SPDX-License-Identifier: GPL-2.0-or-later */
/* List the commands. The list is separate from main(), so that completions/tables.c can use it. */
#include "cli/command_list.h"

const struct command *const commands[] = {
	&cmd_verify,  &cmd_compare,  &cmd_received, &cmd_report, &cmd_dump,
	&cmd_explain, &cmd_snapshot, &cmd_plot,	    NULL,
};
