/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Translate addresses with sorted entries in O(log n), even if entries overlap. */
#include "infer/address_translation.h"

static void make_side(const struct map_entry *entries, size_t count,
		      int (*span_of)(const struct map_entry *entry, struct span *ret_span),
		      struct interval_tree *side)
{
	struct span span;

	interval_tree_new(side, count);
	for (size_t i = 0; i < count; i++)
		if (span_of(&entries[i], &span) == 0)
			interval_tree_add(side, span, i);
	interval_tree_sort(side);
}

void translator_make(const struct map_entry *entries, size_t count, struct translator *translator)
{
	translator->entries = entries;
	make_side(entries, count, entry_phys, &translator->phys);
	make_side(entries, count, entry_virt, &translator->virt);
}

void translator_free(struct translator *translator)
{
	interval_tree_free(&translator->phys);
	interval_tree_free(&translator->virt);
}

void translate_address(const struct translator *translator, enum direction direction,
		       uint64_t address, struct translated_address *ret_answer)
{
	const bool to_virt = direction == EFIMAP_TO_VIRT;
	const struct interval_tree *side = to_virt ? &translator->phys : &translator->virt;
	uint32_t found[EFIMAP_TRANSLATE_MAX];
	bool more;

	*ret_answer = (struct translated_address){ 0 };
	ret_answer->n_hits = interval_tree_find(side, (struct span){ address, address },
						EFIMAP_TRANSLATE_MAX, found, &more);
	for (size_t i = 0; i < ret_answer->n_hits; i++) {
		const struct map_entry *entry = &translator->entries[found[i]];
		const uint64_t offset = address - (to_virt ? entry->phys : entry->virt);
		struct translated_range *hit = &ret_answer->hits[i];

		hit->entry = entry;
		hit->unknown = to_virt && entry->virt_from == EFIMAP_VIRT_UNKNOWN;
		if (!hit->unknown)
			hit->wraps = __builtin_add_overflow(to_virt ? entry->virt : entry->phys,
							    offset, &hit->address);
		if (hit->wraps)
			hit->address = 0;
	}
}
