/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify as a plugin: four exit statuses, an answer on standard output whatever happens,
 * and in time (Monitoring Plugins Development Guidelines). Standard error, which few of
 * its callers show, becomes a part of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/nagios.h"
#include "cli/replace.h"
#include "cli/verify.h"
#include "format/format.h"
#include "format/metrics.h"

/* What the guidelines for plugins call the default. */
#define USUAL_SECONDS 10
/* Of an answer as a whole, and of a line in it. */
#define MAX_ANSWER ((size_t)4000)
#define MAX_LINE ((size_t)400)
#define MAX_SAID 4096
/* Beside the state in the status of nagios_tell(): the answer is out. */
#define ANSWERED 0x10

static const char *const level_names[] = {
	[EFIMAP_LEVEL_OK] = "OK",
	[EFIMAP_LEVEL_WARNING] = "WARNING",
	[EFIMAP_LEVEL_CRITICAL] = "CRITICAL",
	[EFIMAP_LEVEL_UNKNOWN] = "UNKNOWN",
};

bool nagios_is_meant(int argc, char **argv)
{
	static const char option[] = "--nagios";

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		/* As far as it can be shortened: --not-... would be something else. */
		if (strlen(argv[i]) > 3 && strncmp(argv[i], option, strlen(argv[i])) == 0)
			return true;
	return false;
}

void nagios_prepare(void)
{
	argp_err_exit_status = EFIMAP_LEVEL_UNKNOWN;
	/* What cannot be shown cannot be helped. */
	if (dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
		return;
}

/* A "|" would begin performance data, so none comes from a capture; long lines are cut.
 */
static void add_line(struct efimap_out *answer, struct efimap_out *line)
{
	size_t len = line->used < MAX_LINE ? line->used : MAX_LINE;

	while (len < line->used && len > 0 &&
	       ((unsigned char)line->data[len] & 0xc0) == 0x80)
		len--;
	for (size_t i = 0; i < len; i++)
		efimap_out_puts(answer, line->data[i] == '|'
						? "\\x7c"
						: (const char[]){ line->data[i], '\0' });
	efimap_out_puts(answer, len < line->used ? "..." : "");
	line->used = 0;
	if (line->error && !answer->error)
		answer->error = line->error;
}

static bool has_room(const struct efimap_out *answer)
{
	/* Every byte of a line may need four. */
	return answer->used + 4 * MAX_LINE < MAX_ANSWER;
}

/* The next of the lines that were said, without the name of the program before it. */
static bool gather_said(char **said, struct efimap_out *line)
{
	static const char name[] = "efimapctl: ";
	char *text = strsep(said, "\n");

	if (!text || !*text)
		return false;
	text += strncmp(text, name, sizeof(name) - 1) == 0 ? sizeof(name) - 1 : 0;
	efimap_out_safe(line, text);
	return true;
}

static void add_said(struct efimap_out *answer, struct efimap_out *line, char *said)
{
	while (has_room(answer) && gather_said(&said, line)) {
		add_line(answer, line);
		efimap_out_putc(answer, '\n');
	}
}

/* Standard error is a file in memory since nagios_run(). */
static void read_said(char buf[MAX_SAID])
{
	const ssize_t got = pread(STDERR_FILENO, buf, MAX_SAID - 1, 0);

	buf[got > 0 ? got : 0] = '\0';
}

static enum status answer_unknown(void)
{
	static const char no_memory[] = "EFIMAP UNKNOWN - out of memory\n";
	efimap_auto_out struct efimap_out answer = EFIMAP_OUT_MEM, line = EFIMAP_OUT_MEM;
	char said[MAX_SAID];
	char *rest = said;

	read_said(said);
	efimap_out_puts(&answer, "EFIMAP UNKNOWN - ");
	if (!gather_said(&rest, &line))
		efimap_out_puts(&line, "no answer");
	add_line(&answer, &line);
	efimap_out_putc(&answer, '\n');
	add_said(&answer, &line, rest);
	if (answer.error)
		write_all(STDOUT_FILENO, no_memory, sizeof(no_memory) - 1);
	else
		write_all(STDOUT_FILENO, answer.data, answer.used);
	return (enum status)EFIMAP_LEVEL_UNKNOWN;
}

enum status nagios_run(unsigned int seconds, enum status (*work)(void *), void *input)
{
	int said = memfd_create("messages", MFD_CLOEXEC);
	unsigned int status;

	if (said < 0 || dup2(said, STDERR_FILENO) < 0)
		return answer_unknown();
	close(said);
	status = deadline_run(seconds ? seconds : USUAL_SECONDS, work, input);
	return status & ANSWERED ? (enum status)(status & ~(unsigned int)ANSWERED)
				 : answer_unknown();
}

static enum efimap_level level_of(const struct verify *verify,
				  const struct efimap_report *report)
{
	if (report->missed == EFIMAP_MISSED_ALL &&
	    !status_is_excused(report, verify->common.if_efi))
		return EFIMAP_LEVEL_UNKNOWN;
	return efimap_level(report);
}

static void gather_finding(const struct efimap_finding *finding, struct efimap_out *line)
{
	efimap_out_printf(line, "%s: ", efimap_severity_name(finding->severity));
	efimap_out_safe(line, finding->message);
	efimap_out_printf(line, " [%s]", finding->rule->name);
}

static void gather_counts(const struct efimap *map, const struct efimap_report *report,
			  struct efimap_out *line)
{
	const size_t errors = report->counts[EFIMAP_ERROR];
	const size_t warnings = report->counts[EFIMAP_WARNING];

	efimap_out_printf(line, "%zu %s, %zu %s, %zu %s", map->n_entries,
			  map->n_entries == 1 ? "entry" : "entries", errors,
			  errors == 1 ? "error" : "errors", warnings,
			  warnings == 1 ? "warning" : "warnings");
	if (efimap_report_may_miss_errors(report))
		efimap_out_printf(line, ", %zu %s not tried", report->n_skipped,
				  report->n_skipped == 1 ? "rule" : "rules");
}

static uint64_t total_bytes(const struct efimap *map)
{
	uint64_t sum = 0, size;

	for (size_t i = 0; i < map->n_entries; i++)
		if (__builtin_mul_overflow(map->entries[i].pages, EFIMAP_PAGE_SIZE,
					   &size) ||
		    __builtin_add_overflow(sum, size, &sum))
			return UINT64_MAX;
	return sum;
}

/* 'label'=value[unit];warn;crit;min: what is critical above 0, and what only warns */
static void put_performance(struct efimap_out *answer, const struct efimap *map,
			    const struct efimap_report *report,
			    enum efimap_severity fail_on)
{
	static const struct {
		const char *label;
		enum efimap_severity severity;
	} counts[] = { { "errors", EFIMAP_ERROR },
		       { "warnings", EFIMAP_WARNING },
		       { "notes", EFIMAP_NOTE } };

	efimap_out_printf(answer, " | entries=%zu;;;0", map->n_entries);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		const enum efimap_severity severity = counts[i].severity;

		efimap_out_printf(answer, " %s=%zu;%s;%s;0", counts[i].label,
				  report->counts[severity],
				  severity < fail_on && severity >= EFIMAP_WARNING ? "0"
										   : "",
				  severity >= fail_on ? "0" : "");
	}
	efimap_out_printf(answer, " bytes=%" PRIu64 "B;;;0", total_bytes(map));
}

static void add_findings(struct efimap_out *answer, struct efimap_out *line,
			 const struct efimap_report *report, bool notes)
{
	size_t rest = 0;

	for (size_t i = 0; i < report->n_findings; i++) {
		if (report->findings[i].severity == EFIMAP_NOTE && !notes)
			continue;
		if (!has_room(answer)) {
			rest++;
			continue;
		}
		gather_finding(&report->findings[i], line);
		add_line(answer, line);
		efimap_out_putc(answer, '\n');
	}
	if (rest)
		efimap_out_printf(answer, "and %zu more\n", rest);
}

/* Why the state is what it is; @said is what else hindered us, and loses its first line.
 */
static void gather_why(const struct efimap *map, const struct efimap_report *report,
		       enum efimap_level level, char **said, struct efimap_out *line)
{
	if (level == EFIMAP_LEVEL_UNKNOWN) {
		if (!gather_said(said, line))
			efimap_out_puts(line, "no answer");
		return;
	}
	gather_counts(map, report, line);
	/* They are sorted: the first is the worst. */
	if (level != EFIMAP_LEVEL_OK && report->n_findings) {
		efimap_out_puts(line, "; ");
		gather_finding(&report->findings[0], line);
	}
}

/* The state and why, numbers, and then a line for all that is wrong. */
static void compose(const struct verify *verify, const struct efimap *map,
		    const struct efimap_report *report, enum efimap_level level,
		    struct efimap_out *answer)
{
	efimap_auto_out struct efimap_out line = EFIMAP_OUT_MEM;
	const bool is_judged = map && efimap_report_is_judged(report);
	/* Beside an error, what was not seen is a line of its own. */
	const char *reason = efimap_reason_of(report);
	const bool is_why =
		*reason && (!is_judged || level == EFIMAP_LEVEL_UNKNOWN);
	char said[MAX_SAID];
	char *rest = said;

	read_said(said);
	efimap_out_printf(answer, "EFIMAP %s - ", level_names[level]);
	if (is_why)
		efimap_out_safe(&line, reason);
	else
		gather_why(map, report, level, &rest, &line);
	add_line(answer, &line);
	/* Of a part, a zero would say that there are none. */
	if (is_judged && !efimap_report_is_partial(report))
		put_performance(answer, map, report, verify->options.fail_on);
	efimap_out_putc(answer, '\n');
	if (*reason && !is_why) {
		efimap_out_safe(&line, reason);
		add_line(answer, &line);
		efimap_out_putc(answer, '\n');
	}
	if (is_judged)
		add_findings(answer, &line, report,
			     verify->common.verbose ||
				     verify->options.fail_on == EFIMAP_NOTE);
	add_said(answer, &line, rest);
}

enum status nagios_tell(const struct verify *verify, const struct efimap *map,
			const struct efimap_report *report, struct efimap_out *out)
{
	const enum efimap_level level = level_of(verify, report);
	efimap_auto_out struct efimap_out answer = EFIMAP_OUT_MEM;

	compose(verify, map, report, level, &answer);
	if (answer.error)
		return say_errno("the answer", answer.error);
	efimap_out_write(out, answer.data, answer.used);
	return efimap_out_flush(out) < 0 ? STATUS_UNREADABLE
					 : (enum status)((unsigned int)level | ANSWERED);
}
