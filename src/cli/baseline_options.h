/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --baseline and --write-baseline. */
#ifndef CLI_BASELINE_OPTIONS_H
#define CLI_BASELINE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "cli/messages_and_status.h"
#include "rules/baseline.h"

/**
 * struct baseline - findings that are known and accepted, and what a run makes of them
 * @read_name:  --baseline, NULL for none
 * @write_name: --write-baseline, NULL for none
 * @known:      what is accepted, or recorded so far
 * @source:     the first capture whose findings were recorded; owned
 * @is_short:   those of another one could not be
 */
struct baseline {
	const char *read_name;
	const char *write_name;
	struct efimap_baseline *known;
	char *source;
	bool is_short;
};

/** baseline_check() - a usage error where options do not go with each other */
void baseline_check(const struct baseline *baseline, const struct argp_state *state);
/** baseline_begin() - read the baseline, or make an empty one; says what is wrong with it */
enum status baseline_begin(struct baseline *baseline);
/**
 * baseline_judge() - accept, or record, findings of a report on a SOURCE
 * @fail_on: as in efimap_baseline_apply()
 * @quiet:   print only what makes the status STATUS_UNREADABLE
 *
 * Return: 0 or a negative errno; says what else stands in the way.
 */
int baseline_judge(struct baseline *baseline, enum efimap_severity fail_on, bool quiet,
		   const char *source, const struct efimap *map, struct efimap_report *report);
/** baseline_end() - write what was recorded, or say what is out of date; frees all */
enum status baseline_end(struct baseline *baseline, bool quiet);

#endif
