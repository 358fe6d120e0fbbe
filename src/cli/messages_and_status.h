/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit statuses, which are the same for every command, and messages on standard error. */
#ifndef CLI_MESSAGES_AND_STATUS_H
#define CLI_MESSAGES_AND_STATUS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "rules/report.h"

/** enum status - exit statuses, the same for every command (efimapctl(8), EXIT STATUS) */
enum status {
	STATUS_OK = 0,
	STATUS_FINDINGS = 1,
	STATUS_USAGE = 2,
	STATUS_UNREADABLE = 3,
	STATUS_NOT_APPLICABLE = 4,
	STATUS_DENIED = 5,
};

/** combine_status() - the one of two that the whole run ends with: 3, 5, 1, 4, 0 */
enum status combine_status(enum status a, enum status b);
/** status_of_error() - for a negative errno of the rooms below */
enum status status_of_error(int error);
/** status_is_excused() - --if-efi was given, and @report says that there is no EFI */
bool status_is_excused(const struct efimap_report *report, bool if_efi);
/** status_of_verdict() - of any command */
enum status status_of_verdict(enum efimap_verdict verdict);
/** status_of_report() - the exit status that a report leads to: nothing unknown passes */
enum status status_of_report(const struct efimap_report *report, bool if_efi);

/**
 * status_of_outcome() - the exit status of a report if --fail-on names outcomes
 * @status:   the status that the verdict on @report leads to
 * @outcomes: bits, as &struct common.outcomes; 0 changes nothing
 *
 * A source that cannot be read or may not be read keeps its status, and so does a machine that
 * was booted without EFI. Findings that a baseline accepts do not count.
 *
 * Return: STATUS_FINDINGS if one of @outcomes occurs. Otherwise STATUS_NOT_APPLICABLE if parts
 * of the map were not seen, else STATUS_OK.
 */
enum status status_of_outcome(enum status status, const struct efimap_report *report,
			      uint32_t outcomes);

/**
 * put_message() - a message about the run on standard error, after "efimapctl: "
 *
 * Control characters, which paths and captures can hold, come out as \xNN.
 */
void put_message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/** report_error() - the same from @err, or from @error where that tells nothing; and its status */
enum status report_error(int error, const char *name, struct efimap_err *err);
/** report_errno() - "NAME: " and the text of a negative errno; always STATUS_UNREADABLE */
enum status report_errno(const char *name, int error);
/** report_snapshot_too_long() - nothing could read the snapshot of @name; STATUS_UNREADABLE */
enum status report_snapshot_too_long(const char *name);
/** usage_error() - argp_error() for text that holds words of the command line; it ends us */
_Noreturn void usage_error(const struct argp_state *state, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** stdio_prepare() - before anything else: descriptors 0 to 2, and a check at exit */
void stdio_prepare(void);

#endif
