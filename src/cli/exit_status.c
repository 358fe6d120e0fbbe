/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compute the exit status of a command. */
#include <errno.h>

#include "answer/answers.h"
#include "base/out_of_memory.h"
#include "cli/exit_status.h"

_Static_assert(STATUS_OUT_OF_MEMORY == (int)STATUS_UNREADABLE, "base exits with a status of cli");

enum status combine_status(enum status a, enum status b)
{
	/* Errors take precedence, because they make other results uncertain. */
	static const unsigned int ranks[] = {
		[STATUS_OK] = 0,     [STATUS_NOT_APPLICABLE] = 1, [STATUS_FINDINGS] = 2,
		[STATUS_DENIED] = 3, [STATUS_UNREADABLE] = 4,	  [STATUS_USAGE] = 5,
	};

	return ranks[b] > ranks[a] ? b : a;
}

enum status status_of_error(int error)
{
	if (error == -EACCES || error == -EPERM)
		return STATUS_DENIED;
	return error ? STATUS_UNREADABLE : STATUS_OK;
}

enum status status_of_verdict(enum verdict verdict)
{
	static const enum status statuses[] = {
		[EFIMAP_VERDICT_PASS] = STATUS_OK,
		[EFIMAP_VERDICT_WARN] = STATUS_OK,
		[EFIMAP_VERDICT_FAIL] = STATUS_FINDINGS,
		[EFIMAP_VERDICT_INCOMPLETE] = STATUS_NOT_APPLICABLE,
		[EFIMAP_VERDICT_NOT_APPLICABLE] = STATUS_NOT_APPLICABLE,
		[EFIMAP_VERDICT_DENIED] = STATUS_DENIED,
		[EFIMAP_VERDICT_UNREADABLE] = STATUS_UNREADABLE,
		[EFIMAP_VERDICT_SAME] = STATUS_OK,
		[EFIMAP_VERDICT_DIFFERS] = STATUS_OK,
		[EFIMAP_VERDICT_DRIFT] = STATUS_FINDINGS,
		[EFIMAP_VERDICT_NOT_COMPARABLE] = STATUS_NOT_APPLICABLE,
		[EFIMAP_VERDICT_NOT_RECEIVED] = STATUS_FINDINGS,
		[EFIMAP_VERDICT_RECEIVED] = STATUS_OK,
		[EFIMAP_VERDICT_RECEIVED_UNUSABLE] = STATUS_FINDINGS,
		[EFIMAP_VERDICT_CANNOT_TELL] = STATUS_NOT_APPLICABLE,
	};

	return statuses[verdict];
}

enum status status_of_fail_on(enum status status, const struct report *report,
			      const struct fail_on *fail_on)
{
	uint32_t outcomes = 0, unknown = 0, states = 0;
	bool is_unknown;

	if (!fail_on->is_given || status == STATUS_DENIED || status == STATUS_UNREADABLE)
		return status;
	if (report->n_answers == 0)
		outcomes = unknown = UINT32_C(1) << report->outcome;
	for (size_t i = 0; i < report->n_answers; i++) {
		const struct load_answer *answer = &report->answers[i];

		if (answer->counts && answer->has_range) {
			outcomes |= UINT32_C(1) << answer->range.known;
			unknown |= UINT32_C(1) << answer->range.unknown;
		}
		if (answer->counts && answer_outcome(answer) == EFIMAP_OUTCOME_UNKNOWN)
			unknown |= UINT32_C(1) << EFIMAP_OUTCOME_UNKNOWN;
		if (answer->question == EFIMAP_QUESTION_KDUMP)
			states |= UINT32_C(1) << answer->state;
	}
	if (report->missed == EFIMAP_VERDICT_NOT_APPLICABLE)
		return fail_on->states & states ? STATUS_FINDINGS : status;
	if (fail_on->outcomes & outcomes || fail_on->states & states ||
	    fail_on->outcomes & unknown & UINT32_C(1) << EFIMAP_OUTCOME_UNKNOWN)
		return STATUS_FINDINGS;
	unknown &= ~(UINT32_C(1) << EFIMAP_OUTCOME_NONE);
	is_unknown = fail_on->outcomes & unknown ||
		     unknown & UINT32_C(1) << EFIMAP_OUTCOME_UNKNOWN ||
		     (report->n_answers == 0 &&
		      (report->missed != EFIMAP_VERDICT_PASS || *report->unseen));
	return is_unknown ? STATUS_NOT_APPLICABLE : STATUS_OK;
}
