/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine the verdict of a comparison. */
#include <stdlib.h>

#include "base/enum_name.h"
#include "compare/comparison.h"

static const char *const relation_names[] = {
	[EFIMAP_RELATION_UNKNOWN] = "unknown",
	[EFIMAP_RELATION_KEXEC] = "kexec",
	[EFIMAP_RELATION_SELF] = "self",
	[EFIMAP_RELATION_OTHER_BOOT] = "other-boot",
	[EFIMAP_RELATION_SWAPPED] = "swapped",
	[EFIMAP_RELATION_OTHER_MACHINE] = "other-machine",
};
EFIMAP_NAME_OF(relation)

/* drift-no-map is ignored, because EFIMAP_VERDICT_NOT_SHOWN already covers the missing map. */
static bool has_other_error(const struct efimap_report *report)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].severity == EFIMAP_ERROR &&
		    report->findings[i].rule->id != EFIMAP_RULE_DRIFT_NO_MAP)
			return true;
	return false;
}

enum efimap_verdict efimap_verdict_of_comparison(const struct efimap_comparison *comparison)
{
	const enum efimap_verdict arrived = comparison->arrived;
	const enum efimap_verdict verdict = efimap_verdict_of(comparison->report);

	switch (verdict) {
	case EFIMAP_VERDICT_INCOMPLETE:
		/* Unless the comparison was refused, keep NOT_SHOWN for the missing map. */
		return arrived == EFIMAP_VERDICT_NOT_SHOWN && !comparison->report->refused ?
			       arrived :
			       EFIMAP_VERDICT_NOT_COMPARABLE;
	case EFIMAP_VERDICT_NOT_APPLICABLE:
		return EFIMAP_VERDICT_NOT_COMPARABLE;
	case EFIMAP_VERDICT_FAIL:
		return arrived == EFIMAP_VERDICT_SAME ||
				       (arrived == EFIMAP_VERDICT_NOT_SHOWN &&
					has_other_error(comparison->report)) ?
			       EFIMAP_VERDICT_DRIFT :
			       arrived;
	case EFIMAP_VERDICT_PASS:
	case EFIMAP_VERDICT_WARN:
		return arrived;
	default:
		return verdict;
	}
}

void efimap_comparison_free(struct efimap_comparison *comparison)
{
	if (!comparison)
		return;
	efimap_report_free(comparison->report);
	free(comparison->matches);
	free(comparison);
}
