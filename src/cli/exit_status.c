/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compute the exit status of a command. */
#include <errno.h>

#include "answer/answer.h"
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
	bool is_found = fail_on->is_map && report->map_severity != EFIMAP_NOTE;

	if (!fail_on->is_given || status == STATUS_DENIED || status == STATUS_UNREADABLE)
		return status;
	for (size_t i = 0; i < report->n_answers; i++)
		is_found |= fail_on->words >> report->answers[i].word & 1;
	return is_found ? STATUS_FINDINGS : STATUS_OK;
}
