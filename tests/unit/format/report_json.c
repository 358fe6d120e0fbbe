/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The efimap-report document. */
#include <jansson.h>

#include "test.h"
#include "base/cleanup.h"
#include "sample.h"

static const char *write_report(const struct efimap_report *report, bool compact,
				struct efimap_out *out)
{
	assert_int_equal(efimap_report_write_json("/", report, compact, out), 0);
	return sample_text(out);
}

static void has_the_promised_shape(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_string_equal(
		write_report(report, false, &out),
		"{\n"
		"  \"document\": \"efimap-report\",\n"
		"  \"version\": 1,\n"
		"  \"tool\": \"" EFIMAP_TOOL "\",\n"
		"  \"source\": \"/\",\n"
		"  \"verdict\": \"pass\",\n"
		"  \"counts\": {\"error\": 0, \"warning\": 1, \"note\": 2},\n"
		"  \"findings\": [\n"
		"    {\"rule\": \"table-in-ram\", \"severity\": \"warning\", "
		"\"consequence\": \"memory-at-risk\", \"entries\": [6], \"message\": "
		"\"the "
		"Memory Attributes Table (0x3d117018) lies in System RAM, so kexec may "
		"overwrite it\", \"evidence\": [{\"source\": \"kernel log\", \"value\": "
		"\"MEMATTR=0x3d117018\"}, {\"source\": \"memmap/1\", \"value\": "
		"\"System RAM\"}]},\n"
		"    {\"rule\": \"boot-services-kept\", \"severity\": \"note\", "
		"\"consequence\": \"none\", \"entries\": [5, 6, 7], \"message\": "
		"\"3 boot-services entries are kept\", \"evidence\": []},\n"
		"    {\"rule\": \"boot-services-in-ram\", \"severity\": \"note\", "
		"\"consequence\": \"memory-at-risk\", \"entries\": [6], \"message\": "
		"\"boot services memory lies in System RAM\", \"evidence\": []}\n"
		"  ],\n"
		"  \"skipped\": [\n"
		"    {\"rule\": \"pointer-missing\", \"why\": "
		"\"sys/firmware/efi/systab was not collected\"}\n"
		"  ]\n"
		"}\n");
}

static void both_forms_say_the_same(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	json_t *pretty = json_loads(write_report(report, false, &out),
				    JSON_REJECT_DUPLICATES, NULL);
	const char *line = write_report(report, true, &out);
	json_t *compact = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(pretty);
	assert_true(json_equal(pretty, compact));
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	json_decref(pretty);
	json_decref(compact);
}

static void a_verdict_without_judgement_has_a_reason(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	report->verdict = EFIMAP_VERDICT_DENIED;
	report->reason = "only root may read \033";
	assert_string_equal(
		write_report(report, true, &out),
		"{\"document\":\"efimap-report\",\"version\":1,\"tool\":\"" EFIMAP_TOOL
		"\",\"source\":\"/\",\"verdict\":\"denied\","
		"\"reason\":\"only root may read \\u001B\","
		"\"counts\":{\"error\":0,\"warning\":0,\"note\":0},"
		"\"findings\":[],\"skipped\":[]}\n");
}

static void a_pass_without_the_map_has_a_reason(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	report->is_unknown = true;
	report->reason = "the map was not collected";
	assert_non_null(strstr(write_report(report, true, &out),
			       "\"verdict\":\"pass\",\"reason\":\"the map was not collected\","));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_promised_shape),
		cmocka_unit_test(both_forms_say_the_same),
		cmocka_unit_test(a_verdict_without_judgement_has_a_reason),
		cmocka_unit_test(a_pass_without_the_map_has_a_reason),
	};

	return cmocka_run_group_tests_name("format/report_json", tests, NULL, NULL) != 0;
}
