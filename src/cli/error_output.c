/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Print messages on standard error, and check standard input, output and error. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/escape_text.h"
#include "cli/error_output.h"
#include "document/snapshot.h"

#define MAX_MESSAGE 4096

static bool is_progress_shown;

static void erase_progress(struct out *out)
{
	if (is_progress_shown)
		out_puts(out, "\r\033[K");
	is_progress_shown = false;
}

void put_progress(size_t n_done, size_t n_all)
{
	auto_out struct out out = EFIMAP_OUT_FD(STDERR_FILENO);
	static time_t next;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	/* The first time is between one and two seconds after the first call. */
	if (!next)
		next = now.tv_sec + 2;
	if (n_done == n_all) {
		erase_progress(&out);
	} else if (now.tv_sec >= next && isatty(STDERR_FILENO)) {
		erase_progress(&out);
		out_printf(&out, "%zu of %zu sources were read", n_done, n_all);
		is_progress_shown = true;
		next = now.tv_sec + 1;
	}
	out_flush(&out);
}

void put_message(const char *fmt, ...)
{
	static const char operand[] = "-:";
	auto_out struct out out = EFIMAP_OUT_FD(STDERR_FILENO);
	const char *rest;
	char text[MAX_MESSAGE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	erase_progress(&out);
	out_puts(&out, "efimapctl: ");
	/* Print the SOURCE "-" as "standard input", as messages about read errors do. */
	rest = strncmp(text, operand, sizeof(operand) - 1) == 0 ? text + 1 : text;
	out_puts(&out, rest == text ? "" : "standard input");
	out_escaped(&out, rest);
	out_putc(&out, '\n');
	/* Write errors cannot be reported. */
	out_flush(&out);
}

enum status report_errno(const char *name, int error)
{
	put_message("%s: %s", name, strerror(-error));
	return status_of_error(error);
}

enum status report_snapshot_too_long(const char *name)
{
	put_message("%s: the snapshot would be larger than %zu MiB, the limit for an input file",
		    name, EFIMAP_DOCUMENT_MAX_BYTES >> 20);
	return STATUS_UNREADABLE;
}

_Noreturn void usage_error(const struct argp_state *state, const char *fmt, ...)
{
	auto_out struct out out = EFIMAP_OUT_MEM;
	char text[MAX_MESSAGE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	out_escaped(&out, text);
	argp_error(state, "%s", out_text(&out));
	/* With the flags that this program uses, argp_error() does not return. */
	exit(argp_err_exit_status);
}

enum status report_error(int error, const char *name, struct err *err)
{
	char text[sizeof(err->where) + sizeof(err->text) + 64];

	err_set(err, -error, name, "%s", strerror(-error));
	err_format(err, text, sizeof(text));
	put_message("%s", text);
	return status_of_error(error);
}

/*
 * Check standard output at exit, so that "efimapctl --help >/dev/full" fails. Only --help, --usage
 * and --version write to standard output through stdio, and they do not check for errors.
 */
static void check_stdout(void)
{
	if (!ferror(stdout) && fflush(stdout) == 0)
		return;
	put_message("standard output: %s", strerror(errno));
	_exit(STATUS_UNREADABLE);
}

void stdio_prepare(void)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO },
				{ .fd = STDOUT_FILENO },
				{ .fd = STDERR_FILENO } };
	const int n_closed = poll(fds, sizeof(fds) / sizeof(fds[0]), 0);

	/*
	 * Open descriptors 0 to 2 if they are closed. Otherwise, the next file to be opened would
	 * get one of these numbers, and results or messages would be written to it. Each descriptor
	 * is opened in the wrong direction, so that using it fails.
	 */
	for (int fd = STDIN_FILENO; n_closed > 0 && fd <= STDERR_FILENO; fd++)
		if (fds[fd].revents & POLLNVAL &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(STATUS_UNREADABLE);
	/*
	 * Let a write beyond the file size limit fail, so that the error is reported and the
	 * temporary file is removed.
	 */
	signal(SIGXFSZ, SIG_IGN);
	if (atexit(check_stdout) != 0)
		_exit(STATUS_UNREADABLE);
}
