/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The efimap-comparison document. Writes down what compare found and judges nothing. */
#include "format/format.h"
#include "format/report_json.h"

static void put_entries(struct json *json, const struct efimap_comparison *comparison)
{
	static const char *const names[] = {
		[EFIMAP_MARK_SAME] = "same",   [EFIMAP_MARK_EXPECTED] = "expected",
		[EFIMAP_MARK_DRIFT] = "drift", [EFIMAP_MARK_LOST] = "lost",
		[EFIMAP_MARK_EXTRA] = "extra",
	};
	size_t counts[sizeof(names) / sizeof(names[0])] = { 0 };

	for (size_t i = 0; i < comparison->n_matches; i++)
		counts[comparison->matches[i].mark]++;
	json_open_line_object(json, "entries");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_put_count(json, names[i], counts[i]);
	json_close(json);
}

int efimap_comparison_write_json(const char *first, const char *second,
				 const struct efimap_comparison *comparison, bool compact,
				 struct efimap_out *out)
{
	const struct efimap_report *report = comparison->report;
	struct json json;

	json_begin(&json, "efimap-comparison", second, compact, out);
	json_put_text(&json, "first", first);
	json_put_text(&json, "second", second);
	json_put_text(&json, "verdict", efimap_comparison_verdict(comparison));
	if (!efimap_report_is_judged(report))
		json_put_text(&json, "reason", report->reason);
	json_put_text(&json, "loader", efimap_loaded_by_name(comparison->loaded_by));
	json_put_text(&json, "relation", efimap_relation_name(comparison->relation));
	counts_put(&json, report);
	put_entries(&json, comparison);
	findings_put_sides(&json, report);
	skipped_put(&json, report);
	return json_end(&json);
}
