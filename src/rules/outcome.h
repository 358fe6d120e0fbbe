/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: outcomes
 *
 * The outcome of a report is the worst outcome of all findings, unless data is missing or the
 * verdict determines the outcome. The answer states the outcome in a sentence for users who are not
 * familiar with runtime maps.
 */
#ifndef RULES_OUTCOME_H
#define RULES_OUTCOME_H

#include "rules/report.h"

enum answer_subject {
	EFIMAP_SUBJECT_SECOND,
	EFIMAP_SUBJECT_THIS,
};

/**
 * report_set_outcome() - set the outcome and the answer that follow from the findings
 * @fine: the answer if no finding has an outcome, without its full stop
 *
 * Unless a finding is an error, the outcome is unknown if data was not collected, if no rule was
 * run, or if report.unseen is set. If only some files could not be read, or only a rule with
 * the severity error was skipped, the answer says so, and its certainty is EFIMAP_CONDITION.
 */
void report_set_outcome(struct report *report, enum answer_subject subject, const char *fine);

/** report_why_unknown() - return why the outcome is unknown, or "" if it is known */
const char *report_why_unknown(const struct report *report);

/**
 * report_set_answer() - set the answer, the outcome, and the certainty of the outcome
 * @fmt: format of the answer; the full stop is added
 */
void report_set_answer(struct report *report, enum outcome outcome, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * struct topic - a topic of "efimapctl explain" that is not a rule
 * @name: name, such as "boots-without-efi" or "noruntime-in-first-kernel"
 * @kind: "word", "label" (of a line), "outcome", or "cause" if "efimapctl received" reports the
 *	  topic as a cause
 */
struct topic {
	const char *name;
	const char *kind;
	const char *means;
	const char *fix;
};

/** topic_table - all topics, grouped by kind; the last element has a NULL name */
extern const struct topic topic_table[];

/** EFIMAP_MAX_TOPICS - a bound that is larger than the number of topics */
#define EFIMAP_MAX_TOPICS 64

/**
 * topic_find() - return the topic with this name, or NULL
 * @name: as it is printed, such as "ok, if" or "why:", or as in documents, such as "ok-if"; upper
 *        and lower case do not matter
 */
const struct topic *topic_find(const char *name);

#endif
