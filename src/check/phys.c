/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The physical range of each entry. A range that does not exist has one finding here and
 * no other anywhere (CHECK_PHYS_SOUND).
 */
#include "check.h"
#include "place.h"

/* arch/x86/include/asm/page_types.h: __PHYSICAL_MASK_SHIFT */
#define PHYS_LIMIT (UINT64_C(1) << 52)

static void pages_zero(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_PAGES_ZERO;

	if (check_find_entry(c, rule,
			     check_grade(EFIMAP_ERROR,
					 check_at_stake(entry, EFIMAP_CONSEQ_ENTRY_DROPPED)),
			     entry,
			     "%s at 0x%" PRIx64 " has 0 pages: the next kernel removes it",
			     CHECK_TYPE(entry), entry->phys))
		check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

static void range_overflow(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RANGE_OVERFLOW;

	if (!check_find_entry(c, rule,
			      check_grade(EFIMAP_ERROR,
					  check_at_stake(entry, EFIMAP_CONSEQ_ENTRY_DROPPED)),
			      entry,
			      "%s at 0x%" PRIx64 " with 0x%" PRIx64 " pages ends beyond 2^64: the "
			      "next kernel removes it",
			      CHECK_TYPE(entry), entry->phys, entry->pages))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

static void range_above_52(struct check *c, const struct efimap_entry *entry, uint64_t last)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RANGE_ABOVE_52;

	if (!check_find_entry(c, rule,
			      check_grade(EFIMAP_ERROR,
					  check_at_stake(entry, EFIMAP_CONSEQ_NONE)),
			      entry,
			      "%s at 0x%" PRIx64 " reaches 0x%" PRIx64 ", beyond the 52 bits "
			      "(0xfffffffffffff) that page tables hold",
			      CHECK_TYPE(entry), entry->phys, last))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

static void range_exceeds_window(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RANGE_EXCEEDS_WINDOW;

	if (check_find_entry(c, rule,
			     check_grade(EFIMAP_ERROR,
					 check_at_stake(entry, EFIMAP_CONSEQ_NONE)),
			     entry,
			     "%s at 0x%" PRIx64 " has 0x%" PRIx64 " pages where 0x%" PRIx64
			     " fill the whole EFI window",
			     CHECK_TYPE(entry), entry->phys, entry->pages, CHECK_WINDOW_PAGES))
		check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

static void phys_unaligned(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_PHYS_UNALIGNED;

	if (check_find_entry(c, rule, check_usual(rule), entry,
			     "%s at 0x%" PRIx64 " does not start at a page: it is 0x%" PRIx64
			     " bytes above 0x%" PRIx64,
			     CHECK_TYPE(entry), entry->phys,
			     entry->phys & (EFIMAP_PAGE_SIZE - 1),
			     entry->phys & ~(EFIMAP_PAGE_SIZE - 1)))
		check_evidence_field(c, entry, CHECK_FIELD_PHYS);
}

struct wants {
	bool zero;
	bool unaligned;
	bool overflow;
	bool above_52;
	bool exceeds;
};

/* What is wrong with the size; the first that applies is the cause of the others. */
static void judge_size(struct check *c, size_t i, const struct wants *wants)
{
	const struct efimap_entry *entry = &c->map->entries[i];
	const uint64_t last = entry->phys + (entry->pages * EFIMAP_PAGE_SIZE - 1);

	if (entry->pages == 0) {
		if (wants->zero)
			pages_zero(c, entry);
	} else if (!(c->flags[i] & CHECK_PHYS_SOUND)) {
		if (wants->overflow)
			range_overflow(c, entry);
	} else if (last >= PHYS_LIMIT) {
		if (wants->above_52)
			range_above_52(c, entry, last);
	} else if (entry->pages > CHECK_WINDOW_PAGES && !c->identity &&
		   !(c->flags[i] & CHECK_IDENTITY)) {
		if (wants->exceeds)
			range_exceeds_window(c, entry);
	}
}

void check_phys(struct check *c)
{
	const struct wants wants = {
		.zero = check_wants(c, EFIMAP_RULE_PAGES_ZERO),
		.unaligned = check_wants(c, EFIMAP_RULE_PHYS_UNALIGNED),
		.overflow = check_wants(c, EFIMAP_RULE_RANGE_OVERFLOW),
		.above_52 = check_wants(c, EFIMAP_RULE_RANGE_ABOVE_52),
		.exceeds = check_wants(c, EFIMAP_RULE_RANGE_EXCEEDS_WINDOW),
	};

	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];

		judge_size(c, i, &wants);
		if (wants.unaligned && (c->flags[i] & CHECK_PHYS_SOUND) &&
		    entry->phys % EFIMAP_PAGE_SIZE != 0)
			phys_unaligned(c, entry);
	}
}
