/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One machine in the text format of Prometheus: what verify says of it, by family of rules
 * and severity. It knows nothing of files and clocks. The map itself is in metrics_map.c,
 * comparisons in metrics_drift.c.
 */
#include <inttypes.h>
#include <string.h>

#include "format/metrics_parts.h"
#include "model/traits.h"

void metrics_family(struct efimap_out *out, const char *name, const char *help)
{
	efimap_out_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

void metrics_value(struct efimap_out *out, const char *name, const char *help,
		   uint64_t value)
{
	metrics_family(out, name, help);
	efimap_out_printf(out, "%s %" PRIu64 "\n", name, value);
}

void metrics_label(struct efimap_out *out, const char *name, const char *value)
{
	efimap_out_puts(out, name);
	efimap_out_puts(out, "=\"");
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			efimap_out_putc(out, '\\');
		if (*value == '\n')
			efimap_out_puts(out, "\\n");
		else
			efimap_out_putc(out, *value);
	}
	efimap_out_putc(out, '"');
}

enum efimap_level efimap_level(const struct efimap_report *report)
{
	if (report->is_unknown)
		return EFIMAP_LEVEL_UNKNOWN;
	switch (report->verdict) {
	case EFIMAP_VERDICT_NOT_APPLICABLE:
		return EFIMAP_LEVEL_OK;
	case EFIMAP_VERDICT_FAIL:
		return EFIMAP_LEVEL_CRITICAL;
	case EFIMAP_VERDICT_PASS:
		break;
	case EFIMAP_VERDICT_DENIED:
	case EFIMAP_VERDICT_UNREADABLE:
		/* What was found is there, whatever was not seen. */
		return report->fails ? EFIMAP_LEVEL_CRITICAL : EFIMAP_LEVEL_UNKNOWN;
	}
	return report->counts[EFIMAP_WARNING] ? EFIMAP_LEVEL_WARNING : EFIMAP_LEVEL_OK;
}

static const char *origin_of(const struct efimap *map)
{
	return map ? efimap_origin_name(efimap_first_origin(map)) : "unknown";
}

static const char *crash_kernel(const struct efimap *map)
{
	if (!map || !efimap_has(map, EFIMAP_SRC_CMDLINE))
		return "unknown";
	return efimap_is_crash_kernel(map) ? "1" : "0";
}

static void put_info(const struct efimap_metrics *metrics, struct efimap_out *out)
{
	/* "efimapctl 0.1.0" */
	const char *version = strchr(EFIMAP_TOOL, ' ') + 1;

	metrics_family(out, "efimap_info", "The tool, and what it looked at.");
	efimap_out_puts(out, "efimap_info{");
	metrics_label(out, "version", version);
	metrics_label(out, ",arch", metrics->arch);
	metrics_label(out, ",source", origin_of(metrics->map));
	metrics_label(out, ",kdump_kernel", crash_kernel(metrics->map));
	efimap_out_puts(out, "} 1\n");
}

/* Why the status is 3, or what was denied beside errors: metrics are all that some have. */
static void put_unknown(const struct efimap_report *report, struct efimap_out *out)
{
	static const char name[] = "efimap_verify_unknown";
	const struct {
		const char *why;
		bool holds;
	} rows[] = {
		{ "denied", report->verdict == EFIMAP_VERDICT_DENIED },
		{ "unreadable", report->verdict == EFIMAP_VERDICT_UNREADABLE },
		{ "uncollected", report->is_unknown },
	};

	metrics_family(out, name, "Why it could not be judged, or not all of it.");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		efimap_out_printf(out, "%s{why=\"%s\"} %d\n", name, rows[i].why,
				  rows[i].holds);
}

/* Without a report on it, what a machine has is not known. */
static void put_state(const struct efimap_metrics *metrics, struct efimap_out *out)
{
	const struct efimap *map = metrics->map;

	if (map && (!metrics->report->is_unknown ||
		    map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT))
		metrics_value(out, "efimap_efi_booted",
			      "Whether the kernel was booted with EFI.",
			      map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT);
	metrics_value(out, "efimap_runtime_map_present",
		      "Whether there is a runtime map that can be read.",
		      map && efimap_has(map, EFIMAP_SRC_RUNTIME_MAP));
	metrics_value(out, "efimap_verify_status",
		      "What verify says: 0 nothing wrong, or no EFI; 1 warnings; 2 errors; "
		      "3 it could not be judged.",
		      efimap_level(metrics->report));
	put_unknown(metrics->report, out);
}

#define MAX_FAMILIES 64

/* Its number in efimap_rule_families, whose rules lie in the order of their ids. */
static size_t family_of(const struct efimap_rule *rule)
{
	size_t position = rule->id, family = 0;

	while (position >= efimap_rule_families[family].n_rules)
		position -= efimap_rule_families[family++].n_rules;
	return family;
}

static bool is_verify(const struct efimap_rule_family *family)
{
	return strcmp(family->command, "verify") == 0;
}

static void put_findings(const struct efimap_report *report, struct efimap_out *out)
{
	static const char name[] = "efimap_findings";
	size_t counts[MAX_FAMILIES][EFIMAP_ERROR + 1] = { 0 };

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		counts[family_of(finding->rule)][finding->severity]++;
	}
	metrics_family(out, name, "Findings of verify, by family of rules and severity.");
	for (size_t f = 0; efimap_rule_families[f].name; f++) {
		if (!is_verify(&efimap_rule_families[f]))
			continue;
		for (int s = EFIMAP_ERROR; s >= EFIMAP_NOTE; s--)
			efimap_out_printf(out, "%s{check=\"%s\",severity=\"%s\"} %zu\n",
					  name, efimap_rule_families[f].name,
					  efimap_severity_name((enum efimap_severity)s),
					  counts[f][s]);
	}
}

static void put_skipped(const struct efimap_report *report, struct efimap_out *out)
{
	static const char name[] = "efimap_rules_skipped";
	size_t counts[MAX_FAMILIES] = { 0 };

	for (size_t i = 0; i < report->n_skipped; i++)
		counts[family_of(report->skipped[i].rule)]++;
	metrics_family(out, name,
		       "Rules that verify could not try, because what they need was not read.");
	for (size_t f = 0; efimap_rule_families[f].name; f++)
		if (is_verify(&efimap_rule_families[f]))
			efimap_out_printf(out, "%s{check=\"%s\"} %zu\n", name,
					  efimap_rule_families[f].name, counts[f]);
}

int efimap_metrics_write(const struct efimap_metrics *metrics, struct efimap_out *out)
{
	const bool is_judged = metrics->map &&
			       efimap_level(metrics->report) != EFIMAP_LEVEL_UNKNOWN;
	int ret = 0;

	put_info(metrics, out);
	put_state(metrics, out);
	if (is_judged) {
		put_findings(metrics->report, out);
		put_skipped(metrics->report, out);
		ret = metrics_put_map(metrics->map, out);
	}
	if (metrics->comparison)
		metrics_put_drift(metrics->comparison, out);
	metrics_value(out, "efimap_last_run_timestamp_seconds",
		      "When this was written, in seconds since 1970.", metrics->now);
	return ret < 0 ? ret : out->error;
}
