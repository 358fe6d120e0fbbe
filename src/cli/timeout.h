/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time limit of --timeout. */
#ifndef CLI_TIMEOUT_H
#define CLI_TIMEOUT_H

#include <stdint.h>

#include "cli/exit_status.h"

/**
 * deadline_run() - Call @work(@input) in a process of its own, and abandon it after @seconds
 *
 * Without a limit (0), @work is called directly. Return: its status, or STATUS_UNREADABLE if the
 * time is over.
 */
enum status deadline_run(uint64_t seconds, enum status (*work)(void *), void *input);

#endif
