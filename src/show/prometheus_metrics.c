/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One machine in the text format of Prometheus: what verify says of it by family of rules
 * and severity, the map by type, and a comparison by kind of drift. Types that the
 * firmware makes up share a series, so that it cannot make up series. It knows nothing of
 * files and clocks.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "capture/fingerprint.h"
#include "infer/booted_by.h"
#include "show/prometheus_metrics.h"

/* How a line is written */

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

/* The machine, and what verify says of it */

/* The values of efimap_verify_status and efimap_drift_status, which are stable */
enum level {
	LEVEL_OK = 0,
	LEVEL_WARNING = 1,
	LEVEL_CRITICAL = 2,
	LEVEL_UNKNOWN = 3,
};

static enum level level_of(const struct efimap_report *report)
{
	if (report->missed == EFIMAP_VERDICT_NOT_APPLICABLE)
		return LEVEL_OK;
	/* What was found is there, whatever was not seen. */
	if (report->fails)
		return LEVEL_CRITICAL;
	if (report->missed != EFIMAP_VERDICT_PASS)
		return LEVEL_UNKNOWN;
	return report->counts[EFIMAP_WARNING] ? LEVEL_WARNING : LEVEL_OK;
}

static const char *crash_kernel(const struct efimap *map)
{
	if (!map || !efimap_has(map, EFIMAP_SRC_CMDLINE))
		return "unknown";
	return efimap_is_crash_kernel(map) ? "1" : "0";
}

static void metrics_put_info(const struct efimap_metrics *metrics, struct efimap_out *out)
{
	/* "efimapctl 0.1.0" */
	const char *version = strchr(EFIMAP_TOOL, ' ') + 1;
	const struct efimap *map = metrics->map;

	metrics_family(out, "efimap_info", "The tool, and what it looked at.");
	efimap_out_printf(out, "efimap_info{version=\"%s\",arch=\"%s\",source=\"%s\","
			  "kdump_kernel=\"%s\"} 1\n", version, metrics->arch,
			  map ? efimap_origin_name(efimap_first_origin(map)) : "unknown",
			  crash_kernel(map));
}

/* Why the status is 3, or what was denied beside errors: metrics are all that some have.
 */
static void metrics_put_unknown(const struct efimap_report *report,
				struct efimap_out *out)
{
	static const char name[] = "efimap_verify_unknown";
	const enum efimap_verdict verdict = efimap_verdict_of(report);
	const struct {
		const char *why;
		bool holds;
	} rows[] = {
		{ "denied", verdict == EFIMAP_VERDICT_DENIED },
		{ "unreadable", verdict == EFIMAP_VERDICT_UNREADABLE },
		{ "uncollected", efimap_report_is_unknown(report) },
	};

	metrics_family(out, name, "Why it could not be judged, or not all of it.");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		efimap_out_printf(out, "%s{why=\"%s\"} %d\n", name, rows[i].why,
				  rows[i].holds);
}

/* Without a report on it, what a machine has is not known. */
static void metrics_put_state(const struct efimap_metrics *metrics,
			      struct efimap_out *out)
{
	const struct efimap *map = metrics->map;

	if (map && (!efimap_report_is_unknown(metrics->report) ||
		    map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT))
		metrics_value(out, "efimap_efi_booted",
			      "Whether the kernel was booted with EFI.",
			      map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT);
	metrics_value(out, "efimap_runtime_map_present",
		      "Whether there is a runtime map that can be read.",
		      map && efimap_has(map, EFIMAP_SRC_RUNTIME_MAP));
	metrics_value(
		out, "efimap_verify_status",
		"What verify says: 0 nothing wrong, or no EFI; 1 warnings; 2 errors; "
		"3 it could not be judged.",
		level_of(metrics->report));
	metrics_put_unknown(metrics->report, out);
}

static void metrics_put_outcome(const struct efimap_report *report, struct efimap_out *out)
{
	static const char name[] = "efimap_outcome";

	metrics_family(out, name, "What the next kernel will do: 1 for the one that holds.");
	for (unsigned int i = 0; i < EFIMAP_OUTCOME_COUNT; i++)
		efimap_out_printf(out, "%s{outcome=\"%s\"} %d\n", name,
				  efimap_outcome_name(i), report->outcome == i);
}

#define MAX_FAMILIES 64

static bool is_of_verify(const struct efimap_rule_family *family)
{
	return strcmp(family->command, "verify") == 0;
}

static void metrics_put_findings(const struct efimap_report *report,
				 struct efimap_out *out)
{
	static const char name[] = "efimap_findings";
	size_t counts[MAX_FAMILIES][EFIMAP_ERROR + 1] = { 0 };

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		counts[finding->rule->family][finding->severity]++;
	}
	metrics_family(out, name, "Findings of verify, by family of rules and severity.");
	for (size_t f = 0; efimap_rule_families[f].name; f++) {
		if (!is_of_verify(&efimap_rule_families[f]))
			continue;
		for (int s = EFIMAP_ERROR; s >= EFIMAP_NOTE; s--)
			efimap_out_printf(out, "%s{check=\"%s\",severity=\"%s\"} %zu\n",
					  name, efimap_rule_families[f].name,
					  efimap_severity_name((enum efimap_severity)s),
					  counts[f][s]);
	}
}

static void metrics_put_skipped(const struct efimap_report *report,
				struct efimap_out *out)
{
	static const char name[] = "efimap_rules_skipped";
	size_t counts[MAX_FAMILIES] = { 0 };

	for (size_t i = 0; i < report->n_skipped; i++)
		counts[report->skipped[i].rule->family]++;
	metrics_family(
		out, name,
		"Rules that verify could not try, because what they need was not read.");
	for (size_t f = 0; efimap_rule_families[f].name; f++)
		if (is_of_verify(&efimap_rule_families[f]))
			efimap_out_printf(out, "%s{check=\"%s\"} %zu\n", name,
					  efimap_rule_families[f].name, counts[f]);
}

/* The map */

enum type_kind {
	/* up to EFIMAP_TYPE_FIRST_UNDEFINED: the type itself */
	KIND_UNDEFINED = EFIMAP_TYPE_FIRST_UNDEFINED,
	KIND_OEM,
	KIND_OS_LOADER,
	KIND_COUNT,
};

/* As the UEFI specification spells them (EFI_MEMORY_TYPE), in snake case. */
static const char *const kind_names[KIND_COUNT] = {
	[EFIMAP_TYPE_RESERVED] = "reserved",
	[EFIMAP_TYPE_LOADER_CODE] = "loader_code",
	[EFIMAP_TYPE_LOADER_DATA] = "loader_data",
	[EFIMAP_TYPE_BOOT_CODE] = "boot_services_code",
	[EFIMAP_TYPE_BOOT_DATA] = "boot_services_data",
	[EFIMAP_TYPE_RUNTIME_CODE] = "runtime_services_code",
	[EFIMAP_TYPE_RUNTIME_DATA] = "runtime_services_data",
	[EFIMAP_TYPE_CONVENTIONAL] = "conventional",
	[EFIMAP_TYPE_UNUSABLE] = "unusable",
	[EFIMAP_TYPE_ACPI_RECLAIM] = "acpi_reclaim",
	[EFIMAP_TYPE_ACPI_NVS] = "acpi_nvs",
	[EFIMAP_TYPE_MMIO] = "mmio",
	[EFIMAP_TYPE_MMIO_PORT] = "mmio_port",
	[EFIMAP_TYPE_PAL_CODE] = "pal_code",
	[EFIMAP_TYPE_PERSISTENT] = "persistent",
	[EFIMAP_TYPE_UNACCEPTED] = "unaccepted",
	[KIND_UNDEFINED] = "undefined",
	[KIND_OEM] = "oem",
	[KIND_OS_LOADER] = "os_loader",
};

static unsigned int type_kind_of(uint32_t type)
{
	if (type < EFIMAP_TYPE_FIRST_UNDEFINED)
		return type;
	if (type >= EFIMAP_TYPE_OS_LOADER_FIRST)
		return KIND_OS_LOADER;
	return type >= EFIMAP_TYPE_OEM_FIRST ? KIND_OEM : KIND_UNDEFINED;
}

static void metrics_put_types(const char *name, const char *help, const uint64_t *values,
			      struct efimap_out *out)
{
	metrics_family(out, name, help);
	for (size_t i = 0; i < KIND_COUNT; i++)
		efimap_out_printf(out, "%s{type=\"%s\"} %" PRIu64 "\n", name,
				  kind_names[i], values[i]);
}

/* The first digits tell two maps apart; the whole of it is in a snapshot. */
static int metrics_put_digest(const struct efimap *map, struct efimap_out *out)
{
	char text[EFIMAP_FINGERPRINT_SIZE];
	int ret = efimap_fingerprint(map, text);

	if (ret < 0)
		return ret == -ENODATA ? 0 : ret;
	metrics_family(out, "efimap_map_digest_info",
		       "The first digits of the fingerprint of the runtime map.");
	efimap_out_printf(out, "efimap_map_digest_info{digest=\"%.8s\"} 1\n",
			  text + strlen(EFIMAP_FINGERPRINT_PREFIX));
	return 0;
}

static int metrics_put_map(const struct efimap *map, struct efimap_out *out)
{
	uint64_t entries[KIND_COUNT] = { 0 }, bytes[KIND_COUNT] = { 0 };

	for (size_t i = 0; i < map->n_entries; i++) {
		const unsigned int kind = type_kind_of(map->entries[i].type);

		entries[kind]++;
		efimap_add_bytes(&bytes[kind], &map->entries[i]);
	}
	metrics_put_types("efimap_entries", "Entries of the runtime map, by type.",
			  entries, out);
	metrics_put_types("efimap_bytes", "Bytes that the runtime map covers, by type.",
			  bytes, out);
	return metrics_put_digest(map, out);
}

/* A comparison */

/* Which rule counts as which kind. */
static const struct {
	const char *kind;
	enum efimap_rule_id rule;
} drift_kinds[] = {
	{ "added", EFIMAP_RULE_DRIFT_EXTRA },
	{ "removed", EFIMAP_RULE_DRIFT_LOST },
	{ "moved", EFIMAP_RULE_DRIFT_VIRT },
	{ "resized", EFIMAP_RULE_DRIFT_PAGES },
	{ "retyped", EFIMAP_RULE_DRIFT_TYPE },
	{ "attr", EFIMAP_RULE_DRIFT_ATTR },
	{ "expected_attr", EFIMAP_RULE_DRIFT_ATTR_RT_ADDED },
};

static size_t count_drift(const struct efimap_report *report, enum efimap_rule_id rule)
{
	size_t count = 0;

	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].rule->id == rule)
			count += report->findings[i].n_entries;
	return count;
}

/* Nothing that is lost is "the same", and nothing that was not seen. */
static enum level level_of_comparison(const struct efimap_comparison *comparison)
{
	const enum efimap_verdict compared = efimap_verdict_of_comparison(comparison);
	const bool is_not_read = compared == EFIMAP_VERDICT_DENIED ||
			       compared == EFIMAP_VERDICT_UNREADABLE;

	if (compared == EFIMAP_VERDICT_SAME)
		return level_of(comparison->report);
	/* What drifted has, whatever was not seen. */
	return compared == EFIMAP_VERDICT_DRIFT || compared == EFIMAP_VERDICT_NOT_RECEIVED ||
			       (is_not_read && comparison->report->fails) ?
		       LEVEL_CRITICAL : LEVEL_UNKNOWN;
}

static void metrics_put_drift(const struct efimap_comparison *comparison,
			      struct efimap_out *out)
{
	const enum level level = level_of_comparison(comparison);
	const struct efimap_report *report = comparison->report;

	metrics_value(
		out, "efimap_drift_status",
		"What compare says: 0 the same promise; 1 warnings; 2 drift, or nothing "
		"arrived; 3 it could not be compared, or is not shown.",
		level);
	if (level == LEVEL_UNKNOWN)
		return;
	metrics_family(out, "efimap_drift_entries",
		       "Entries that differ from those of the kernel that handed over, "
		       "by kind.");
	for (size_t i = 0; i < sizeof(drift_kinds) / sizeof(drift_kinds[0]); i++)
		efimap_out_printf(out, "efimap_drift_entries{kind=\"%s\"} %zu\n",
				  drift_kinds[i].kind,
				  count_drift(report, drift_kinds[i].rule));
	metrics_family(out, "efimap_drift_findings", "Findings of compare, by severity.");
	for (int s = EFIMAP_ERROR; s >= EFIMAP_NOTE; s--)
		efimap_out_printf(out, "efimap_drift_findings{severity=\"%s\"} %zu\n",
				  efimap_severity_name((enum efimap_severity)s),
				  report->counts[s]);
}

int efimap_metrics_write(const struct efimap_metrics *metrics, struct efimap_out *out)
{
	const bool is_judged =
		metrics->map && level_of(metrics->report) != LEVEL_UNKNOWN;
	int ret = 0;

	metrics_put_info(metrics, out);
	metrics_put_state(metrics, out);
	metrics_put_outcome(metrics->report, out);
	if (is_judged) {
		metrics_put_findings(metrics->report, out);
		metrics_put_skipped(metrics->report, out);
		ret = metrics_put_map(metrics->map, out);
	}
	if (metrics->comparison)
		metrics_put_drift(metrics->comparison, out);
	metrics_value(out, "efimap_last_run_timestamp_seconds",
		      "When this was written, in seconds since 1970.", metrics->now);
	return ret < 0 ? ret : out->error;
}
