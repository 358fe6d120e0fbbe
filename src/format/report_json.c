/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-report document, and findings as JSON for the documents that carry some.
 * Writes down what check found and judges nothing.
 */
#include "format/format.h"
#include "format/report_json.h"

void counts_put(struct json *json, const struct efimap_report *report)
{
	json_open_line_object(json, "counts");
	for (int severity = EFIMAP_ERROR; severity >= EFIMAP_NOTE; severity--)
		json_put_count(json, efimap_severity_name((enum efimap_severity)severity),
			       report->counts[severity]);
	json_close(json);
}

static void put_entries(struct json *json, const struct efimap_finding *finding)
{
	json_open_line_array(json, "entries");
	for (size_t i = 0; i < finding->n_entries; i++)
		json_put_count(json, NULL, finding->entries[i]);
	json_close(json);
}

static void put_evidence(struct json *json, const struct efimap_finding *finding)
{
	json_open_line_array(json, "evidence");
	for (size_t i = 0; i < finding->n_evidence; i++) {
		json_open_line_object(json, NULL);
		json_put_text(json, "source", finding->evidence[i].source);
		json_put_text(json, "value", finding->evidence[i].value);
		json_close(json);
	}
	json_close(json);
}

static void put_finding(struct json *json, const struct efimap_finding *finding,
			bool sides)
{
	json_open_line_object(json, NULL);
	json_put_text(json, "rule", finding->rule->name);
	json_put_text(json, "severity", efimap_severity_name(finding->severity));
	json_put_text(json, "consequence", efimap_consequence_name(finding->consequence));
	put_entries(json, finding);
	json_put_text(json, "message", finding->message);
	if (sides) {
		json_put_text(json, "first", finding->first);
		json_put_text(json, "second", finding->second);
	}
	put_evidence(json, finding);
	json_close(json);
}

static void put_findings(struct json *json, const struct efimap_report *report, bool sides)
{
	json_open_array(json, "findings");
	for (size_t i = 0; i < report->n_findings && !json->out->error; i++)
		put_finding(json, &report->findings[i], sides);
	json_close(json);
}

static void accepted_put(struct json *json, const struct efimap_report *report)
{
	json_open_array(json, "accepted");
	for (size_t i = 0; i < report->n_accepted && !json->out->error; i++)
		put_finding(json, &report->accepted[i], false);
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
		json_open_line_object(json, NULL);
		json_put_text(json, "rule", report->skipped[i].rule->name);
		json_put_text(json, "why", report->skipped[i].why);
		json_close(json);
	}
	json_close(json);
}

int efimap_report_write_json(const char *source, const struct efimap_report *report,
			     bool compact, struct efimap_out *out)
{
	struct json json;

	json_begin(&json, "efimap-report", source, compact, out);
	json_put_text(&json, "verdict", efimap_verdict_name(report->verdict));
	if (*report->reason)
		json_put_text(&json, "reason", report->reason);
	counts_put(&json, report);
	findings_put(&json, report);
	skipped_put(&json, report);
	if (report->has_baseline)
		accepted_put(&json, report);
	return json_end(&json);
}
