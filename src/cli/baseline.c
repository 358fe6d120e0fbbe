/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --baseline and --write-baseline: the file, and what is said of it on standard error.
 * Which finding is accepted is decided in src/check/baseline.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/verify.h"

/* More lines than this hide the first one. */
#define MAX_STALE_LINES 10

void baseline_check(const struct baseline *baseline, const struct argp_state *state)
{
	if (baseline->read_name && baseline->write_name)
		usage_error(state, "--baseline and --write-baseline exclude each other; the "
				   "latter keeps what FILE says of other machines");
	if (baseline->write_name && output_is_stdout(baseline->write_name))
		usage_error(state, "--write-baseline takes the name of a file: standard output "
				   "is for the report");
	if (baseline->match != EFIMAP_BASELINE_BY_AUTO && !baseline->write_name)
		usage_error(state, "--baseline-match goes with --write-baseline");
}

/* A baseline is read before it is written; reading from a pipe may wait for ever. */
static bool is_no_file(const char *name)
{
	struct stat seen;

	return name && stat(name, &seen) == 0 && !S_ISREG(seen.st_mode) &&
	       !S_ISDIR(seen.st_mode);
}

enum status baseline_begin(struct baseline *baseline)
{
	const char *name = baseline->read_name ? baseline->read_name : baseline->write_name;
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	if (!name)
		return STATUS_OK;
	ret = is_no_file(baseline->write_name) ?
		      efimap_err_set(&err, EINVAL, name, "a device or pipe; expected a file") :
		      efimap_baseline_read(name, &baseline->known, &err);
	if (ret == -ENOENT && baseline->write_name) {
		err = (struct efimap_err)EFIMAP_ERR_INIT;
		ret = efimap_baseline_new(&baseline->known);
	}
	return ret ? say_error(ret, name, &err) : STATUS_OK;
}

static int record(struct verify *verify, const char *source, const struct efimap *map,
		  struct efimap_report *report)
{
	struct baseline *baseline = &verify->baseline;
	int ret;

	if (!efimap_report_is_judged(report))
		return 0;
	/* What was not seen would be accepted by nobody's having looked. */
	if (efimap_report_is_partial(report)) {
		say("%s: not all of it could be read: not recorded in %s", source,
		    baseline->write_name);
		return 0;
	}
	ret = efimap_baseline_record(baseline->known, baseline->match, map, &verify->options,
				     report);
	if (ret == -ENODATA) {
		say("%s: %s: not recorded in %s", source,
		    baseline->match == EFIMAP_BASELINE_BY_DMI ?
			    "vendor, product and BIOS version are not all known" :
			    "neither DMI nor a whole runtime map tells this machine from others",
		    baseline->write_name);
		baseline->is_short = true;
		return 0;
	}
	if (ret)
		return ret;
	if (report->n_findings && !verify->common.quiet)
		say("%s: %zu %s that no baseline can accept", source, report->n_findings,
		    report->n_findings == 1 ? "finding" : "findings");
	if (!baseline->source)
		baseline->source = strdup(source);
	return baseline->source ? 0 : -ENOMEM;
}

int baseline_judge(struct verify *verify, const char *source, const struct efimap *map,
		   struct efimap_report *report)
{
	struct baseline *baseline = &verify->baseline;
	bool known;
	int ret;

	if (!baseline->known)
		return 0;
	if (baseline->write_name)
		return record(verify, source, map, report);
	ret = efimap_baseline_apply(baseline->known, map, &verify->options, report, &known);
	if (!ret && !known && !verify->common.quiet)
		say("%s: not a machine of %s, so nothing is accepted", source,
		    baseline->read_name);
	return ret;
}

static void say_stale(const struct baseline *baseline, size_t machine, size_t row)
{
	const struct efimap_accepted *accepted =
		&baseline->known->machines[machine].accepted[row];
	char place[32] = "";

	if (accepted->n_phys)
		snprintf(place, sizeof(place), " at 0x%llx",
			 (unsigned long long)accepted->phys[0]);
	say("%s: machines[%zu].accepted[%zu]: %s no longer speaks%s: take it out",
	    baseline->read_name, machine, row, accepted->rule->name, place);
}

/* Only of machines that were judged: those of others cannot be out of date. */
static void say_all_stale(const struct baseline *baseline)
{
	size_t count = 0;

	for (size_t i = 0; i < baseline->known->n_machines; i++) {
		const struct efimap_machine *machine = &baseline->known->machines[i];

		for (size_t j = 0; machine->is_met && j < machine->n_accepted; j++)
			if (!machine->accepted[j].is_due && count++ < MAX_STALE_LINES)
				say_stale(baseline, i, j);
	}
	if (count > MAX_STALE_LINES)
		say("%s: and %zu more", baseline->read_name, count - MAX_STALE_LINES);
}

enum status baseline_end(struct baseline *baseline, bool quiet)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	enum status status = STATUS_OK;

	if (baseline->source) {
		efimap_baseline_tidy(baseline->known);
		efimap_baseline_write(baseline->known, baseline->source, &out);
		status = output_finish(baseline->write_name, 0644, 0, &out);
	} else if (baseline->read_name && !quiet) {
		say_all_stale(baseline);
	}
	if (baseline->is_short)
		status = STATUS_UNREADABLE;
	efimap_baseline_free(baseline->known);
	free(baseline->source);
	return status;
}
