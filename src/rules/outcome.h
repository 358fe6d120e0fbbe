/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: outcomes
 *
 * The outcome of a report is the worst consequence of all findings, or EFIMAP_OUTCOME_UNKNOWN. The
 * answer is a sentence for users who are not familiar with runtime maps.
 */
#ifndef RULES_OUTCOME_H
#define RULES_OUTCOME_H

#include "rules/report.h"

enum efimap_subject {
	EFIMAP_SUBJECT_SECOND,
	EFIMAP_SUBJECT_THIS,
};

/**
 * efimap_report_set_outcome() - set the outcome and the answer that follow from the findings
 * @fine: predicate of the answer if no finding has a consequence, such as "booted with EFI"
 *
 * If data that affects the outcome is missing, the outcome is unknown, unless a finding is an
 * error.
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_report_set_outcome(struct efimap_report *report, enum efimap_subject subject,
			      const char *fine);

/**
 * efimap_report_set_answer() - set an outcome that does not follow from findings
 * @fmt: format of the answer, without a full stop
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_report_set_answer(struct efimap_report *report, enum efimap_outcome outcome,
			     const char *fmt, ...) __attribute__((format(printf, 3, 4)));

enum efimap_outcome efimap_report_unaccepted_outcome(const struct efimap_report *report);

/**
 * struct efimap_topic - a topic of explain that is not a rule
 * @name: name, such as "boots-without-efi" or "noruntime-in-first-kernel"
 * @kind: "outcome", or "cause" for a cause of received
 */
struct efimap_topic {
	const char *name;
	const char *kind;
	const char *means;
	const char *fix;
};

/** efimap_topics - all topics, grouped by kind; the last element has a NULL name */
extern const struct efimap_topic efimap_topics[];

const struct efimap_topic *efimap_topic_find(const char *name);

#endif
