/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify as a plugin: four exit statuses, an answer on standard output whatever happens,
 * and in time. Standard error, which few of its callers show, becomes a part of it.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/nagios.h"
#include "cli/replace.h"
#include "cli/verify.h"
#include "format/nagios.h"

/* What the guidelines for plugins call the default. */
#define USUAL_SECONDS 10
#define MAX_SAID 4096

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
	argp_err_exit_status = NAGIOS_STATUS_UNKNOWN;
	/* What cannot be shown cannot be helped. */
	if (dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
		return;
}

static void read_said(const struct nagios *nagios, char *buf, size_t size)
{
	ssize_t got = nagios->said < 0 ? 0 : pread(nagios->said, buf, size - 1, 0);

	buf[got > 0 ? got : 0] = '\0';
}

static enum status answer_unknown(const struct nagios *nagios)
{
	static const char no_memory[] = "EFIMAP UNKNOWN - out of memory\n";
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	char said[MAX_SAID];
	const struct efimap_nagios unknown = { .level = EFIMAP_LEVEL_UNKNOWN, .said = said };

	read_said(nagios, said, sizeof(said));
	if (efimap_nagios_write(&unknown, &out) == -ENOMEM || efimap_out_flush(&out) == -ENOMEM)
		write_all(STDOUT_FILENO, no_memory, sizeof(no_memory) - 1);
	return NAGIOS_STATUS_UNKNOWN;
}

enum status nagios_run(struct nagios *nagios, unsigned int seconds,
		       enum status (*work)(void *), void *input)
{
	enum status status;
	bool *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	nagios->said = memfd_create("messages", MFD_CLOEXEC);
	if (nagios->said >= 0 && dup2(nagios->said, STDERR_FILENO) < 0)
		nagios->said = -1;
	if (shared == MAP_FAILED) {
		say("%s", strerror(errno));
		return answer_unknown(nagios);
	}
	nagios->has_answered = shared;
	status = deadline_run(seconds ? seconds : USUAL_SECONDS, work, input);
	return *nagios->has_answered && status <= NAGIOS_STATUS_UNKNOWN ?
		       status :
		       answer_unknown(nagios);
}

static enum efimap_level level_of(const struct verify *verify,
				  const struct efimap_report *report, size_t n_faults)
{
	const enum efimap_level level = efimap_level(report);

	if (report->verdict == EFIMAP_VERDICT_NOT_APPLICABLE &&
	    !status_is_excused(report, verify->if_efi))
		return EFIMAP_LEVEL_UNKNOWN;
	/* Half of what the rules look at was not there; an error is one all the same. */
	return n_faults && level < EFIMAP_LEVEL_CRITICAL ? EFIMAP_LEVEL_UNKNOWN : level;
}

void nagios_tell(const struct verify *verify, const struct efimap *map,
		 const struct efimap_report *report, struct efimap_out *out,
		 struct outcome *outcome)
{
	const size_t n_faults = map ? source_say_faults(map, FAULT_SHOWN, FAULT_BESIDE) : 0;
	char said[MAX_SAID];
	const struct efimap_nagios nagios = {
		.level = level_of(verify, report, n_faults),
		.map = map,
		.report = report,
		.fail_on = verify->options.fail_on,
		.notes = verify->common.verbose || verify->options.fail_on == EFIMAP_NOTE,
		.said = said,
	};
	int ret;

	read_said(verify->nagios, said, sizeof(said));
	ret = efimap_nagios_write(&nagios, out);
	outcome->verdict = report->verdict;
	/* The numbers are the exit statuses of a plugin. */
	outcome->status = (enum status)nagios.level;
	if (ret == 0 && efimap_out_flush(out) == 0)
		*verify->nagios->has_answered = true;
}
