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

/** nagios_is_program() - is a program of this name, as it was called, verify --nagios? */
bool nagios_is_program(const char *name);
/** nagios_is_meant() - do the words of a command line ask for a plugin? */
bool nagios_is_meant(int argc, char **argv);
/** nagios_prepare() - before the line is parsed: a slip in it is an answer too */
void nagios_prepare(void);
/**
 * nagios_run() - do @work, which returns what nagios_tell() does, and answer where it has not
 * @seconds: for all of it, 0 for the usual limit
 */
enum status nagios_run(uint64_t seconds, enum status (*work)(void *), void *input);
/** nagios_tell() - the answer, and the state in a status that nagios_run() knows */
enum status nagios_tell(const struct verify *verify, const struct efimap *map,
			const struct efimap_report *report, struct efimap_out *out);

#endif
