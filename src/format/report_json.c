/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-report document, and findings as JSON for the documents that carry some.
 * Writes down what check found and judges nothing.
 */
#include <efimap/format.h>

#include "report_json.h"

json_t *counts_value(const struct efimap_report *report)
{
	json_t *counts = json_object();

	for (int severity = EFIMAP_ERROR; severity >= EFIMAP_NOTE; severity--)
		json_member(&counts, efimap_severity_name((enum efimap_severity)severity),
			    json_count(report->counts[severity]));
	return counts;
}

static json_t *entries_value(const struct efimap_finding *finding)
{
	json_t *entries = json_array();

	for (size_t i = 0; i < finding->n_entries; i++)
		json_element(&entries, json_count(finding->entries[i]));
	return entries;
}

static json_t *evidence_value(const struct efimap_finding *finding)
{
	json_t *evidence = json_array();

	for (size_t i = 0; i < finding->n_evidence; i++) {
		json_t *fact = json_object();

		json_member(&fact, "source", json_text(finding->evidence[i].source));
		json_member(&fact, "value", json_text(finding->evidence[i].value));
		json_element(&evidence, fact);
	}
	return evidence;
}

static json_t *finding_value(const struct efimap_finding *finding, bool sides)
{
	json_t *value = json_object();

	json_member(&value, "rule", json_text(finding->rule->name));
	json_member(&value, "severity",
		    json_text(efimap_severity_name(finding->severity)));
	json_member(&value, "consequence",
		    json_text(efimap_consequence_name(finding->consequence)));
	json_member(&value, "entries", entries_value(finding));
	json_member(&value, "message", json_text(finding->message));
	if (sides) {
		json_member(&value, "first", json_text(finding->first));
		json_member(&value, "second", json_text(finding->second));
	}
	json_member(&value, "evidence", evidence_value(finding));
	return value;
}

static void put_findings(struct json *json, const struct efimap_report *report, bool sides)
{
	json_open_array(json, "findings");
	for (size_t i = 0; i < report->n_findings && !json->out->error; i++)
		json_put(json, NULL, finding_value(&report->findings[i], sides));
	json_close(json);
}

void findings_put(struct json *json, const struct efimap_report *report)
{
	put_findings(json, report, false);
}

void findings_put_sides(struct json *json, const struct efimap_report *report)
{
	put_findings(json, report, true);
}

void skipped_put(struct json *json, const struct efimap_report *report)
{
	json_open_array(json, "skipped");
	for (size_t i = 0; i < report->n_skipped && !json->out->error; i++) {
		json_t *skip = json_object();

		json_member(&skip, "rule", json_text(report->skipped[i].rule->name));
		json_member(&skip, "why", json_text(report->skipped[i].why));
		json_put(json, NULL, skip);
	}
	json_close(json);
}

static bool has_reason(const struct efimap_report *report)
{
	return report->verdict != EFIMAP_VERDICT_PASS &&
	       report->verdict != EFIMAP_VERDICT_FAIL;
}

int efimap_report_write_json(const char *source, const struct efimap_report *report,
			     bool compact, struct efimap_out *out)
{
	struct json json;

	json_begin(&json, "efimap-report", source, compact, out);
	json_put(&json, "verdict", json_text(efimap_verdict_name(report->verdict)));
	if (has_reason(report))
		json_put(&json, "reason",
			 json_text(report->reason ? report->reason : ""));
	json_put(&json, "counts", counts_value(report));
	findings_put(&json, report);
	skipped_put(&json, report);
	return json_end(&json);
}
