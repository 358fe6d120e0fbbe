/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_REPORT_OUTPUT_H
#define SHOW_REPORT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "answer/answers.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "show/text_style.h"
#include "show/text_table.h"

/**
 * report_text_lines() - write the answer lines of a report with their advice
 *
 * If the report has no answer lines, its @answer is written. Verbose output also lists unread data.
 */
void report_text_lines(const struct report *report, const struct text_options *options,
		       struct out *out);

/** report_text_notes() - write EFIMAP_SHOWN_ANSWER notes */
void report_text_notes(const struct report *report, const struct text_options *options,
		       struct out *out);

/** report_text_answer() - write what report_text_lines() writes, and EFIMAP_SHOWN_ANSWER notes */
void report_text_answer(const struct report *report, const struct text_options *options,
			struct out *out);

/**
 * report_is_headline() - return whether a line of an answer ends with the rule of a finding
 */
bool report_is_headline(const struct report *report, const struct finding *finding);

/** report_count_not_checked() - return how many checks lacked data, as "Not checked" counts them */
size_t report_count_not_checked(const struct report *report);

/**
 * report_text_advice() - write what to do, for compare and received
 * @lasting: a clause about the first kernel, because of which it never passes EFI data, or NULL
 */
void report_text_advice(enum verdict verdict, enum outcome outcome, const char *lasting,
			const struct text_options *options, struct out *out);

/**
 * report_text_verdict() - write "VERDICT: ANSWER. This kernel was HOW." for compare and received
 * @how: how the kernel was loaded, such as "loaded by kexec_load", or ""
 */
void report_text_verdict(const struct report *report, enum verdict verdict, const char *how,
			 const struct text_options *options, struct out *out);

/** report_loaded_by() - return such as "loaded by kexec_load", or "" if it is not known */
const char *report_loaded_by(enum find_loaded_by loaded_by);

/**
 * report_write_text() - write the findings and their counts
 *
 * A finding is written as "RULE: SEVERITY: MESSAGE". Verbose output also contains the evidence and
 * the consequence of each finding, and the skipped rules. If no rule was run, or if
 * report_has_text() returns false, findings and counts are omitted. The verdict and the reason are
 * written first, unless the verdict is pass, warn or fail, or the report has answer lines.
 */
void report_write_text(const struct report *report, const struct text_options *options,
		       struct out *out);

/** struct report_row - a row of the table of several sources */
struct report_row {
	const char *source;
	const struct report *report;
};

#define REPORT_COLUMNS 4

/**
 * report_columns - SOURCE, KEXEC, PANIC-NOW and ONCE-LOADED
 *
 * The cells contain the worst outcome of a question, such as "does-not-boot,chance" or "ok,if", and
 * the state of kdump.
 */
extern const struct text_table_column report_columns[REPORT_COLUMNS];

/** report_has_text() - return whether @options select a finding or a skipped rule of a report */
bool report_has_text(const struct report *report, const struct text_options *options);

/** report_text_map() - write the summary of the map, which verify prints as its last line */
void report_text_map(const struct report *report, const struct text_options *options,
		     struct out *out);

/** report_text_counts() - append text such as "0 errors, 1 warning, 2 notes; 1 rule skipped" */
void report_text_counts(const struct report *report, size_t n_notes, size_t n_skipped,
			struct out *out);

/**
 * struct first_source - the first source of several that are counted together
 * @source: the source, or NULL if there is none; borrowed
 * @why:    what was found in this source
 */
struct first_source {
	const char *source;
	const char *why;
};

/**
 * struct summary - counts over several reports; the caller initialises it with zeros, and
 *                         calls summary_free()
 * @rules:           for each rule and severity, the number of sources in which this severity was
 *                   the highest one of the rule's findings. The last column counts the sources with
 *                   an unknown answer whose reason is the rule.
 * @first:           the first source of each number in @rules
 * @not_applicable:  the first source to which verify does not apply
 * @texts:           owns the texts of @first and @not_applicable
 * @outcomes:        number of sources by question and by outcome of the worst answer
 * @states:          number of sources by state of kdump
 * @booted_by_kexec: number of kernels that were booted by kexec; set by the caller
 */
struct summary {
	size_t sources;
	size_t verdicts[EFIMAP_VERDICT_UNREADABLE + 1];
	size_t outcomes[2][EFIMAP_OUTCOME_COUNT];
	size_t states[EFIMAP_KDUMP_STATE_COUNT];
	size_t rules[EFIMAP_RULE_COUNT][EFIMAP_ERROR + 2];
	struct first_source first[EFIMAP_RULE_COUNT][EFIMAP_ERROR + 2];
	struct first_source not_applicable;
	struct arena texts;
	size_t booted_by_kexec;
	size_t assumed;
};

/**
 * summary_add() - add a report to the counts
 * @source: borrowed by @summary
 */
void summary_add(struct summary *summary, const char *source, const struct report *report);

void summary_free(struct summary *summary);

/**
 * summary_write_text() - write totals by verdict and by outcome, and the rules that matched
 * in the most sources
 * @notes: count notes too
 *
 * If kexec booted the kernel of exactly one of two sources, also write a command that compares the
 * sources.
 */
void summary_write_text(const struct summary *summary, bool notes, unsigned int width, bool color,
			struct out *out);

/** document_report - the document of a &struct report of verify */
extern const struct fields document_report;

#endif
