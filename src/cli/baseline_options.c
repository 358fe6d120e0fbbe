/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implement --baseline and --write-baseline. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/baseline_options.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/output_file.h"
#include "document/snapshot.h"
#include "input/json/read_baseline.h"

/*
 * Maximum number of messages about accepted findings that no longer match. More messages would hide
 * the first one.
 */
#define MAX_STALE_LINES 10

void baseline_check(const struct baseline *baseline, const struct argp_state *state)
{
	if (baseline->read_name && baseline->write_name)
		usage_error(state, "--baseline and --write-baseline cannot be combined");
	if (baseline->write_name && output_is_stdout(baseline->write_name))
		usage_error(state, "--write-baseline requires a file name, because standard "
				   "output is for the report");
}

enum status baseline_begin(struct baseline *baseline)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = 0;

	if (baseline->write_name)
		ret = efimap_baseline_new(&baseline->known);
	else if (baseline->read_name)
		ret = efimap_baseline_read(baseline->read_name, &baseline->known, &err);
	return ret ? report_error(ret, baseline->read_name, &err) : STATUS_OK;
}

static int record(struct baseline *baseline, const char *source, const struct efimap *map,
		  const struct efimap_report *report)
{
	int ret;

	if (!efimap_report_is_checked(report))
		return 0;
	if (efimap_report_is_partial(report)) {
		put_message("%s: not recorded in %s, because parts of the source could "
			    "not be read", source,
			    baseline->write_name);
		return 0;
	}
	ret = efimap_baseline_record(baseline->known, map, report);
	if (ret == -ENODATA) {
		put_message("%s: not recorded in %s, because neither DMI data nor a "
			    "complete runtime map identifies this machine",
			    source, baseline->write_name);
		baseline->is_incomplete = true;
		return 0;
	}
	if (ret == 0 && !baseline->source) {
		baseline->source = strdup(source);
		if (!baseline->source)
			return -ENOMEM;
	}
	return ret;
}

int baseline_apply(struct baseline *baseline, enum efimap_severity fail_on, bool quiet,
		   const char *source, const struct efimap *map, struct efimap_report *report)
{
	bool known;
	int ret;

	if (!baseline->known)
		return 0;
	if (baseline->write_name) {
		ret = record(baseline, source, map, report);
		if (ret)
			return ret;
	}
	ret = efimap_baseline_apply(baseline->known, map, fail_on, report, &known);
	if (ret || quiet)
		return ret;
	if (baseline->read_name && !known)
		put_message("%s: this machine is not in %s, so no finding is accepted",
			    source, baseline->read_name);
	if (baseline->write_name && known && report->n_findings)
		put_message("%s: not recorded in %s: %zu %s about incomplete entries",
			    source, baseline->write_name, report->n_findings,
			    report->n_findings == 1 ? "finding" : "findings");
	return 0;
}

static void report_stale(const struct baseline *baseline, size_t machine, size_t row)
{
	const struct efimap_accepted *accepted =
		&baseline->known->machines[machine].accepted[row];
	char place[32] = "";

	if (accepted->n_phys)
		snprintf(place, sizeof(place), " at 0x%llx",
			 (unsigned long long)accepted->phys[0]);
	put_message(
		"%s: machines[%zu].accepted[%zu]: rule %s no longer matches%s; remove "
		"this element",
		baseline->read_name, machine, row, accepted->rule->name, place);
}

/*
 * Report the accepted findings that no longer match, for machines that have a capture in this run.
 */
static void report_all_stale(const struct baseline *baseline)
{
	size_t count = 0;

	for (size_t i = 0; i < baseline->known->n_machines; i++) {
		const struct efimap_machine *machine = &baseline->known->machines[i];

		for (size_t j = 0; machine->is_met && j < machine->n_accepted; j++)
			if (!machine->accepted[j].is_due && count++ < MAX_STALE_LINES)
				report_stale(baseline, i, j);
	}
	if (count > MAX_STALE_LINES)
		put_message("%s: the rules of %zu further elements no longer match; remove "
			    "these elements too",
			    baseline->read_name, count - MAX_STALE_LINES);
}

static enum status write_baseline(const struct baseline *baseline)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	efimap_baseline_write(baseline->known, baseline->source, &out);
	if (out.used <= EFIMAP_DOCUMENT_MAX_BYTES &&
	    baseline->known->n_rows <= EFIMAP_BASELINE_MAX_ROWS)
		return output_finish(baseline->write_name, 0644, 0, &out);
	put_message("%s: %u findings exceed the limit of a baseline; write several "
		    "baselines, each for fewer machines",
		    baseline->write_name, baseline->known->n_rows);
	return STATUS_UNREADABLE;
}

enum status baseline_end(struct baseline *baseline, bool quiet)
{
	enum status status = STATUS_OK;

	if (baseline->source)
		status = write_baseline(baseline);
	else if (baseline->read_name && !quiet)
		report_all_stale(baseline);
	if (baseline->is_incomplete)
		status = STATUS_UNREADABLE;
	efimap_baseline_free(baseline->known);
	free(baseline->source);
	return status;
}
