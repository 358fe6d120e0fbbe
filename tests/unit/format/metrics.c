/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metrics: what firmware makes up, and kinds of drift. */
#include "test.h"
#include "format/metrics.h"
#include "format/sample.h"

static char *text_of(const struct efimap *map, const struct efimap_report *report,
		     const struct efimap_comparison *comparison)
{
	struct efimap_out out = EFIMAP_OUT_MEM;
	const struct efimap_metrics metrics = {
		.map = map, .report = report, .comparison = comparison,
		.arch = "x86_64", .now = 1700000000,
	};

	assert_int_equal(efimap_metrics_write(&metrics, &out), 0);
	efimap_out_putc(&out, '\0');
	return out.data;
}

static char *text_of_entries(const struct efimap_entry *entries, size_t count)
{
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
		assert_int_equal(efimap_add_name(map, entries[i].index), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	return text_of(map, report, NULL);
}

static char *text_of_drift(struct efimap_report *report)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *clean efimap_auto_report = sample_clean_report();
	const struct efimap_comparison comparison = { .report = report };

	return text_of(map, clean, &comparison);
}

TEST(types_share_series)
{
	static const struct efimap_entry entries[] = {
		{ .index = 0, .type = 15, .pages = 1 },
		{ .index = 1, .type = 16, .pages = 1 },
		{ .index = 2, .type = 0x6fffffff, .pages = 1 },
		{ .index = 3, .type = 0x70000000, .pages = 1 },
		{ .index = 4, .type = 0x7fffffff, .pages = 1 },
		{ .index = 5, .type = 0x80000000, .pages = 1 },
		{ .index = 6, .type = 0xffffffff, .pages = 2 },
	};
	efimap_auto_free char *text = text_of_entries(entries, ARRAY_SIZE(entries));

	assert_non_null(strstr(text, "\nefimap_entries{type=\"unaccepted\"} 1\n"
				     "efimap_entries{type=\"undefined\"} 2\n"
				     "efimap_entries{type=\"oem\"} 2\n"
				     "efimap_entries{type=\"os_loader\"} 2\n"));
	assert_non_null(strstr(text, "\nefimap_bytes{type=\"os_loader\"} 12288\n"));
}

TEST(bytes_stay_at_the_largest_number)
{
	static const struct efimap_entry one[] = {
		{ .index = 0, .type = 6, .pages = UINT64_MAX },
	};
	static const struct efimap_entry sum[] = {
		{ .index = 0, .type = 6, .pages = UINT64_C(1) << 51 },
		{ .index = 1, .type = 6, .pages = UINT64_C(1) << 51 },
		{ .index = 2, .type = 6, .pages = 1 },
	};
	efimap_auto_free char *text = text_of_entries(one, 1), *more = text_of_entries(sum, 3);
	static const char wanted[] =
		"\nefimap_bytes{type=\"runtime_services_data\"} 18446744073709551615\n";

	assert_non_null(strstr(text, wanted));
	assert_non_null(strstr(more, wanted));
}

static void add_drift(struct efimap_report *report, enum efimap_rule_id rule, size_t n_entries)
{
	static const uint32_t indices[] = { 1, 2, 3 };
	const struct efimap_rule *found = efimap_rule_get(rule);
	const struct efimap_finding finding = { .rule = found,
						.severity = found->severity,
						.consequence = found->consequence,
						.entries = indices,
						.n_entries = n_entries,
						.message = "" };

	assert_int_equal(efimap_report_add(report, &finding), 0);
}

TEST(entries_are_counted_by_kind)
{
	struct efimap_report *report efimap_auto_report = NULL;
	efimap_auto_free char *text = NULL;

	assert_int_equal(efimap_report_new(&report), 0);
	add_drift(report, EFIMAP_RULE_DRIFT_VIRT, 1);
	add_drift(report, EFIMAP_RULE_DRIFT_VIRT, 1);
	add_drift(report, EFIMAP_RULE_DRIFT_LOST, 1);
	add_drift(report, EFIMAP_RULE_DRIFT_ATTR_RT_ADDED, 3);
	add_drift(report, EFIMAP_RULE_DRIFT_MEMMAP, 2);
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	text = text_of_drift(report);
	assert_non_null(strstr(text, "\nefimap_drift_status 2\n"));
	assert_non_null(strstr(text, "\nefimap_drift_entries{kind=\"added\"} 0\n"
				     "efimap_drift_entries{kind=\"removed\"} 1\n"
				     "efimap_drift_entries{kind=\"moved\"} 2\n"
				     "efimap_drift_entries{kind=\"resized\"} 0\n"
				     "efimap_drift_entries{kind=\"retyped\"} 0\n"
				     "efimap_drift_entries{kind=\"attr\"} 0\n"
				     "efimap_drift_entries{kind=\"expected_attr\"} 3\n"));
	assert_non_null(strstr(text, "\nefimap_drift_findings{severity=\"error\"} "));
}
