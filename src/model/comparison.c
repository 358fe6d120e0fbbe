/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A comparison as a value. How two captures are compared is for the check room. */
#include <stdlib.h>

#include <efimap/report.h>

#include "base/names.h"
#include "model/comparison.h"

static const char *const relation_names[] = {
	[EFIMAP_RELATION_UNKNOWN] = "unknown",
	[EFIMAP_RELATION_KEXEC] = "kexec",
	[EFIMAP_RELATION_SELF] = "self",
	[EFIMAP_RELATION_OTHER_BOOT] = "other-boot",
	[EFIMAP_RELATION_SWAPPED] = "swapped",
	[EFIMAP_RELATION_OTHER_MACHINE] = "other-machine",
};
EFIMAP_NAME_OF(relation)

static const char *const compared_names[] = {
	[EFIMAP_COMPARED_SAME] = "same",
	[EFIMAP_COMPARED_DRIFT] = "drift",
	[EFIMAP_COMPARED_NOT_RECEIVED] = "not-received",
	[EFIMAP_COMPARED_NOT_SHOWN] = "not-shown",
	[EFIMAP_COMPARED_NOT_COMPARABLE] = "not-comparable",
	[EFIMAP_COMPARED_DENIED] = "denied",
	[EFIMAP_COMPARED_UNREADABLE] = "unreadable",
};
EFIMAP_NAME_OF(compared)

enum efimap_compared efimap_compared_of(const struct efimap_comparison *comparison)
{
	const enum efimap_compared arrived = comparison->arrived;

	switch (efimap_verdict_of(comparison->report)) {
	case EFIMAP_VERDICT_DENIED:
		return EFIMAP_COMPARED_DENIED;
	case EFIMAP_VERDICT_UNREADABLE:
		return EFIMAP_COMPARED_UNREADABLE;
	case EFIMAP_VERDICT_INCOMPLETE:
		return arrived == EFIMAP_COMPARED_NOT_SHOWN ? arrived :
							      EFIMAP_COMPARED_NOT_COMPARABLE;
	case EFIMAP_VERDICT_NOT_APPLICABLE:
		return EFIMAP_COMPARED_NOT_COMPARABLE;
	case EFIMAP_VERDICT_FAIL:
		/* What SECOND does not show excuses nothing else. */
		return arrived == EFIMAP_COMPARED_SAME || arrived == EFIMAP_COMPARED_NOT_SHOWN ?
			       EFIMAP_COMPARED_DRIFT :
			       arrived;
	case EFIMAP_VERDICT_PASS:
		break;
	}
	return arrived;
}

const char *efimap_comparison_verdict(const struct efimap_comparison *comparison)
{
	return efimap_compared_name(efimap_compared_of(comparison));
}

void efimap_comparison_free(struct efimap_comparison *comparison)
{
	if (!comparison)
		return;
	efimap_report_free(comparison->report);
	free(comparison->matches);
	free(comparison);
}
