/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands on verify's command line, and the parts of the command that lie by themselves. */
#ifndef CLI_CMD_VERIFY_H
#define CLI_CMD_VERIFY_H

#include "capture/kernel_image.h"
#include "capture/kexec_segments.h"
#include "cli/cli.h"
#include "rules/baseline.h"
#include "answer/verify.h"

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

/** enum verify_format - how a report is written; all but text leave standard output to it */
enum verify_format {
	VERIFY_TEXT,
	VERIFY_JSON,
	VERIFY_NDJSON,
};

/**
 * struct verify - what is judged, how, and how it is said
 * @common:    its json is true for all formats but VERIFY_TEXT
 * @many:      one of several: it is named, its document is one line, and notes are only
 *             counted unless they are asked for
 */
struct verify {
	struct common common;
	struct efimap_verify_options options;
	enum verify_format format;
	bool many;
	struct baseline baseline;
	bool only[EFIMAP_RULE_COUNT];
	bool skip[EFIMAP_RULE_COUNT];
	bool has_only;
	const char *kernel_names[EFIMAP_MAX_KERNELS];
	struct efimap_installed_kernel kernels[EFIMAP_MAX_KERNELS];
	size_t n_kernels;
	const char *initrd;
	const char *kexec_log;
	struct efimap_segments segments;
};

/** baseline_check() - a usage error where options do not go with each other */
void baseline_check(const struct baseline *baseline, const struct argp_state *state);
/** baseline_begin() - read the baseline, or make an empty one; says what is wrong with it */
enum status baseline_begin(struct baseline *baseline);
/**
 * baseline_judge() - accept, or record, findings of a report on a SOURCE
 *
 * Return: 0 or a negative errno; says what else stands in the way.
 */
int baseline_judge(struct verify *verify, const char *source, const struct efimap *map,
		   struct efimap_report *report);
/** baseline_end() - write what was recorded, or say what is out of date; frees all */
enum status baseline_end(struct baseline *baseline, bool quiet);

#endif
