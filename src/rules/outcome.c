/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The outcome of a report, and the answer, its first sentence. What a rule adds to that
 * sentence is in src/rules/.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "rules/outcome.h"

/*
 * struct phrase - the outcome of a kernel
 * @certain: if a finding is certain
 * @perhaps: if a finding only warns
 */
struct phrase {
	const char *certain;
	const char *perhaps;
};

#define ALWAYS(text) { text, text }
static const struct phrase of_next[] = {
	[EFIMAP_OUTCOME_ENTRY_DROPPED] = {
		"boots, but leaves out memory that the firmware has named",
		"boots, but may leave out memory that the firmware has named" },
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] =
		ALWAYS("boots, but memory that is in use may be overwritten"),
	[EFIMAP_OUTCOME_NO_RUNTIME] = { "boots, but its EFI runtime services fail",
					"boots, but its EFI runtime services may fail" },
	[EFIMAP_OUTCOME_NO_EFI] = { "boots without EFI", "may boot without EFI" },
	[EFIMAP_OUTCOME_NO_BOOT] = { "will not boot", "may not boot" },
};
/* If runtime services do not need the memory at risk */
static const struct phrase of_spared =
	ALWAYS("boots with EFI runtime services, but some of the firmware's memory may be "
	       "overwritten");
/* The kernel is running, because a capture of it exists. */
static const struct phrase of_this[] = {
	[EFIMAP_OUTCOME_ENTRY_DROPPED] =
		ALWAYS("has EFI, but not all memory that the firmware has named"),
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] =
		ALWAYS("has EFI, but memory that is in use may be overwritten"),
	[EFIMAP_OUTCOME_NO_RUNTIME] = { "has EFI, but its runtime services fail",
					"has EFI, but its runtime services may fail" },
	[EFIMAP_OUTCOME_NO_EFI] = { "runs without EFI", "may run without EFI" },
	[EFIMAP_OUTCOME_NO_BOOT] =
		ALWAYS("runs, but what it was handed can stop a kernel from booting"),
};

static const struct {
	const char *name;
	const struct phrase *phrases;
} subjects[] = {
	[EFIMAP_SUBJECT_NEXT] = { "Next kernel", of_next },
	[EFIMAP_SUBJECT_THIS] = { "This kernel", of_this },
};

/* The findings are sorted, so the first with the worst consequence is the most severe. */
static const struct efimap_finding *worst_of(const struct efimap_finding *findings, size_t count)
{
	const struct efimap_finding *worst = NULL;

	for (size_t i = 0; i < count; i++)
		if (findings[i].consequence > EFIMAP_OUTCOME_NONE &&
		    (!worst || findings[i].consequence > worst->consequence))
			worst = &findings[i];
	return worst;
}

/* Count the findings, with the accepted ones after them. */
static size_t count_all(const struct efimap_report *report)
{
	return report->n_findings + report->n_accepted;
}

static bool all_spare_runtime(const struct efimap_report *report)
{
	for (size_t i = 0; i < count_all(report); i++)
		if (report->findings[i].consequence > EFIMAP_OUTCOME_NONE &&
		    !report->findings[i].rule->spares_runtime)
			return false;
	return true;
}

static const struct phrase *phrase_of(const struct efimap_report *report,
				      enum efimap_subject subject,
				      enum efimap_outcome consequence)
{
	if (subject == EFIMAP_SUBJECT_NEXT && consequence == EFIMAP_OUTCOME_MEMORY_AT_RISK &&
	    all_spare_runtime(report))
		return &of_spared;
	return &subjects[subject].phrases[consequence];
}

/* Return why missing data may hide a worse outcome than the findings, or NULL. */
static const char *why_unknown(const struct efimap_report *report)
{
	for (size_t i = 0; i < count_all(report); i++)
		if (report->findings[i].severity == EFIMAP_ERROR &&
		    report->findings[i].consequence > EFIMAP_OUTCOME_NONE)
			return NULL;
	if (report->missed != EFIMAP_VERDICT_PASS && !efimap_report_is_partial(report))
		return report->reason;
	return *report->unseen ? report->unseen : NULL;
}

static const char *proviso_of(const struct efimap_report *report)
{
	if (efimap_report_is_partial(report))
		return ", as far as could be read";
	return efimap_report_may_miss_errors(report) ? ", as far as the capture shows" : "";
}

int efimap_report_set_answer(struct efimap_report *report, enum efimap_outcome outcome,
			     const char *fmt, ...)
{
	const char *sentence, *answer;
	va_list args;

	va_start(args, fmt);
	sentence = efimap_arena_vprintf(&report->arena, fmt, args);
	va_end(args);
	answer = sentence ? efimap_arena_printf(&report->arena, "%s.", sentence) : NULL;
	if (!answer)
		return -ENOMEM;
	report->outcome = outcome;
	report->answer = answer;
	return 0;
}

int efimap_report_set_outcome(struct efimap_report *report, enum efimap_subject subject,
			      const char *fine)
{
	const struct efimap_finding *worst = worst_of(report->findings, count_all(report));
	const char *name = subjects[subject].name, *unknown = why_unknown(report);
	const struct phrase *phrase;

	if (unknown)
		return efimap_report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN, "%s: not known: %s",
						name, unknown);
	if (!worst)
		return efimap_report_set_answer(report, EFIMAP_OUTCOME_NONE, "%s: %s%s", name, fine,
						proviso_of(report));
	phrase = phrase_of(report, subject, worst->consequence);
	/* Without EFI or without a kernel, missing data cannot make the outcome worse. */
	return efimap_report_set_answer(
		report, worst->consequence, "%s: %s%s: %s", name,
		worst->certainty == EFIMAP_MAY ? phrase->perhaps : phrase->certain,
		worst->consequence < EFIMAP_OUTCOME_NO_EFI ? proviso_of(report) : "",
		worst->answer ? worst->answer : worst->message);
}

enum efimap_outcome efimap_report_unaccepted_outcome(const struct efimap_report *report)
{
	const struct efimap_finding *worst;

	if (report->n_accepted == 0 || report->outcome == EFIMAP_OUTCOME_UNKNOWN)
		return report->outcome;
	worst = worst_of(report->findings, report->n_findings);
	return worst ? worst->consequence : EFIMAP_OUTCOME_NONE;
}

const struct efimap_topic *efimap_topic_find(const char *name)
{
	const struct efimap_topic *topic = efimap_topics;

	while (topic->name && strcmp(topic->name, name) != 0)
		topic++;
	return topic->name ? topic : NULL;
}
