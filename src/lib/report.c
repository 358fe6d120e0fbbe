/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging and comparing, for other programs, and the members of what comes of it. A report
 * is the model's: nothing is copied, and none of its layout is told.
 */
#include "check/compare.h"
#include "lib/lib.h"
#include "model/comparison.h"
#include "model/report.h"

int efimap_capture_verify(const struct efimap_capture *capture,
			  const struct efimap_options *options,
			  struct efimap_report **ret_report)
{
	const struct efimap_verify_options verify = lib_verify_options(options);

	return efimap_verify(lib_map(capture), &verify, ret_report);
}

int efimap_capture_compare(const struct efimap_capture *first,
			   const struct efimap_capture *second,
			   const struct efimap_options *options,
			   struct efimap_comparison **ret_comparison)
{
	return efimap_compare(lib_map(first), lib_map(second),
			      lib_verify_options(options).fail_on, ret_comparison);
}

const char *efimap_report_verdict(const struct efimap_report *report)
{
	return efimap_verdict_name(efimap_verdict_of(report));
}

const char *efimap_report_outcome(const struct efimap_report *report)
{
	return efimap_consequence_name(report->outcome);
}

const char *efimap_report_answer(const struct efimap_report *report)
{
	return report->answer;
}

const char *efimap_report_reason(const struct efimap_report *report)
{
	return efimap_reason_of(report);
}

size_t efimap_report_count(const struct efimap_report *report, enum efimap_severity severity)
{
	return report->counts[severity];
}

const struct efimap_finding *efimap_report_finding(const struct efimap_report *report,
						   size_t index)
{
	return index < report->n_findings ? &report->findings[index] : NULL;
}

const char *efimap_report_skipped(const struct efimap_report *report, size_t index,
				  const char **ret_why)
{
	if (index >= report->n_skipped)
		return NULL;
	*ret_why = report->skipped[index].why;
	return report->skipped[index].rule->name;
}

const char *efimap_finding_rule(const struct efimap_finding *finding)
{
	return finding->rule->name;
}

enum efimap_severity efimap_finding_severity(const struct efimap_finding *finding)
{
	return finding->severity;
}

const char *efimap_finding_consequence(const struct efimap_finding *finding)
{
	return efimap_consequence_name(finding->consequence);
}

const char *efimap_finding_message(const struct efimap_finding *finding)
{
	return finding->message;
}

const uint32_t *efimap_finding_entries(const struct efimap_finding *finding, size_t *ret_count)
{
	*ret_count = finding->n_entries;
	return finding->n_entries ? finding->entries : NULL;
}

const char *efimap_finding_evidence(const struct efimap_finding *finding, size_t index,
				    const char **ret_value)
{
	if (index >= finding->n_evidence)
		return NULL;
	*ret_value = finding->evidence[index].value;
	return finding->evidence[index].source;
}

void efimap_finding_sides(const struct efimap_finding *finding, const char **ret_first,
			  const char **ret_second)
{
	*ret_first = finding->first;
	*ret_second = finding->second;
}

const struct efimap_report *
efimap_comparison_report(const struct efimap_comparison *comparison)
{
	return comparison->report;
}
