/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: outcomes
 *
 * One word and one sentence for readers who do not know what a runtime map is. The word is the
 * worst consequence of all findings, or EFIMAP_OUTCOME_UNKNOWN.
 */
#ifndef RULES_OUTCOME_H
#define RULES_OUTCOME_H

#include "rules/report.h"

/**
 * enum efimap_subject - the kernel that an answer is about; it has booted
 * @EFIMAP_SUBJECT_SECOND: "Second kernel", of a comparison
 * @EFIMAP_SUBJECT_THIS:   "This kernel", of which received was asked
 */
enum efimap_subject {
	EFIMAP_SUBJECT_SECOND,
	EFIMAP_SUBJECT_THIS,
};

/**
 * efimap_report_set_outcome() - set the outcome and the answer
 * @fine: the end of the sentence if no finding has a consequence: "booted with EFI"
 *
 * If data that decides was not seen, the outcome is unknown, unless there is an error. Then data
 * that was not seen can only make it worse.
 */
int efimap_report_set_outcome(struct efimap_report *report, enum efimap_subject subject,
			      const char *fine);

/**
 * efimap_report_set_answer() - set an outcome that does not follow from findings
 * @report:  its report
 * @fmt:     the sentence, without a full stop
 */
int efimap_report_set_answer(struct efimap_report *report, enum efimap_outcome outcome,
			     const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/**
 * efimap_report_unaccepted_outcome() - find the outcome without findings that a baseline accepts
 */
enum efimap_outcome efimap_report_unaccepted_outcome(const struct efimap_report *report);

/**
 * struct efimap_topic - what explain tells besides rules: an outcome, or a cause of received
 * @name:  "boots-without-efi", "noruntime-in-first-kernel"
 * @kind:  "outcome" or "cause"
 */
struct efimap_topic {
	const char *name;
	const char *kind;
	const char *means;
	const char *fix;
};

/**
 * efimap_topics - all of them, of src/rules/outcomes.topics: those of a kind together; ends with a
 * NULL name
 */
extern const struct efimap_topic efimap_topics[];

const struct efimap_topic *efimap_topic_find(const char *name);

#endif
