/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "rules/outcome.h"

static struct efimap_report *report_with(enum efimap_severity severity,
					 enum efimap_outcome consequence)
{
	struct efimap_report *report = NULL;
	const struct efimap_finding finding = {
		.rule = efimap_rule_get(EFIMAP_RULE_MAP_EMPTY),
		.certainty = severity == EFIMAP_WARNING ? EFIMAP_CHANCE : EFIMAP_CERTAIN,
		.consequence = consequence,
		.message = "as found",
	};

	assert_int_equal(efimap_report_new(&report), 0);
	assert_int_equal(efimap_report_add(report, &finding), 0);
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
		enum efimap_severity severity;
		enum efimap_outcome consequence;
		enum efimap_verdict missed;
		const char *unseen;
		enum efimap_outcome outcome;
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
		efimap_auto_report struct efimap_report *report =
			report_with(rows[i].severity, rows[i].consequence);

		if (rows[i].missed != EFIMAP_VERDICT_PASS)
			efimap_report_note_unread(report, rows[i].missed, "a reason");
		report->unseen = rows[i].unseen;
		efimap_report_seal(report);
		assert_int_equal(
			efimap_report_set_outcome(report, EFIMAP_SUBJECT_SECOND, "is fine"), 0);
		assert_string_equal(report->answer, rows[i].answer);
		assert_int_equal(report->outcome, rows[i].outcome);
	}
}
