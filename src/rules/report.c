/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collect findings in a report, and sort them. The order is the same in all output formats. */
#include <stdlib.h>
#include <string.h>

#include "base/enum_name.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "rules/report.h"

static const char *const verdict_names[] = {
	[EFIMAP_VERDICT_PASS] = "pass",
	[EFIMAP_VERDICT_WARN] = "warn",
	[EFIMAP_VERDICT_FAIL] = "fail",
	[EFIMAP_VERDICT_INCOMPLETE] = "incomplete",
	[EFIMAP_VERDICT_NOT_APPLICABLE] = "not-applicable",
	[EFIMAP_VERDICT_DENIED] = "denied",
	[EFIMAP_VERDICT_UNREADABLE] = "unreadable",
	[EFIMAP_VERDICT_SAME] = "same",
	[EFIMAP_VERDICT_DRIFT] = "drift",
	[EFIMAP_VERDICT_DIFFERS] = "differs",
	[EFIMAP_VERDICT_NOT_COMPARABLE] = "not-comparable",
	[EFIMAP_VERDICT_NOT_RECEIVED] = "not-received",
	[EFIMAP_VERDICT_RECEIVED] = "received",
	[EFIMAP_VERDICT_RECEIVED_UNUSABLE] = "received-unusable",
	[EFIMAP_VERDICT_CANNOT_TELL] = "cannot-tell",
};
EFIMAP_NAME_OF(verdict)

struct report *report_new(void)
{
	struct report *report = array_new(1, sizeof(*report));

	report->reason = report->unseen = report->unchecked = report->answer = report->map_summary =
		report->map_word = "";
	report->machine =
		(struct report_machine){ "unknown", "unknown", "unknown", "unknown", NULL };
	return report;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	free(report->findings);
	arena_free(&report->arena);
	free(report);
}

void report_add(struct report *report, const struct finding *finding)
{
	const size_t count = finding->n_entries, bytes = count * sizeof(*finding->entries);
	uint32_t *entries = arena_alloc(&report->arena, bytes);
	struct finding added = *finding;

	if (count) {
		memcpy(entries, finding->entries, bytes);
		sort_items(entries, count, sizeof(*entries), order_at_32);
	}
	added.severity = severity_of(finding->outcome, finding->certainty);
	added.entries = entries;
	added.n_entries = 0;
	for (size_t i = 0; i < count; i++)
		if (i == 0 || entries[i] != entries[added.n_entries - 1])
			entries[added.n_entries++] = entries[i];
	array_append(&report->findings, &report->n_findings, &report->findings_capacity, &added,
		     sizeof(added));
}

static int compare_entries(const struct finding *a, const struct finding *b)
{
	for (size_t i = 0; i < a->n_entries && i < b->n_entries; i++)
		if (a->entries[i] != b->entries[i])
			return order_u64(a->entries[i], b->entries[i]);
	return order_u64(a->n_entries, b->n_entries);
}

static int compare_evidence(const struct finding *a, const struct finding *b)
{
	for (size_t i = 0; i < a->n_evidence && i < b->n_evidence; i++) {
		const int order = strcmp(a->evidence[i].source, b->evidence[i].source)
					  ?: strcmp(a->evidence[i].value, b->evidence[i].value);

		if (order)
			return order;
	}
	return order_u64(a->n_evidence, b->n_evidence);
}

/* Compare all fields that a user can see, so that equal findings are interchangeable. */
int finding_compare(const struct finding *a, const struct finding *b)
{
	return order_u64(b->severity, a->severity) ?:
	       order_u64(a->rule->id, b->rule->id) ?:
	       compare_entries(a, b) ?:
	       order_u64(b->outcome, a->outcome) ?:
	       order_u64(a->certainty, b->certainty) ?:
	       strcmp(a->message, b->message) ?:
	       order_texts(a->why, b->why) ?:
	       order_texts(a->first, b->first) ?:
	       order_texts(a->second, b->second) ?:
	       compare_evidence(a, b);
}

static int compare_findings(const void *left, const void *right)
{
	return finding_compare(left, right);
}

void report_note_unread(struct report *report, enum verdict missed, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report->reason = arena_vprintf(&report->arena, fmt, args);
	va_end(args);
	report->missed = missed;
}

void report_seal(struct report *report)
{
	sort_items(report->findings, report->n_findings, sizeof(*report->findings),
		   compare_findings);
	memset(report->counts, 0, sizeof(report->counts));
	for (size_t i = 0; i < report->n_findings; i++)
		report->counts[report->findings[i].severity]++;
	report->fails = report->counts[EFIMAP_ERROR] > 0;
	report->warns = report->counts[EFIMAP_WARNING] > 0;
}

bool report_is_unread(const struct report *report)
{
	return report->missed == EFIMAP_VERDICT_DENIED ||
	       report->missed == EFIMAP_VERDICT_UNREADABLE;
}

bool report_is_partial(const struct report *report)
{
	return !report->refused && report_is_unread(report);
}

enum verdict report_verdict(const struct report *report)
{
	if (report->missed != EFIMAP_VERDICT_PASS && report->missed != EFIMAP_VERDICT_INCOMPLETE)
		return report->missed;
	if (report->fails)
		return EFIMAP_VERDICT_FAIL;
	if (report->is_unknown)
		return EFIMAP_VERDICT_INCOMPLETE;
	if (report->missed == EFIMAP_VERDICT_PASS && report->warns)
		return EFIMAP_VERDICT_WARN;
	return report->missed;
}

const char *reason_of_report(const struct report *report)
{
	if (report_verdict(report) == EFIMAP_VERDICT_FAIL)
		return "";
	return *report->reason ? report->reason : report->unseen;
}

const struct finding *find_refusal(const struct report *report)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].outcome == EFIMAP_OUTCOME_CANNOT_LOAD &&
		    report->findings[i].certainty == EFIMAP_CERTAIN)
			return &report->findings[i];
	return NULL;
}
