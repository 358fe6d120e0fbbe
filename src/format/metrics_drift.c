/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A comparison as metrics: how many entries drifted, and in what way. Which rule counts as
 * which kind is a table.
 */
#include "format/metrics_parts.h"

static const struct {
	const char *kind;
	enum efimap_rule_id rule;
} kinds[] = {
	{ "added", EFIMAP_RULE_DRIFT_EXTRA },
	{ "removed", EFIMAP_RULE_DRIFT_LOST },
	{ "moved", EFIMAP_RULE_DRIFT_VIRT },
	{ "resized", EFIMAP_RULE_DRIFT_PAGES },
	{ "retyped", EFIMAP_RULE_DRIFT_TYPE },
	{ "attr", EFIMAP_RULE_DRIFT_ATTR },
	{ "expected_attr", EFIMAP_RULE_DRIFT_ATTR_RT_ADDED },
};

static size_t count_entries(const struct efimap_report *report, enum efimap_rule_id rule)
{
	size_t count = 0;

	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].rule->id == rule)
			count += report->findings[i].n_entries;
	return count;
}

static void put_entries(const struct efimap_report *report, struct efimap_out *out)
{
	static const char name[] = "efimap_drift_entries";

	metrics_family(out, name,
		       "Entries that differ from those of the kernel that handed over, by kind.");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		efimap_out_printf(out, "%s{kind=\"%s\"} %zu\n", name, kinds[i].kind,
				  count_entries(report, kinds[i].rule));
}

static void put_findings(const struct efimap_report *report, struct efimap_out *out)
{
	static const char name[] = "efimap_drift_findings";

	metrics_family(out, name, "Findings of compare, by severity.");
	for (int s = EFIMAP_ERROR; s >= EFIMAP_NOTE; s--)
		efimap_out_printf(out, "%s{severity=\"%s\"} %zu\n", name,
				  efimap_severity_name((enum efimap_severity)s),
				  report->counts[s]);
}

void metrics_put_drift(const struct efimap_comparison *comparison, struct efimap_out *out)
{
	const struct efimap_report *report = comparison->report;
	const bool is_judged = efimap_report_is_judged(report);

	/* Two that have nothing in common are not "the same". */
	metrics_value(out, "efimap_drift_status",
		      "What compare says: 0 the same promise; 1 warnings; 2 drift; 3 it could "
		      "not be compared.",
		      is_judged ? efimap_level(report) : EFIMAP_LEVEL_UNKNOWN);
	if (!is_judged)
		return;
	put_entries(report, out);
	put_findings(report, out);
}
