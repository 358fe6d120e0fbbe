/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verify over many sources: their names, worker processes, and what is said at the end. */
#ifndef CLI_MANY_H
#define CLI_MANY_H

#include <argp.h>

#include "base/out.h"
#include "cli/cli.h"
#include "cli/names.h"
#include "cli/progress.h"
#include "cli/verify.h"
#include "format/summary.h"

/**
 * struct many - one run over many sources
 * @verify:  what to do with each
 * @names:   which
 * @jobs:    worker processes, 0 for one on each processor
 * @out:     standard output
 * @status:  the highest so far
 * @summary: what came of them so far
 * @progress: how far we are
 * @shares_screen: standard output is a terminal too
 */
struct many {
	const struct verify *verify;
	struct names names;
	unsigned int jobs;
	struct efimap_out *out;
	enum status status;
	struct efimap_summary summary;
	struct progress progress;
	bool shares_screen;
};

/** many_argp - --files-from, --null and --jobs; its input is a &struct many */
extern const struct argp many_argp;

/** many_run() - judge them all, in order; the status of the run */
enum status many_run(struct many *many);

/* For many.c and many_pool.c. */

/** many_count() - one source is done */
void many_count(struct many *many, const struct outcome *outcome);
/** many_say_bad() - a line of the list names no source, and why */
void many_say_bad(struct many *many, const char *why);
/** many_fill() - read more of the list; says what went wrong */
void many_fill(struct many *many);
/** many_run_pool() - as many_run(), with worker processes; 0 or a negative errno */
int many_run_pool(struct many *many, unsigned int jobs);

#endif
