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
};
EFIMAP_NAME_OF(relation)

const char *efimap_comparison_verdict(const struct efimap_comparison *comparison)
{
	const enum efimap_verdict verdict = efimap_verdict_of(comparison->report);

	if (verdict == EFIMAP_VERDICT_PASS)
		return "same";
	return verdict == EFIMAP_VERDICT_FAIL ? "drift" : efimap_verdict_name(verdict);
}

void efimap_comparison_free(struct efimap_comparison *comparison)
{
	if (!comparison)
		return;
	efimap_report_free(comparison->report);
	free(comparison->matches);
	free(comparison);
}
