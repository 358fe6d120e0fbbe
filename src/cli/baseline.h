/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings that are known and accepted: --baseline and --write-baseline of verify. */
#ifndef CLI_BASELINE_H
#define CLI_BASELINE_H

#include "check/verify.h"
#include "cli/cli.h"
#include "model/baseline.h"

/**
 * struct baseline - what the command line says of baselines, and what a run makes of one
 * @common:    the options that every command takes
 * @read_name: --baseline, NULL for none
 * @write_name: --write-baseline, NULL for none
 * @match:     how --write-baseline tells machines apart
 * @known:     what is accepted, or recorded so far
 * @source:    the first capture whose findings were recorded; owned
 * @is_short:  those of another one could not be
 */
struct baseline {
	const struct common *common;
	const char *read_name;
	const char *write_name;
	enum efimap_baseline_by match;
	struct efimap_baseline *known;
	char *source;
	bool is_short;
};

/** baseline_check() - a usage error where options do not go with each other */
void baseline_check(const struct baseline *baseline, const struct argp_state *state);
/** baseline_begin() - read what there is; says what is wrong with it */
enum status baseline_begin(struct baseline *baseline, const struct common *common);
/**
 * baseline_judge() - accept, or record, findings of a report on a SOURCE
 *
 * Return: 0 or a negative errno; says what else stands in the way.
 */
int baseline_judge(struct baseline *baseline, const char *source, const struct efimap *map,
		   const struct efimap_verify_options *options,
		   struct efimap_report *report);
/** baseline_end() - write what was recorded, or say what is out of date; frees all */
enum status baseline_end(struct baseline *baseline);

#endif
