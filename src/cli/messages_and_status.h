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

/** combine_status() - Return the status of a run with two results: the first of 3, 5, 1, 4, 0 */
enum status combine_status(enum status a, enum status b);
/** status_of_error() - Return the status for a negative errno of another module */
enum status status_of_error(int error);
/**
 * status_is_excused() - Return whether --if-efi was given and @report says that there is no EFI
 */
bool status_is_excused(const struct efimap_report *report, bool if_efi);
/** status_of_verdict() - Return the status for a verdict of any command */
enum status status_of_verdict(enum efimap_verdict verdict);
/** status_of_report() - Return the status for a report; an unknown result is never STATUS_OK */
enum status status_of_report(const struct efimap_report *report, bool if_efi);

/**
 * status_of_outcome() - Return the status for a report if --fail-on names outcomes
 * @status:   the status for the verdict on @report
 * @outcomes: bits as in &struct common.outcomes; 0 returns @status
 *
 * A source that cannot be read keeps its status, and so does a machine that was booted without
 * EFI. Findings that a baseline accepts do not count.
 *
 * Return: STATUS_FINDINGS if one of @outcomes occurs. Otherwise STATUS_NOT_APPLICABLE if the map
 * is incomplete, or else STATUS_OK.
 */
enum status status_of_outcome(enum status status, const struct efimap_report *report,
			      uint32_t outcomes);

/**
 * put_message() - Print a message on standard error, after "efimapctl: "
 *
 * Control characters, which may occur in paths and captures, are printed as \xNN.
 */
void put_message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/** report_error() - Print @err, or @error if @err is not set, and return the status for it */
enum status report_error(int error, const char *name, struct efimap_err *err);
/** report_errno() - Print "NAME: " and the text of a negative errno; return STATUS_UNREADABLE */
enum status report_errno(const char *name, int error);
/**
 * report_snapshot_too_long() - Report that the snapshot of @name is too long to be read back;
 * return STATUS_UNREADABLE
 */
enum status report_snapshot_too_long(const char *name);
/** usage_error() - Call argp_error() with escaped text, and exit */
_Noreturn void usage_error(const struct argp_state *state, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * stdio_prepare() - Open descriptors 0 to 2 if necessary, and check standard output at exit. Call
 * this first.
 */
void stdio_prepare(void);

#endif
