/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verify over many sources: which they are, and what is said at the end. */
#ifndef CLI_MANY_H
#define CLI_MANY_H

#include <argp.h>

#include "base/out.h"
#include "cli/cli.h"
#include "cli/names.h"
#include "cli/verify.h"

/** many_argp - --files-from and --null; its input is a &struct names, zeroed */
extern const struct argp many_argp;

/** many_run() - judge them all, in order; the status of the run */
enum status many_run(const struct verify *verify, struct names *names,
		     struct efimap_out *out);

#endif
