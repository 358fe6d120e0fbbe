/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of a comparison. */
#include <stdlib.h>

#include "base/enum_name.h"
#include "compare/comparison.h"

static const char *const relation_names[] = {
	[EFIMAP_RELATION_UNKNOWN] = "unknown", [EFIMAP_RELATION_KEXEC] = "kexec",
	[EFIMAP_RELATION_SELF] = "self",       [EFIMAP_RELATION_OTHER_BOOT] = "other-boot",
	[EFIMAP_RELATION_SWAPPED] = "swapped", [EFIMAP_RELATION_OTHER_MACHINE] = "other-machine",
};
EFIMAP_NAME_OF(relation)

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	received_free(comparison->received);
	report_free(comparison->report);
	free(comparison->matches);
	free(comparison);
}
