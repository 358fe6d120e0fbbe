/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Set the outcome and the answer of compare and received. src/answer does this for verify. */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "rules/outcome.h"

/* How sentences about an effect that is certain, and about one that is a chance, continue */
static const struct sentences {
	const char *will;
	const char *may;
} sentences[] = {
	[EFIMAP_OUTCOME_ENTRY_DROPPED] = {
		", but dropped an entry of the runtime map",
		", but may have dropped an entry of the runtime map",
	},
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] = {
		", but firmware memory was left unprotected",
		", but firmware memory may have been left unprotected",
	},
	[EFIMAP_OUTCOME_NO_RUNTIME] = {
		", but its EFI runtime services fail when they are called",
		", but its EFI runtime services may fail when they are called",
	},
	[EFIMAP_OUTCOME_NO_EFI] = { " without EFI", ", but may have no EFI" },
	[EFIMAP_OUTCOME_NO_BOOT] = {
		", but received data that can keep a kernel from booting",
		", but may have received data that can keep a kernel from booting",
	},
};

/* Return what was not checked as a sentence without a full stop, or "". */
static const char *find_unchecked(struct report *report)
{
	if (report_is_partial(report))
		return "not every file could be read";
	if (report->why_skipped)
		return report->why_skipped;
	return report->lost
		       ? arena_printf(&report->arena,
				      "faults may have been missed: %s was not read", report->lost)
		       : "";
}

const char *report_why_unknown(const struct report *report)
{
	if (report->missed != EFIMAP_VERDICT_PASS && !report_is_partial(report))
		return report->reason;
	for (size_t i = 0; !*report->unseen && i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		if (finding->certainty == EFIMAP_UNKNOWN &&
		    finding->outcome >= EFIMAP_OUTCOME_NO_RUNTIME)
			return finding_why(finding);
	}
	return report->unseen;
}

void report_set_answer(struct report *report, enum outcome outcome, const char *fmt, ...)
{
	const char *sentence;
	va_list args;

	va_start(args, fmt);
	sentence = arena_vprintf(&report->arena, fmt, args);
	va_end(args);
	report->outcome = outcome;
	report->certainty = outcome == EFIMAP_OUTCOME_UNKNOWN ? EFIMAP_UNKNOWN : EFIMAP_CERTAIN;
	report->answer = arena_printf(&report->arena, "%s.", sentence);
	report->unchecked = "";
}

void report_set_outcome(struct report *report, enum answer_subject subject, const char *fine)
{
	const char *unknown = report_why_unknown(report);
	const struct finding *worst = NULL;

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		if (finding->certainty <= EFIMAP_CHANCE &&
		    finding->outcome > (worst ? worst->outcome : EFIMAP_OUTCOME_NONE))
			worst = finding;
	}
	if (*unknown && !(worst && worst->severity == EFIMAP_ERROR)) {
		report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN, "%s", unknown);
		return;
	}
	if (!worst) {
		report_set_answer(report, EFIMAP_OUTCOME_NONE, "%s", fine);
		report->unchecked = find_unchecked(report);
		report->certainty = *report->unchecked ? EFIMAP_CONDITION : EFIMAP_CERTAIN;
		return;
	}
	report_set_answer(report, worst->outcome, "%s%s: %s",
			  subject == EFIMAP_SUBJECT_THIS ? "this kernel booted"
							 : "the second kernel booted",
			  worst->certainty == EFIMAP_CHANCE ? sentences[worst->outcome].may
							    : sentences[worst->outcome].will,
			  finding_why(worst));
	report->certainty = worst->certainty;
	/* A kernel that has no EFI or could not use it has no worse fault in the unread data. */
	if (worst->outcome < EFIMAP_OUTCOME_NO_RUNTIME)
		report->unchecked = find_unchecked(report);
}

/* Return whether a name as it is printed, such as "ok, if", is the name of a topic ("ok-if"). */
static bool is_name(const char *printed, const char *name)
{
	for (; *printed; printed++) {
		const char c = (char)tolower((unsigned char)*printed);

		if (c == ',' || c == ':')
			continue;
		if ((c == ' ' ? '-' : c) != *name++)
			return false;
	}
	return !*name;
}

const struct topic *topic_find(const char *name)
{
	for (const struct topic *topic = topic_table; topic->name; topic++)
		if (is_name(name, topic->name))
			return topic;
	return NULL;
}
