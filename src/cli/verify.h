/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SOURCEs of verify, apart from the command line that names them. */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include <stdbool.h>

#include "base/out.h"
#include "check/verify.h"
#include "cli/baseline.h"
#include "cli/cli.h"
#include "cli/names.h"

/** enum verify_format - how a report is written; all but text leave standard output to it */
enum verify_format {
	VERIFY_TEXT,
	VERIFY_JSON,
	VERIFY_NDJSON,
	VERIFY_GCC,
	VERIFY_SARIF,
};

/**
 * struct verify - how to judge each SOURCE, and how to say what came of it
 * @common:  the options that several commands take
 * @format:  @common.json is true for all but VERIFY_TEXT
 * @many:    one of several: it is named, its document is one line, and notes are only
 *           counted unless they are asked for
 * @baseline: findings that are known and accepted
 */
struct verify {
	struct common common;
	struct efimap_verify_options options;
	enum verify_format format;
	bool many;
	struct baseline *baseline;
};

/** verify_judge() - the report on one SOURCE; without a map on one that cannot be read */
int verify_judge(const struct verify *verify, const char *source, struct efimap **ret_map,
		 struct efimap_report **ret_report);

/** verify_all() - judge them, in order, and write their reports and the summary */
enum status verify_all(const struct verify *verify, struct names *names, struct efimap_out *out);

#endif
