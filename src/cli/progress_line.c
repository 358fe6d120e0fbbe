/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Show the progress of a long run in a line on standard error. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/output_buffer.h"
#include "cli/progress_line.h"

/*
 * Minimum time between two updates. A reader cannot follow more than ten updates a second, and the
 * cost of ten updates is not measurable.
 */
#define INTERVAL_MS 100
/* Shorter runs show no line. */
#define PATIENCE_MS 300
#define USUAL_WIDTH 80
#define MAX_WIDTH 200
#define MAX_BAR 40
/* Move to column 0 and clear the line (ECMA-48 EL). */
#define CLEAR_LINE "\r\033[K"

/*
 * Clear the line with progress_make_room() before any other output to the terminal.
 *
 * @shares_screen: standard output is also a terminal
 * @began:         start of the run in milliseconds of the monotonic clock
 * @drawn:         time of the last update in milliseconds of the monotonic clock
 * @total:         number of steps
 */
static struct {
	bool is_on;
	bool shares_screen;
	uint64_t began;
	uint64_t drawn;
	size_t total;
	size_t done;
	size_t with_findings;
} progress;

/* Set while the line is visible. The signal handler reads this variable. */
static volatile sig_atomic_t is_drawn;

static uint64_t now_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static size_t width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return USUAL_WIDTH;
	return size.ws_col < MAX_WIDTH ? size.ws_col : MAX_WIDTH;
}

static void clear_and_die(int number)
{
	if (is_drawn)
		efimap_write_all(STDERR_FILENO, CLEAR_LINE, sizeof(CLEAR_LINE) - 1);
	raise(number);
}

static void watch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	const struct sigaction action = { .sa_handler = clear_and_die,
					  .sa_flags = (int)SA_RESETHAND };
	struct sigaction before;

	/* Handle only signals with the default action, so that ignored signals stay ignored. */
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigaction(signals[i], NULL, &before) == 0 &&
		    before.sa_handler == SIG_DFL)
			sigaction(signals[i], &action, NULL);
}

void progress_begin(size_t total)
{
	progress.is_on = true;
	progress.shares_screen = isatty(STDOUT_FILENO);
	progress.total = total;
	progress.began = now_ms();
	progress.drawn = progress.began + PATIENCE_MS - INTERVAL_MS;
	watch_signals();
}

static int format_time(uint64_t ms, char *buf, size_t size)
{
	const uint64_t seconds = ms / 1000;

	if (seconds < 3600)
		return snprintf(buf, size, "%" PRIu64 ":%02" PRIu64, seconds / 60,
				seconds % 60);
	return snprintf(buf, size, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, seconds / 3600,
			seconds / 60 % 60, seconds % 60);
}

static void format_text(uint64_t now, char *buf, size_t size)
{
	const uint64_t passed = now - progress.began;
	const size_t left = progress.total - progress.done;
	char findings[48] = "", clock[32];

	if (progress.with_findings)
		snprintf(findings, sizeof(findings), ", %zu with findings",
			 progress.with_findings);
	format_time(passed * left / progress.done, clock, sizeof(clock));
	snprintf(buf, size, "%zu of %zu%s, %s left", progress.done, progress.total, findings,
		 clock);
}

/*
 * Write a bar such as "[=====>    ]  42% ", or nothing if the space next to the text is too small.
 */
static void format_bar(size_t room, char *buf, size_t size)
{
	const size_t frame = sizeof("[] 100% ") - 1;
	char cells[MAX_BAR + 1] = "";
	size_t n_cells, full;

	*buf = '\0';
	if (room < frame + 10)
		return;
	n_cells = room - frame < MAX_BAR ? room - frame : MAX_BAR;
	full = progress.done * n_cells / progress.total;
	memset(cells, ' ', n_cells);
	memset(cells, '=', full);
	if (full < n_cells)
		cells[full] = '>';
	snprintf(buf, size, "[%s] %3zu%% ", cells, progress.done * 100 / progress.total);
}

static void draw(uint64_t now)
{
	char text[128], bar[MAX_BAR + 32], line[MAX_WIDTH + sizeof(CLEAR_LINE)];
	/*
	 * Leave the last column empty, because text in this column moves the cursor to the next
	 * line on some terminals.
	 */
	const size_t room = width() - 1;
	size_t len = sizeof(CLEAR_LINE) - 1;

	format_text(now, text, sizeof(text));
	format_bar(room > strlen(text) ? room - strlen(text) : 0, bar, sizeof(bar));
	memcpy(line, CLEAR_LINE, len);
	snprintf(line + len, room + 1, "%s%s", bar, text);
	is_drawn = true;
	efimap_write_all(STDERR_FILENO, line, strlen(line));
	progress.drawn = now;
}

void progress_step(bool has_findings)
{
	uint64_t now;

	if (!progress.is_on)
		return;
	progress.done++;
	progress.with_findings += has_findings;
	now = now_ms();
	if (now >= progress.drawn + INTERVAL_MS)
		draw(now);
}

void progress_make_room(int fd)
{
	if (!is_drawn || (fd == STDOUT_FILENO && !progress.shares_screen))
		return;
	efimap_write_all(STDERR_FILENO, CLEAR_LINE, sizeof(CLEAR_LINE) - 1);
	is_drawn = false;
}

void progress_end(void)
{
	progress_make_room(STDERR_FILENO);
	progress.is_on = false;
}
