/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_EXIT_STATUS_H
#define CLI_EXIT_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/report.h"

/** enum status - exit statuses of all commands (efimapctl(1), EXIT STATUS) */
enum status {
	STATUS_OK = 0,
	STATUS_FINDINGS = 1,
	STATUS_USAGE = 2,
	STATUS_UNREADABLE = 3,
	STATUS_NOT_APPLICABLE = 4,
	STATUS_DENIED = 5,
};

/**
 * combine_status() - return the status of a run with two results
 *
 * Return: @a or @b, whichever comes first in the list 2, 3, 5, 1, 4, 0.
 */
enum status combine_status(enum status a, enum status b);
enum status status_of_error(int error);

enum status status_of_verdict(enum verdict verdict);

/**
 * struct fail_on - the outcomes and states that --fail-on names
 * @outcomes: bits (1 << enum outcome)
 * @states:   bits (1 << enum kdump_state)
 */
struct fail_on {
	bool is_given;
	uint32_t outcomes;
	uint32_t states;
};

/**
 * status_of_fail_on() - return the status for a report if --fail-on is given
 * @status: the status for the verdict on @report
 *
 * The status depends on the outcomes of the answers that affect the verdict (answer->counts), and
 * on the state of kdump.
 *
 * Return: @status if --fail-on is not given, if the source could not be read, or if there is
 * nothing to check and no state is listed that occurs. Otherwise, STATUS_FINDINGS if one of the
 * outcomes or states occurs, STATUS_NOT_APPLICABLE if one of the outcomes is possible, if an answer
 * is unknown or, in a report without answers, if the outcome is unknown or data is missing, or
 * STATUS_OK.
 */
enum status status_of_fail_on(enum status status, const struct report *report,
			      const struct fail_on *fail_on);

#endif
