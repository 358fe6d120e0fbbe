/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing a report, and many of them summed up. */
#ifndef SHOW_REPORT_H
#define SHOW_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/output_buffer.h"
#include "rules/report.h"
#include "show/text_style.h"

/** report_text_answer() - what everything else begins with: of verify a line for each answer, and
 * what to do; of others one sentence */
void report_text_answer(const struct efimap_report *report,
			const struct efimap_text_options *options, struct efimap_out *out);

/**
 * efimap_report_write_text() - findings and the counts line; nothing where none is shown
 *
 * "RULE: SEVERITY: what is found". Below it, with verbose: the facts and what comes of it.
 */
int efimap_report_write_text(const struct efimap_report *report,
			     const struct efimap_text_options *options,
			     struct efimap_out *out);

/** report_text_findings() - all of them, and nothing else */
void report_text_findings(const struct efimap_report *report,
			  const struct efimap_text_options *options, struct efimap_out *out);

/** report_has_text() - does efimap_report_write_text() show a finding, or a skipped rule? */
bool report_has_text(const struct efimap_report *report,
		     const struct efimap_text_options *options);

/** report_text_counts() - "0 errors, 1 warning, 2 notes", and what else makes that less */
void report_text_counts(const struct efimap_report *report, struct efimap_out *out);

/** efimap_report_write_json() - an efimap-report document; on one line where @compact */
int efimap_report_write_json(const char *source, const struct efimap_report *report,
			     bool compact, struct efimap_out *out);

/**
 * struct efimap_summary - many reports summed up; starts as zeros
 * @verdicts: of them, by verdict
 * @outcomes: of them, by outcome
 * @rules:    sources in which a rule spoke, by its highest severity there
 * @by_kexec: of kernels that kexec started
 */
struct efimap_summary {
	size_t sources;
	size_t verdicts[EFIMAP_VERDICT_UNREADABLE + 1];
	size_t outcomes[EFIMAP_OUTCOME_COUNT];
	size_t rules[EFIMAP_RULE_COUNT][EFIMAP_ERROR + 1];
	size_t by_kexec;
};

/** efimap_summary_add() - take a report into account; NULL: there is none, for an error */
void efimap_summary_add(struct efimap_summary *summary, const struct efimap_report *report);

/**
 * efimap_summary_write_text() - totals by verdict, the rules that spoke in most sources, and
 * of what seems to be two ends of a hand-over, what holds them against each other
 * @notes:   count notes too
 */
int efimap_summary_write_text(const struct efimap_summary *summary, bool notes, bool color,
			      struct efimap_out *out);

extern const struct document document_report;

#endif
