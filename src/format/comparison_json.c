/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The efimap-comparison document. Writes down what compare found and judges nothing. */
#include <efimap/format.h>

#include "report_json.h"

static json_t *entries_value(const struct efimap_comparison *comparison)
{
	static const char *const names[] = {
		[EFIMAP_MARK_SAME] = "same",   [EFIMAP_MARK_EXPECTED] = "expected",
		[EFIMAP_MARK_DRIFT] = "drift", [EFIMAP_MARK_LOST] = "lost",
		[EFIMAP_MARK_EXTRA] = "extra",
	};
	size_t counts[sizeof(names) / sizeof(names[0])] = { 0 };
	json_t *value = json_object();

	for (size_t i = 0; i < comparison->n_matches; i++)
		counts[comparison->matches[i].mark]++;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_member(&value, names[i], json_count(counts[i]));
	return value;
}

int efimap_comparison_write_json(const char *first, const char *second,
				 const struct efimap_comparison *comparison, bool compact,
				 struct efimap_out *out)
{
	const struct efimap_report *report = comparison->report;
	struct json json;

	json_begin(&json, "efimap-comparison", second, compact, out);
	json_put(&json, "first", json_text(first));
	json_put(&json, "second", json_text(second));
	json_put(&json, "verdict", json_text(efimap_comparison_verdict(comparison)));
	if (report->verdict != EFIMAP_VERDICT_PASS && report->verdict != EFIMAP_VERDICT_FAIL)
		json_put(&json, "reason", json_text(report->reason));
	json_put(&json, "loader", json_text(efimap_loaded_by_name(comparison->loaded_by)));
	json_put(&json, "relation", json_text(efimap_relation_name(comparison->relation)));
	json_put(&json, "counts", counts_value(report));
	json_put(&json, "entries", entries_value(comparison));
	findings_put_sides(&json, report);
	skipped_put(&json, report);
	return json_end(&json);
}
