/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TIMEOUT_H
#define CLI_TIMEOUT_H

#include <stdint.h>

#include "cli/exit_status.h"

/**
 * deadline_run() - call @work(@input) in a child process, and terminate the child after @seconds
 * @seconds: time limit, or 0 to call @work in this process without a limit
 *
 * Return: the result of @work, or STATUS_UNREADABLE if the time limit has expired or a signal
 * terminated the child.
 */
enum status deadline_run(uint64_t seconds, enum status (*work)(void *), void *input);

#endif
