/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings for people: how places are shortened, and that no text sends escapes. */
#include "test.h"
#include "base/cleanup.h"
#include "sample.h"

static void expect(const struct efimap_report *report, struct efimap_text_options options,
		   const char *expected)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_int_equal(efimap_report_write_text(report, &options, &out), 0);
	assert_string_equal(sample_text(&out), expected);
}

#define EXPLAIN "    why and what to do: efimapctl explain "

struct entries_row {
	const char *name;
	uint32_t entries[64];
	size_t count;
	const char *place;
};

static const struct entries_row entries_rows[] = {
	{ "four", { 3, 4, 5, 6 }, 4, "runtime-map/3-6" },
	{ "both", { 0, 2, 3, 4, 5, 9 }, 6, "runtime-map/0,2-5,9" },
	{ "highest", { 4294967294, 4294967295 }, 2, "runtime-map/4294967294,4294967295" },
	{ "sixteen",
	  { 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30 },
	  16,
	  "runtime-map/0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30" },
	{ "more",
	  { 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 33, 34, 35 },
	  20,
	  "runtime-map/0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 and 4 more" },
};

static void expect_entries(const struct entries_row *row)
{
	struct efimap_out expected efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_report *report efimap_auto_report = NULL;

	print_message("%s\n", row->name);
	assert_int_equal(efimap_report_new(&report), 0);
	sample_finding(report, EFIMAP_RULE_PHYS_OVERLAP, EFIMAP_ERROR, EFIMAP_CONSEQ_NONE,
		       row->entries, row->count, "m");
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	efimap_out_puts(&expected, row->place);
	efimap_out_puts(&expected, ": error: m [phys-overlap]\n"
				   "    next kernel: not affected" EXPLAIN "phys-overlap\n"
				   "1 error, 0 warnings, 0 notes\n");
	expect(report, (struct efimap_text_options){ 0 }, sample_text(&expected));
}

TEST(places_are_short)
{
	for (size_t i = 0; i < ARRAY_SIZE(entries_rows); i++)
		expect_entries(&entries_rows[i]);
}

TEST(captures_cannot_send_escapes)
{
	struct efimap_report *report efimap_auto_report = NULL;
	struct efimap_text_options options = { .verbose = true, .source = "\033c" };
	const struct efimap_evidence fact = { "memmap/\r1", "\n\377" };
	struct efimap_finding *finding;
	static const char expected[] =
		"\\x1bc: memmap/\\x0d1: error: label \\x1b]0;x\\x07 [memmap-bad-range]\n"
		"    memmap/\\x0d1: \\x0a\\xff\n"
		"    next kernel: not affected" EXPLAIN "memmap-bad-range\n"
		"\\x1bc: skipped: map-absent: \\x08\n"
		"\\x1bc: 1 error, 0 warnings, 0 notes; 1 rule not tried\n";

	assert_int_equal(efimap_report_new(&report), 0);
	finding = sample_finding(report, EFIMAP_RULE_MEMMAP_BAD_RANGE, EFIMAP_ERROR,
				 EFIMAP_CONSEQ_NONE, NULL, 0, "label \033]0;x\007");
	finding->evidence = &fact;
	finding->n_evidence = 1;
	assert_int_equal(efimap_report_skip(report, EFIMAP_RULE_MAP_ABSENT, "\b"), 0);
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	expect(report, options, expected);
}

TEST(no_judgement_gives_its_reason)
{
	static const struct {
		enum efimap_missed missed;
		const char *text;
	} rows[] = {
		{ EFIMAP_MISSED_ALL, "not applicable: because \\x1b\n" },
		{ EFIMAP_MISSED_ALL_DENIED, "permission denied: because \\x1b\n" },
		{ EFIMAP_MISSED_ALL_UNREADABLE, "unreadable: because \\x1b\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_report *report efimap_auto_report = sample_clean_report();

		report->missed = rows[i].missed;
		report->reason = "because \033";
		expect(report, (struct efimap_text_options){ 0 }, rows[i].text);
	}
}
