/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write a report, or a summary of several reports. */
#ifndef SHOW_REPORT_H
#define SHOW_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/output_buffer.h"
#include "rules/report.h"
#include "show/text_style.h"

/**
 * report_text_answer() - Write the start of a report: for verify a line for each answer and the
 * advice, for other commands one sentence
 */
void report_text_answer(const struct efimap_report *report,
			const struct efimap_text_options *options, struct efimap_out *out);

/**
 * efimap_report_write_text() - Write the findings and their counts, or nothing if none is shown
 *
 * A finding is "RULE: SEVERITY: MESSAGE". With verbose, the evidence and the consequence follow.
 */
int efimap_report_write_text(const struct efimap_report *report,
			     const struct efimap_text_options *options,
			     struct efimap_out *out);

/** report_text_findings() - Write all findings, without counts */
void report_text_findings(const struct efimap_report *report,
			  const struct efimap_text_options *options, struct efimap_out *out);

/**
 * report_has_text() - Return whether efimap_report_write_text() shows a finding or a skipped rule
 */
bool report_has_text(const struct efimap_report *report,
		     const struct efimap_text_options *options);

/** report_text_counts() - Write "0 errors, 1 warning, 2 notes" and what limits these counts */
void report_text_counts(const struct efimap_report *report, struct efimap_out *out);

/**
 * efimap_report_write_json() - Write an efimap-report document; on one line if @compact is set
 */
int efimap_report_write_json(const char *source, const struct efimap_report *report,
			     bool compact, struct efimap_out *out);

/**
 * struct efimap_summary - counts of several reports; starts zeroed
 * @verdicts: number of reports for each verdict
 * @outcomes: number of reports for each outcome
 * @rules:    number of sources in which a rule matched, by its highest severity there
 * @by_kexec: number of kernels that kexec started
 */
struct efimap_summary {
	size_t sources;
	size_t verdicts[EFIMAP_VERDICT_UNREADABLE + 1];
	size_t outcomes[EFIMAP_OUTCOME_COUNT];
	size_t rules[EFIMAP_RULE_COUNT][EFIMAP_ERROR + 1];
	size_t by_kexec;
};

/** efimap_summary_add() - Add a report; NULL if there is none because of an error */
void efimap_summary_add(struct efimap_summary *summary, const struct efimap_report *report);

/**
 * efimap_summary_write_text() - Write totals by verdict, the rules that matched most sources, and
 * how to compare captures that seem to be from a first and a second kernel
 * @notes: count notes too
 */
int efimap_summary_write_text(const struct efimap_summary *summary, bool notes, bool color,
			      struct efimap_out *out);

extern const struct document document_report;

#endif
