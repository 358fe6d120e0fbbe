/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_ERROR_OUTPUT_H
#define CLI_ERROR_OUTPUT_H

#include <argp.h>

#include "base/error.h"
#include "cli/exit_status.h"

/** put_message() - print "efimapctl: " and a message, with control characters as \xNN, on stderr */
void put_message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/**
 * put_progress() - on a terminal, show on stderr how many sources were read, about once a second
 *
 * If @n_done is @n_all, or before the next message, what is shown is erased.
 */
void put_progress(size_t n_done, size_t n_all);
/**
 * report_error() - print @err, or "NAME: " and the text of @error if @err is not set
 * @error: negative errno
 *
 * Return: the status for @error.
 */
enum status report_error(int error, const char *name, struct err *err);
/** report_errno() - print "NAME: " and the text of a negative errno. Return the status for it. */
enum status report_errno(const char *name, int error);
enum status report_snapshot_too_long(const char *name);
_Noreturn void usage_error(const struct argp_state *state, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** stdio_prepare() - open descriptors 0 to 2 if closed, and check standard output at exit */
void stdio_prepare(void);

#endif
