/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "rules/outcome.h"

static struct report *report_with(enum severity severity, enum outcome consequence)
{
	struct report *report = NULL;
	const struct finding finding = {
		.rule = rule_get(EFIMAP_RULE_MAP_EMPTY),
		.certainty = severity == EFIMAP_WARNING ? EFIMAP_CHANCE : EFIMAP_CERTAIN,
		.consequence = consequence,
		.message = "as found",
	};

	assert_int_equal(report_new(&report), 0);
	assert_int_equal(report_add(report, &finding), 0);
	return report;
}

/*
 * An error with a consequence determines the outcome. Without such an error, a gap, an incomplete
 * map or the absence of EFI makes the outcome unknown. Otherwise, the worst finding determines the
 * outcome, and denied or unreadable sources limit the answer to the data that could be read.
 */
TEST(outcome_rows)
{
	static const struct {
		enum severity severity;
		enum outcome consequence;
		enum verdict missed;
		const char *unseen;
		enum outcome outcome;
		const char *answer;
	} rows[] = {
		{ EFIMAP_NOTE, EFIMAP_OUTCOME_NONE, EFIMAP_VERDICT_PASS, "", EFIMAP_OUTCOME_NONE,
		  "The second kernel is fine." },
		{ EFIMAP_NOTE, EFIMAP_OUTCOME_NONE, EFIMAP_VERDICT_DENIED, "", EFIMAP_OUTCOME_NONE,
		  "The second kernel is fine; not every file could be read." },
		{ EFIMAP_NOTE, EFIMAP_OUTCOME_NONE, EFIMAP_VERDICT_PASS, "a gap",
		  EFIMAP_OUTCOME_UNKNOWN, "Cannot tell: a gap." },
		{ EFIMAP_NOTE, EFIMAP_OUTCOME_NONE, EFIMAP_VERDICT_INCOMPLETE, "",
		  EFIMAP_OUTCOME_UNKNOWN, "Cannot tell: a reason." },
		{ EFIMAP_NOTE, EFIMAP_OUTCOME_NONE, EFIMAP_VERDICT_NOT_APPLICABLE, "",
		  EFIMAP_OUTCOME_UNKNOWN, "Cannot tell: a reason." },
		{ EFIMAP_WARNING, EFIMAP_OUTCOME_MEMORY_AT_RISK, EFIMAP_VERDICT_UNREADABLE, "",
		  EFIMAP_OUTCOME_MEMORY_AT_RISK,
		  "The second kernel booted, but firmware memory may have been left "
		  "unprotected: as found; not every file could be read." },
		{ EFIMAP_ERROR, EFIMAP_OUTCOME_NO_EFI, EFIMAP_VERDICT_DENIED, "",
		  EFIMAP_OUTCOME_NO_EFI, "The second kernel booted without EFI: as found." },
		{ EFIMAP_WARNING, EFIMAP_OUTCOME_NO_BOOT, EFIMAP_VERDICT_PASS, "",
		  EFIMAP_OUTCOME_NO_BOOT,
		  "The second kernel booted, but may have received data that can keep a kernel "
		  "from booting: as found." },
		{ EFIMAP_ERROR, EFIMAP_OUTCOME_NO_BOOT, EFIMAP_VERDICT_PASS, "a gap",
		  EFIMAP_OUTCOME_NO_BOOT,
		  "The second kernel booted, but received data that can keep a kernel from "
		  "booting: as found." },
		{ EFIMAP_ERROR, EFIMAP_OUTCOME_NO_RUNTIME, EFIMAP_VERDICT_PASS, "a gap",
		  EFIMAP_OUTCOME_NO_RUNTIME,
		  "The second kernel booted, but EFI runtime services did not work: as found." },
		{ EFIMAP_ERROR, EFIMAP_OUTCOME_NONE, EFIMAP_VERDICT_PASS, "a gap",
		  EFIMAP_OUTCOME_UNKNOWN, "Cannot tell: a gap." },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_report struct report *report =
			report_with(rows[i].severity, rows[i].consequence);

		if (rows[i].missed != EFIMAP_VERDICT_PASS)
			report_note_unread(report, rows[i].missed, "a reason");
		report->unseen = rows[i].unseen;
		report_seal(report);
		assert_int_equal(report_set_outcome(report, EFIMAP_SUBJECT_SECOND, "is fine"), 0);
		assert_string_equal(report->answer, rows[i].answer);
		assert_int_equal(report->outcome, rows[i].outcome);
	}
}
