/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time limit of --timeout. */
#ifndef CLI_TIMEOUT_H
#define CLI_TIMEOUT_H

#include <stdint.h>

#include "cli/messages_and_status.h"

/**
 * deadline_run() - @work(@input), but given up after @seconds (0: never) with
 * STATUS_UNREADABLE; it then runs in a process of its own
 */
enum status deadline_run(uint64_t seconds, enum status (*work)(void *), void *input);

#endif
