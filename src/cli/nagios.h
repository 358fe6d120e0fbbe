/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verify --nagios: verify as a plugin for Nagios and Icinga. */
#ifndef CLI_NAGIOS_H
#define CLI_NAGIOS_H

#include <stdbool.h>

#include "base/out.h"
#include "cli/cli.h"
#include "model/capture.h"
#include "model/report.h"

struct verify;
struct outcome;

/** NAGIOS_STATUS_UNKNOWN - the exit status of all that hinders a plugin, usage included */
#define NAGIOS_STATUS_UNKNOWN 3

/**
 * struct nagios - what the plugin and the process that does its work share
 * @said:         standard error is gathered here, -1 where it is not
 * @has_answered: the status line is out; in memory that both see
 */
struct nagios {
	int said;
	bool *has_answered;
};

/** nagios_is_meant() - do the words of a command line ask for a plugin? */
bool nagios_is_meant(int argc, char **argv);
/** nagios_prepare() - before the line is parsed: a slip in it is an answer too */
void nagios_prepare(void);
/**
 * nagios_run() - do @work, which calls nagios_tell(), and answer where it does not
 * @seconds: for all of it, 0 for the usual limit
 */
enum status nagios_run(struct nagios *nagios, unsigned int seconds,
		       enum status (*work)(void *), void *input);
/** nagios_tell() - the answer */
void nagios_tell(const struct verify *verify, const struct efimap *map,
		 const struct efimap_report *report, struct efimap_out *out,
		 struct outcome *outcome);

#endif
