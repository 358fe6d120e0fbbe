/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the metrics of one machine in Prometheus' text format. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "answer/answers.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "show/prometheus_metrics.h"

static void metrics_family(struct efimap_out *out, const char *name, const char *help)
{
	efimap_out_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void metrics_value(struct efimap_out *out, const char *name, const char *help,
			  uint64_t value)
{
	metrics_family(out, name, help);
	efimap_out_printf(out, "%s %" PRIu64 "\n", name, value);
}

static const char *crash_kernel(const struct efimap *map)
{
	if (!map || !efimap_has(map, EFIMAP_SRC_CMDLINE))
		return "unknown";
	return efimap_is_crash_kernel(map) ? "1" : "0";
}

static void metrics_put_info(const struct efimap_metrics *metrics, struct efimap_out *out)
{
	/* EFIMAP_TOOL is the name and the version, such as "efimapctl 1.0.0". */
	const char *version = strchr(EFIMAP_TOOL, ' ') + 1;
	const struct efimap *map = metrics->map;

	metrics_family(out, "efimap_info",
		       "Version of efimapctl, architecture, kind of SOURCE, and whether the "
		       "kernel is a crash kernel.");
	efimap_out_printf(out, "efimap_info{version=\"%s\",arch=\"%s\",source=\"%s\","
			  "kdump_kernel=\"%s\"} 1\n", version, metrics->arch,
			  map ? efimap_origin_name(efimap_first_origin(map)) : "unknown",
			  crash_kernel(map));
}

static void metrics_put_efi(const struct efimap *map, struct efimap_out *out)
{
	const bool is_efi_seen = map && map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT;

	if (!map || map->is_firmware_hidden || (!is_efi_seen && efimap_why_map_unknown(map)))
		return;
	metrics_value(out, "efimap_efi_booted", "Whether the kernel was booted with EFI.",
		      is_efi_seen);
}

static enum efimap_outcome outcome_of_question(const struct efimap_report *report,
					       enum efimap_question question)
{
	enum efimap_outcome worst = EFIMAP_OUTCOME_UNKNOWN;
	bool is_answered = false;

	for (size_t i = 0; i < report->n_answers; i++) {
		const struct efimap_load_answer *answer = &report->answers[i];

		if (answer->question != question)
			continue;
		if (!is_answered || answer->outcome > worst)
			worst = answer->outcome;
		is_answered = true;
	}
	return worst;
}

static void metrics_put_outcomes(const struct efimap_report *report, struct efimap_out *out)
{
	static const char name[] = "efimap_outcome";

	metrics_family(
		out, name,
		"Outcome for kexec and for kdump. The value is 1 for the outcome that applies.");
	for (unsigned int q = EFIMAP_QUESTION_KEXEC; q <= EFIMAP_QUESTION_KDUMP; q++) {
		const enum efimap_outcome outcome = outcome_of_question(report, q);

		for (unsigned int i = 0; i < EFIMAP_OUTCOME_COUNT; i++)
			efimap_out_printf(out, "%s{question=\"%s\",outcome=\"%s\"} %d\n",
					  name, efimap_question_name(q),
					  efimap_outcome_name(i), outcome == i);
	}
}

static void metrics_put_findings(const struct efimap_report *report, struct efimap_out *out)
{
	static const char name[] = "efimap_findings";

	metrics_family(out, name, "Number of findings of verify, by severity.");
	for (int s = EFIMAP_ERROR; s >= EFIMAP_NOTE; s--)
		efimap_out_printf(out, "%s{severity=\"%s\"} %zu\n", name,
				  efimap_severity_name((enum efimap_severity)s),
				  report->counts[s]);
}

static void metrics_put_map(const struct efimap *map, struct efimap_out *out)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < map->n_entries; i++)
		efimap_add_bytes(&bytes, &map->entries[i]);
	metrics_value(out, "efimap_entries", "Number of entries in the runtime map.",
		      map->n_entries);
	metrics_value(out, "efimap_bytes", "Number of bytes that the runtime map covers.", bytes);
}

/*
 * Return whether a capture was checked completely, needs no check, or has a finding that reached
 * the threshold.
 */
static bool is_checked(const struct efimap_metrics *metrics)
{
	const enum efimap_verdict verdict = efimap_verdict_of(metrics->report);

	if (!metrics->map)
		return false;
	switch (verdict) {
	case EFIMAP_VERDICT_PASS:
	case EFIMAP_VERDICT_WARN:
	case EFIMAP_VERDICT_FAIL:
	case EFIMAP_VERDICT_NOT_APPLICABLE:
		return true;
	default:
		return metrics->report->fails;
	}
}

/* Exclude rules about data other than entries, and rules that report only expected differences. */
static bool is_drift_of_entries(enum efimap_rule_id rule)
{
	switch (rule) {
	case EFIMAP_RULE_DRIFT_EXTRA:
	case EFIMAP_RULE_DRIFT_LOST:
	case EFIMAP_RULE_DRIFT_VIRT:
	case EFIMAP_RULE_DRIFT_PAGES:
	case EFIMAP_RULE_DRIFT_TYPE:
	case EFIMAP_RULE_DRIFT_ATTR:
		return true;
	default:
		return false;
	}
}

static bool is_compared(const struct efimap_comparison *comparison)
{
	switch (efimap_verdict_of_comparison(comparison)) {
	case EFIMAP_VERDICT_SAME:
	case EFIMAP_VERDICT_DRIFT:
	case EFIMAP_VERDICT_NOT_RECEIVED:
		return true;
	default:
		return false;
	}
}

static void metrics_put_drift(const struct efimap_metrics *metrics, struct efimap_out *out)
{
	const struct efimap_report *report = metrics->comparison->report;
	uint64_t entries = 0;

	metrics_value(out, "efimap_drift_status",
		      "Exit status of compare: 0 same, 1 drift or not-received, 3 "
		      "unreadable, 4 not-shown or not-comparable, 5 permission denied.",
		      metrics->drift_status);
	if (!is_compared(metrics->comparison))
		return;
	for (size_t i = 0; i < report->n_findings; i++)
		if (is_drift_of_entries(report->findings[i].rule->id))
			entries += report->findings[i].n_entries;
	metrics_value(out, "efimap_drift_entries",
		      "Number of entries that differ between the first and the second "
		      "kernel. An entry counts once for each kind of difference.",
		      entries);
}

int efimap_metrics_write(const struct efimap_metrics *metrics, struct efimap_out *out)
{
	metrics_put_info(metrics, out);
	metrics_put_efi(metrics->map, out);
	metrics_value(
		out, "efimap_verify_status",
		"Exit status of verify: 0 pass or warnings, 1 errors, 3 unreadable, 4 "
		"incomplete or booted without EFI, 5 permission denied.",
		metrics->verify_status);
	metrics_put_outcomes(metrics->report, out);
	if (is_checked(metrics)) {
		metrics_put_findings(metrics->report, out);
		metrics_put_map(metrics->map, out);
	}
	if (metrics->comparison)
		metrics_put_drift(metrics, out);
	if (metrics->captured)
		metrics_value(out, "efimap_capture_timestamp_seconds",
			      "Time of the capture, in seconds since 1970.",
			      metrics->captured);
	metrics_value(out, "efimap_last_run_timestamp_seconds",
		      "Time at which the metrics were written, in seconds since 1970.",
		      metrics->now);
	return out->error;
}
