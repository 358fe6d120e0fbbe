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
	static const char expected[] = "\nmemmap-bad-range: error: label \\x1b]0;x\\x07\n"
				       "    memmap/\\x0d1: \\x0a\\xff\n"
				       "    next kernel: does-not-boot (certain)\n"
				       "\nAbout a rule: efimapctl explain RULE\n";

	report = report_new();
	report_add(report, &finding);
	report_seal(report);
	expect(report, options, expected);
}
