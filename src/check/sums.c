/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adding up what entries say. Knows no rule. */
#include "check/sums.h"

static void add_kind(struct sums *sums, const struct efimap_entry *entry)
{
	size_t i = sums->n_kinds;

	if (sums->n_kinds > SUMS_MAX_KINDS)
		return;
	/* The kind met last is the likeliest. */
	while (i-- > 0)
		if (sums->kinds[i].type == entry->type &&
		    sums->kinds[i].attribute == entry->attribute)
			return;
	if (sums->n_kinds++ < SUMS_MAX_KINDS)
		sums->kinds[sums->n_kinds - 1] = *entry;
}

void sums_add(struct sums *sums, const struct efimap_entry *entry)
{
	struct efimap_span span = { 0, UINT64_MAX };

	if (efimap_entry_phys(entry, &span) < 0 && entry->pages == 0)
		span.last = entry->phys;
	if (entry->type < 32)
		sums->types |= UINT32_C(1) << entry->type;
	sums->phys_bits |= entry->phys;
	sums->differing |= entry->virt ^ entry->phys;
	if (entry->phys < sums->least_phys)
		sums->least_phys = entry->phys;
	if (span.last > sums->last)
		sums->last = span.last;
	if (entry->pages > sums->pages)
		sums->pages = entry->pages;
	sums->any_empty |= entry->pages == 0;
	add_kind(sums, entry);
}

bool sums_may_apply(const struct check *c, const struct sums *sums, sums_applies *applies)
{
	if (sums->n_kinds > SUMS_MAX_KINDS)
		return true;
	for (size_t i = 0; i < sums->n_kinds; i++)
		if (applies(c, &sums->kinds[i]))
			return true;
	return false;
}
