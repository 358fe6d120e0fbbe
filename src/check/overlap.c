/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries against each other: equal ones, and ones that share a physical page. One sort,
 * one sweep; a pair loop would not survive a made-up map. Knows nothing of virtual
 * addresses but that they are a field.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check/check.h"
#include "check/overlap.h"
#include "check/pages.h"

static void speak_of_copies(struct check *c, const struct efimap_entry *copies,
			    size_t count)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_ENTRY_DUPLICATE;
	efimap_auto_free uint32_t *indices = calloc(count, sizeof(*indices));
	char name[EFIMAP_TYPE_NAME_SIZE];
	struct efimap_span span;

	if (!indices) {
		c->error = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < count; i++)
		indices[i] = copies[i].index;
	if (!pages_of(copies, &span) ||
	    !check_find_on(c, rule, check_usual(rule), indices, count,
			   "%zu entries are equal in all fields: " PAGES_FMT, count,
			   PAGES_ARG(copies, span, name)))
		return;
	for (size_t i = 0; i < 2; i++) {
		check_evidence_field(c, &copies[i], CHECK_FIELD_PHYS);
		check_evidence_field(c, &copies[i], CHECK_FIELD_VIRT);
	}
}

static void speak_of_overlap(struct check *c, const struct efimap_entry *entry,
			     struct efimap_span span, const struct efimap_entry *other,
			     struct efimap_span taken)
{
	const uint32_t indices[] = { entry->index, other->index };
	const bool needed = check_needs_entry(entry) || check_needs_entry(other);
	const uint64_t last = span.last < taken.last ? span.last : taken.last;
	char name[EFIMAP_TYPE_NAME_SIZE], other_name[EFIMAP_TYPE_NAME_SIZE];

	if (!check_find_on(c, EFIMAP_RULE_PHYS_OVERLAP,
			   check_grade(EFIMAP_ERROR, needed ? EFIMAP_CONSEQ_NO_RUNTIME
							    : EFIMAP_CONSEQ_NONE),
			   indices, 2,
			   PAGES_FMT " shares 0x%" PRIx64 "-0x%" PRIx64
				     " with entry %" PRIu32 ", " PAGES_FMT,
			   PAGES_ARG(entry, span, name), span.first, last, other->index,
			   PAGES_ARG(other, taken, other_name)))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
	check_evidence_field(c, other, CHECK_FIELD_PHYS);
	check_evidence_field(c, other, CHECK_FIELD_PAGES);
}

/* How many entries from @begin on are equal to the first, itself included: neighbours. */
static size_t count_copies(const struct efimap *map, size_t begin)
{
	size_t end = begin + 1;

	while (end < map->n_entries &&
	       check_is_same(&map->entries[begin], &map->entries[end]))
		end++;
	return end - begin;
}

static void shared_pages(struct check *c)
{
	const bool wants_copies = check_wants(c, EFIMAP_RULE_ENTRY_DUPLICATE);
	const bool wants_overlap = check_wants(c, EFIMAP_RULE_PHYS_OVERLAP);
	const struct efimap_entry *furthest = NULL;
	struct efimap_span span, taken = { 0, 0 };
	size_t copies;

	if (!wants_copies && !wants_overlap)
		return;
	for (size_t i = 0; i < c->map->n_entries && !c->error; i += copies) {
		const struct efimap_entry *entry = &c->map->entries[i];

		copies = count_copies(c->map, i);
		if (!pages_of(entry, &span))
			continue;
		if (copies > 1 && wants_copies)
			speak_of_copies(c, entry, copies);
		if (furthest && span.first <= taken.last && wants_overlap)
			speak_of_overlap(c, entry, span, furthest, taken);
		if (!furthest || span.last > taken.last) {
			furthest = entry;
			taken = span;
		}
	}
}

void check_overlap(struct check *c)
{
	shared_pages(c);
	overlap_order(c);
}
