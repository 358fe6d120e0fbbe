/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_BASELINE_OPTIONS_H
#define CLI_BASELINE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "cli/exit_status.h"
#include "rules/baseline.h"

/**
 * struct baseline - the accepted findings, and how a run uses them
 * @read_name:     argument of --baseline, or NULL
 * @write_name:    argument of --write-baseline, or NULL
 * @known:         the findings that --baseline accepts or --write-baseline records
 * @source:        name of the first capture whose findings were recorded; owned
 * @is_incomplete: a capture was not recorded because nothing identifies its machine
 */
struct baseline {
	const char *read_name;
	const char *write_name;
	struct efimap_baseline *known;
	char *source;
	bool is_incomplete;
};

void baseline_check(const struct baseline *baseline, const struct argp_state *state);
enum status baseline_begin(struct baseline *baseline);
/**
 * baseline_apply() - apply the baseline to the report on a SOURCE
 * @fail_on: as in efimap_baseline_apply()
 * @quiet:   print only why a capture was not recorded
 *
 * With --write-baseline, the findings are recorded first. If they cannot be recorded, or if the
 * machine is not in the baseline, a message is printed.
 *
 * Return: 0 or a negative errno.
 */
int baseline_apply(struct baseline *baseline, enum efimap_severity fail_on, bool quiet,
		   const char *source, const struct efimap *map, struct efimap_report *report);
/**
 * baseline_end() - write recorded findings, or report accepted findings that no longer match
 * @quiet: do not report accepted findings that no longer match
 *
 * The findings in @baseline are freed.
 *
 * Return: STATUS_UNREADABLE if a machine was not identified or writing failed, otherwise STATUS_OK.
 */
enum status baseline_end(struct baseline *baseline, bool quiet);

#endif
