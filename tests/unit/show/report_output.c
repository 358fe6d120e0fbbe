/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "answer/answer.h"
#include "base/cleanup.h"
#include "show/report_output.h"

static void expect(const struct report *report, struct text_options options, const char *expected)
{
	struct out out auto_out = EFIMAP_OUT_MEM;

	report_write_text(report, &options, &out);
	out_putc(&out, '\0');
	assert_int_equal(out.error, 0);
	assert_string_equal(out.data, expected);
}

TEST(captures_cannot_send_escapes)
{
	struct report *report auto_report = NULL;
	struct text_options options = { .verbose = true };
	const struct evidence fact = { "memmap/\r1", "\n\377" };
	const struct finding finding = {
		.rule = rule_get(EFIMAP_RULE_MEMMAP_BAD_RANGE),
		.outcome = EFIMAP_OUTCOME_NO_BOOT,
		.certainty = EFIMAP_CERTAIN,
		.message = "label \033]0;x\007",
		.evidence = &fact,
		.n_evidence = 1,
	};
	static const char expected[] =
		"memmap-bad-range: error: label \\x1b]0;x\\x07\n"
		"    memmap/\\x0d1: \\x0a\\xff\n"
		"    next kernel: does-not-boot (certain)\n"
		"1 error. To read about it: efimapctl explain memmap-bad-range\n";

	report = report_new();
	report_add(report, &finding);
	report_seal(report);
	expect(report, options, expected);
}

TEST(an_unchecked_report_has_a_reason)
{
	static const struct {
		enum verdict missed;
		const char *text;
	} rows[] = {
		{ EFIMAP_VERDICT_NOT_APPLICABLE, "not-applicable: because \\x1b\n" },
		{ EFIMAP_VERDICT_DENIED, "denied: because \\x1b\n" },
		{ EFIMAP_VERDICT_UNREADABLE, "unreadable: because \\x1b\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct report *report auto_report = NULL;

		report = report_new();
		report->missed = rows[i].missed;
		report->refused = true;
		report->reason = "because \033";
		expect(report, (struct text_options){ 0 }, rows[i].text);
	}
}
