/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_COMMAND_LIST_H
#define CLI_COMMAND_LIST_H

#include "cli/option_parser.h"

/** commands - all commands in the order of --help, terminated by NULL */
extern const struct command *const commands[];

extern const struct command cmd_compare;
extern const struct command cmd_dump;
extern const struct command cmd_explain;
extern const struct command cmd_received;
extern const struct command cmd_plot;
extern const struct command cmd_report;
extern const struct command cmd_snapshot;
extern const struct command cmd_verify;

#endif
