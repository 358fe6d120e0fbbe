/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings for people. */
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

#define TABLE_MESSAGE                                                                    \
	"the Memory Attributes Table (0x3d117018) lies in System RAM, so kexec may "     \
	"overwrite it [table-in-ram]\n"
#define EXPLAIN "    why and what to do: efimapctl explain "

static void notes_are_only_counted(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_report();
	static const char expected[] =
		"runtime-map/6: warning: " TABLE_MESSAGE
		"    next kernel: memory-at-risk" EXPLAIN "table-in-ram\n"
		"0 errors, 1 warning, 2 notes; 1 rule not tried\n";

	expect(report, (struct efimap_text_options){ 0 }, expected);
}

static void verbose_tells_all(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_text_options options = {
		.notes = true,
		.verbose = true,
		.source = "a/b",
	};
	static const char expected[] =
		"a/b: runtime-map/6: warning: " TABLE_MESSAGE
		"    next kernel: memory-at-risk" EXPLAIN "table-in-ram\n"
		"    kernel log: MEMATTR=0x3d117018\n"
		"    memmap/1: System RAM\n"
		"a/b: runtime-map/5,6,7: note: 3 boot-services entries are kept "
		"[boot-services-kept]\n"
		"    next kernel: none" EXPLAIN "boot-services-kept\n"
		"a/b: runtime-map/6: note: boot services memory lies in System RAM "
		"[boot-services-in-ram]\n"
		"    next kernel: memory-at-risk" EXPLAIN "boot-services-in-ram\n"
		"a/b: skipped: pointer-missing: sys/firmware/efi/systab was not "
		"collected\n"
		"a/b: 0 errors, 1 warning, 2 notes; 1 rule not tried\n";

	expect(report, options, expected);
}

static void severities_have_colors(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_report();
	static const char expected[] =
		"runtime-map/6: \033[33mwarning\033[0m: " TABLE_MESSAGE
		"    next kernel: memory-at-risk" EXPLAIN "table-in-ram\n"
		"0 errors, 1 warning, 2 notes; 1 rule not tried\n";

	expect(report, (struct efimap_text_options){ .color = true }, expected);
}

static void nothing_found_is_said(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	expect(report, (struct efimap_text_options){ .notes = true },
	       "no findings: 0 errors, 0 warnings, 0 notes\n");
}

struct entries_row {
	uint32_t entries[64];
	size_t count;
	const char *place;
};

static const struct entries_row one = { { 6 }, 1, "runtime-map/6" };
static const struct entries_row list = { { 5, 6, 7 }, 3, "runtime-map/5,6,7" };
static const struct entries_row range = { { 0, 1, 2, 3, 4, 5, 6, 7 },
					  8,
					  "runtime-map/0-7" };
static const struct entries_row four = { { 3, 4, 5, 6 }, 4, "runtime-map/3-6" };
static const struct entries_row both = { { 0, 2, 3, 4, 5, 9 }, 6, "runtime-map/0,2-5,9" };
static const struct entries_row highest = { { 4294967294, 4294967295 },
					    2,
					    "runtime-map/4294967294,4294967295" };
static const struct entries_row sixteen = {
	{ 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30 },
	16,
	"runtime-map/0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30"
};
static const struct entries_row more = {
	{ 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 33, 34, 35 },
	20,
	"runtime-map/0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 and 4 more"
};

static void places_are_short(void **state)
{
	const struct entries_row *row = *state;
	struct efimap_out expected efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_report *report efimap_auto_report = NULL;

	assert_int_equal(efimap_report_new(&report), 0);
	sample_finding(report, EFIMAP_RULE_PHYS_OVERLAP, EFIMAP_ERROR, EFIMAP_CONSEQ_NONE,
		       row->entries, row->count, "m");
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	efimap_out_puts(&expected, row->place);
	efimap_out_puts(&expected, ": error: m [phys-overlap]\n"
				   "    next kernel: none" EXPLAIN "phys-overlap\n"
				   "1 error, 0 warnings, 0 notes\n");
	expect(report, (struct efimap_text_options){ 0 }, sample_text(&expected));
}

static void without_entries_the_first_fact_is_the_place(void **state)
{
	struct efimap_report *report efimap_auto_report = NULL;
	struct efimap_finding *finding;
	static const char expected[] =
		"memmap: error: too many [memmap-count]\n"
		"    next kernel: boots-without-efi" EXPLAIN "memmap-count\n"
		"fw_vendor: error: virtual [pointer-virtual]\n"
		"    next kernel: does-not-boot" EXPLAIN "pointer-virtual\n"
		"2 errors, 0 warnings, 0 notes\n";

	assert_int_equal(efimap_report_new(&report), 0);
	sample_finding(report, EFIMAP_RULE_MEMMAP_COUNT, EFIMAP_ERROR,
		       EFIMAP_CONSEQ_NO_EFI, NULL, 0, "too many");
	finding = sample_finding(report, EFIMAP_RULE_POINTER_VIRTUAL, EFIMAP_ERROR,
				 EFIMAP_CONSEQ_NO_BOOT, NULL, 0, "virtual");
	assert_int_equal(efimap_finding_add_evidence(report, finding, "fw_vendor", "0x1"),
			 0);
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	expect(report, (struct efimap_text_options){ 0 }, expected);
}

static void captures_cannot_send_escapes(void **state)
{
	struct efimap_report *report efimap_auto_report = NULL;
	struct efimap_text_options options = { .verbose = true, .source = "\033c" };
	struct efimap_finding *finding;
	static const char expected[] =
		"\\x1bc: memmap/\\x0d1: error: label \\x1b]0;x\\x07 [memmap-bad-range]\n"
		"    next kernel: none" EXPLAIN "memmap-bad-range\n"
		"    memmap/\\x0d1: \\x0a\\xff\n"
		"\\x1bc: skipped: map-absent: \\x08\n"
		"\\x1bc: 1 error, 0 warnings, 0 notes; 1 rule not tried\n";

	assert_int_equal(efimap_report_new(&report), 0);
	finding = sample_finding(report, EFIMAP_RULE_MEMMAP_BAD_RANGE, EFIMAP_ERROR,
				 EFIMAP_CONSEQ_NONE, NULL, 0, "label \033]0;x\007");
	assert_int_equal(
		efimap_finding_add_evidence(report, finding, "memmap/\r1", "\n\377"), 0);
	assert_int_equal(efimap_report_skip(report, EFIMAP_RULE_MAP_ABSENT, "\b"), 0);
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	expect(report, options, expected);
}

static void no_judgement_gives_its_reason(void **state)
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

#define ROW(row)                                                                         \
	{                                                                                \
#row, places_are_short, NULL, NULL, (void *)(uintptr_t) & (row)          \
	}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_are_only_counted),
		cmocka_unit_test(verbose_tells_all),
		cmocka_unit_test(severities_have_colors),
		cmocka_unit_test(nothing_found_is_said),
		ROW(one),
		ROW(list),
		ROW(range),
		ROW(four),
		ROW(both),
		ROW(highest),
		ROW(sixteen),
		ROW(more),
		cmocka_unit_test(without_entries_the_first_fact_is_the_place),
		cmocka_unit_test(captures_cannot_send_escapes),
		cmocka_unit_test(no_judgement_gives_its_reason),
	};

	return cmocka_run_group_tests_name("format/report_text", tests, NULL, NULL) != 0;
}
