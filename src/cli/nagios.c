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

#include "cli/verify.h"
#include "format/format.h"
#include "model/outcome.h"

/* What the guidelines for plugins call the default. */
#define USUAL_SECONDS 10
/* Of a sentence, and of what was said besides: an answer is to be shorter than 4 kB. */
#define MAX_SENTENCE ((size_t)400)
#define MAX_SAID 2000
/* Beside the state in the status of nagios_tell(): the answer is out. */
#define ANSWERED 0x10

static const char *const level_names[] = {
	[EFIMAP_LEVEL_OK] = "OK",
	[EFIMAP_LEVEL_WARNING] = "WARNING",
	[EFIMAP_LEVEL_CRITICAL] = "CRITICAL",
	[EFIMAP_LEVEL_UNKNOWN] = "UNKNOWN",
};

bool nagios_is_program(const char *name)
{
	return strcmp(basename(name), "check_efimap") == 0;
}

void nagios_prepare(int argc, char **argv)
{
	bool is_meant = nagios_is_program(argv[0]);

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		/* As far as it can be shortened: --not-... would be something else. */
		is_meant |= strlen(argv[i]) > 3 &&
			    strncmp(argv[i], "--nagios", strlen(argv[i])) == 0;
	if (!is_meant)
		return;
	argp_err_exit_status = EFIMAP_LEVEL_UNKNOWN;
	dup2(STDOUT_FILENO, STDERR_FILENO);
}

/* A "|" would begin performance data, so none comes from a capture. */
static void put_plain(const char *text, size_t size, struct efimap_out *answer)
{
	for (size_t i = 0; i < size; i++)
		efimap_out_puts(answer, text[i] == '|' ? "\\x7c" :
							 (const char[]){ text[i], '\0' });
}

/* What is too long is cut, but not within a character. */
static void put_sentence(const char *text, size_t size, struct efimap_out *answer)
{
	size_t len = size < MAX_SENTENCE ? size : MAX_SENTENCE;

	while (len < size && len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	put_plain(text, len, answer);
	efimap_out_puts(answer, len < size ? "..." : "");
}

static void put_state(enum efimap_level level, struct efimap_out *answer)
{
	efimap_out_printf(answer, "EFIMAP %s - ", level_names[level]);
}

/* Standard error is a file in memory since nagios_run(). */
static size_t read_said(char buf[MAX_SAID])
{
	const ssize_t got = pread(STDERR_FILENO, buf, MAX_SAID - 1, 0);

	buf[got > 0 ? got : 0] = '\0';
	return got > 0 ? (size_t)got : 0;
}

/* The first line that was said is why there is no answer. */
static enum status answer_unknown(void)
{
	static const char name[] = "efimapctl: ";
	static const char no_memory[] = "EFIMAP UNKNOWN - out of memory\n";
	efimap_auto_out struct efimap_out answer = EFIMAP_OUT_MEM;
	char said[MAX_SAID];
	const size_t n_said = read_said(said), n_first = strcspn(said, "\n");
	const size_t skip = strncmp(said, name, sizeof(name) - 1) == 0 ? sizeof(name) - 1 : 0;

	put_state(EFIMAP_LEVEL_UNKNOWN, &answer);
	efimap_out_puts(&answer, n_said ? "" : "no answer\n");
	put_sentence(said + skip, n_first - skip, &answer);
	put_plain(said + n_first, n_said - n_first, &answer);
	if (answer.error)
		efimap_write_all(STDOUT_FILENO, no_memory, sizeof(no_memory) - 1);
	else
		efimap_write_all(STDOUT_FILENO, answer.data, answer.used);
	return (enum status)EFIMAP_LEVEL_UNKNOWN;
}

enum status nagios_run(uint64_t seconds, enum status (*work)(void *), void *input)
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

/* What the next kernel lacks is worth an alarm even where a note explains it. */
static enum efimap_level level_of(const struct verify *verify,
				  const struct efimap_report *report)
{
	static const enum efimap_level levels[] = {
		[EFIMAP_CONSEQ_NONE] = EFIMAP_LEVEL_OK,
		[EFIMAP_CONSEQ_ENTRY_DROPPED] = EFIMAP_LEVEL_CRITICAL,
		[EFIMAP_CONSEQ_MEMORY_AT_RISK] = EFIMAP_LEVEL_WARNING,
		[EFIMAP_CONSEQ_NO_RUNTIME] = EFIMAP_LEVEL_CRITICAL,
		[EFIMAP_CONSEQ_NO_EFI] = EFIMAP_LEVEL_WARNING,
		[EFIMAP_CONSEQ_NO_BOOT] = EFIMAP_LEVEL_CRITICAL,
		[EFIMAP_CONSEQ_UNKNOWN] = EFIMAP_LEVEL_UNKNOWN,
	};
	/* What is found is there, whatever else was not seen. */
	static const unsigned int ranks[] = {
		[EFIMAP_LEVEL_OK] = 0, [EFIMAP_LEVEL_WARNING] = 1,
		[EFIMAP_LEVEL_UNKNOWN] = 2, [EFIMAP_LEVEL_CRITICAL] = 3,
	};
	const enum efimap_level alarm = levels[efimap_report_alarm(report)];
	const enum efimap_level level = efimap_level(report);

	if (status_is_excused(report, verify->common.if_efi))
		return EFIMAP_LEVEL_OK;
	return ranks[level] > ranks[alarm] ? level : alarm;
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
	uint64_t bytes = 0;

	efimap_out_printf(answer, " | entries=%zu;;;0", map->n_entries);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		const enum efimap_severity severity = counts[i].severity;

		efimap_out_printf(answer, " %s=%zu;%s;%s;0", counts[i].label,
				  report->counts[severity],
				  severity < fail_on && severity >= EFIMAP_WARNING ? "0"
										   : "",
				  severity >= fail_on ? "0" : "");
	}
	for (size_t i = 0; i < map->n_entries; i++)
		efimap_add_bytes(&bytes, &map->entries[i]);
	efimap_out_printf(answer, " bytes=%" PRIu64 "B;;;0", bytes);
}

/* They are sorted, so a rule's findings of one severity stand together. */
static void put_rules(const struct efimap_report *report, bool notes,
		      struct efimap_out *answer)
{
	const struct efimap_rule *last = NULL;

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		if (finding->rule == last || (finding->severity == EFIMAP_NOTE && !notes))
			continue;
		efimap_out_printf(answer, "%s%s", last ? ", " : "rules: ", finding->rule->name);
		last = finding->rule;
	}
	efimap_out_puts(answer, last ? "\n" : "");
}

static void put_line(struct efimap_out *line, struct efimap_out *answer)
{
	put_sentence(line->data, line->used, answer);
	line->used = 0;
	if (line->error && !answer->error)
		answer->error = line->error;
}

/* The state and the answer, numbers, then what was not seen, and who spoke. */
static void compose(const struct verify *verify, const struct efimap *map,
		    const struct efimap_report *report, enum efimap_level level,
		    struct efimap_out *answer)
{
	efimap_auto_out struct efimap_out line = EFIMAP_OUT_MEM;
	const bool is_judged = map && efimap_report_is_judged(report);

	put_state(level, answer);
	efimap_out_safe(&line, report->answer);
	put_line(&line, answer);
	/* Of a part, a zero would say that there are none. */
	if (is_judged && !efimap_report_is_partial(report))
		put_performance(answer, map, report, verify->options.fail_on);
	efimap_out_putc(answer, '\n');
	if (efimap_report_is_partial(report)) {
		efimap_out_safe(&line, report->reason);
		efimap_out_putc(&line, '\n');
		put_line(&line, answer);
	}
	if (is_judged)
		put_rules(report, verify->common.verbose ||
					  verify->options.fail_on == EFIMAP_NOTE, answer);
}

enum status nagios_tell(const struct verify *verify, const struct efimap *map,
			const struct efimap_report *report)
{
	const enum efimap_level level = level_of(verify, report);
	efimap_auto_out struct efimap_out answer = EFIMAP_OUT_MEM;
	char said[MAX_SAID];
	const size_t n_said = read_said(said);

	compose(verify, map, report, level, &answer);
	put_plain(said, n_said, &answer);
	if (answer.error)
		return say_errno("the answer", answer.error);
	return efimap_write_all(STDOUT_FILENO, answer.data, answer.used) < 0 ?
		       STATUS_UNREADABLE :
		       (enum status)((unsigned int)level | ANSWERED);
}
