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
 * struct fail_on - what --fail-on names
 * @words:  bits (1 << enum word)
 * @is_map: findings about the map
 */
struct fail_on {
	bool is_given;
	uint32_t words;
	bool is_map;
};

/**
 * status_of_fail_on() - return the status for a report of verify if --fail-on is given
 * @status: the status for the verdict on @report
 *
 * Return: @status if --fail-on is not given or the source could not be read. Otherwise,
 * STATUS_FINDINGS if an answer has one of the words, or if the map has an error or a warning and
 * the map is named, or STATUS_OK.
 */
enum status status_of_fail_on(enum status status, const struct report *report,
			      const struct fail_on *fail_on);

#endif
