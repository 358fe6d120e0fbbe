/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit statuses: how errors and verdicts become one, and which of several wins. */
#include <errno.h>

#include "cli/cli.h"

static unsigned int rank(enum status status)
{
	/* Whatever hides more comes first; usage ends the run before anything else. */
	static const unsigned int ranks[] = {
		[STATUS_OK] = 0,       [STATUS_NOT_APPLICABLE] = 1, [STATUS_FINDINGS] = 2,
		[STATUS_DENIED] = 3,   [STATUS_UNREADABLE] = 4,     [STATUS_USAGE] = 5,
	};

	return ranks[status];
}

enum status status_worse(enum status a, enum status b)
{
	return rank(b) > rank(a) ? b : a;
}

enum status status_of_error(int error)
{
	switch (error) {
	case 0:
		return STATUS_OK;
	case -EACCES:
	case -EPERM:
		return STATUS_DENIED;
	default:
		return STATUS_UNREADABLE;
	}
}

bool status_is_excused(const struct efimap_report *report, bool if_efi)
{
	return if_efi && report->missed == EFIMAP_MISSED_ALL;
}

enum status status_of_report(const struct efimap_report *report, bool if_efi)
{
	static const enum status statuses[] = {
		[EFIMAP_VERDICT_PASS] = STATUS_OK,
		[EFIMAP_VERDICT_FAIL] = STATUS_FINDINGS,
		[EFIMAP_VERDICT_INCOMPLETE] = STATUS_NOT_APPLICABLE,
		[EFIMAP_VERDICT_NOT_APPLICABLE] = STATUS_NOT_APPLICABLE,
		[EFIMAP_VERDICT_DENIED] = STATUS_DENIED,
		[EFIMAP_VERDICT_UNREADABLE] = STATUS_UNREADABLE,
	};

	if (status_is_excused(report, if_efi))
		return STATUS_OK;
	return statuses[efimap_verdict_of(report)];
}

enum status status_of_comparison(const struct efimap_comparison *comparison)
{
	static const enum status statuses[] = {
		[EFIMAP_COMPARED_SAME] = STATUS_OK,
		[EFIMAP_COMPARED_DRIFT] = STATUS_FINDINGS,
		[EFIMAP_COMPARED_NOT_RECEIVED] = STATUS_FINDINGS,
		[EFIMAP_COMPARED_NOT_SHOWN] = STATUS_NOT_APPLICABLE,
		[EFIMAP_COMPARED_NOT_COMPARABLE] = STATUS_NOT_APPLICABLE,
		[EFIMAP_COMPARED_DENIED] = STATUS_DENIED,
		[EFIMAP_COMPARED_UNREADABLE] = STATUS_UNREADABLE,
	};

	return statuses[efimap_compared_of(comparison)];
}
