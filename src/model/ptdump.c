/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs of a page table. It must not know whether they were predicted or read.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/names.h"
#include "model/ptdump.h"

static const char *const ptlevel_names[] = {
	[EFIMAP_PTLEVEL_PTE] = "pte", [EFIMAP_PTLEVEL_PMD] = "pmd",
	[EFIMAP_PTLEVEL_PUD] = "pud", [EFIMAP_PTLEVEL_P4D] = "p4d",
	[EFIMAP_PTLEVEL_PGD] = "pgd",
};
EFIMAP_NAME_OF(ptlevel)

int efimap_ptdump_add(struct efimap_ptdump *dump, const struct efimap_ptrun *run)
{
	struct efimap_ptrun *last = dump->n_runs ? &dump->runs[dump->n_runs - 1] : NULL;

	if (run->span.first > run->span.last ||
	    (last && run->span.first <= last->span.last))
		return -EINVAL;
	if (last && run->span.first - 1 == last->span.last && run->flags == last->flags &&
	    run->level == last->level) {
		last->span.last = run->span.last;
		return 0;
	}
	return efimap_array_append(&dump->runs, &dump->n_runs, &dump->capacity, run,
				   sizeof(*run));
}

void efimap_ptdump_free(struct efimap_ptdump *dump)
{
	free(dump->runs);
	*dump = (struct efimap_ptdump){ 0 };
}
