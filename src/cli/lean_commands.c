/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of a lean build, which is what an initramfs takes: those that look at the
 * machine they run on and keep what they saw. Comparing it, explaining it and drawing it
 * is done afterwards, where there is room, by an efimapctl that is whole.
 */
#include "cli/cli.h"

const struct command *const commands[] = {
	&cmd_dump, &cmd_verify, &cmd_handover, &cmd_snapshot, NULL,
};

const struct command *command_of_program(const char *name)
{
	return NULL;
}
