/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The physical range of each entry. A range that does not exist has one finding here and
 * no other anywhere (CHECK_PHYS_SOUND).
 */
#include "check/check.h"
#include "check/pages.h"
#include "check/place.h"

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

	if (check_find_entry(c, rule, check_usual(rule), entry,
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

/* arch/x86/include/asm/e820/api.h: ISA_START_ADDRESS, ISA_END_ADDRESS */
static const struct efimap_span isa_hole = { 0xa0000, 0xfffff };

static bool reaches_hole(const struct efimap_entry *entry)
{
	struct efimap_span span;

	return efimap_entry_phys(entry, &span) == 0 && efimap_span_overlaps(span, isa_hole);
}

/* Linux keeps page 0, and what it has reserved of low memory, by a boot-services entry. */
static bool is_odd_at_zero(const struct check *c, const struct efimap_entry *entry)
{
	return entry->phys < EFIMAP_PAGE_SIZE && !c->mixed_mode &&
	       (!efimap_entry_is_boot_services(entry) || reaches_hole(entry));
}

static void phys_zero(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_PHYS_ZERO;
	const bool reaches = reaches_hole(entry);

	if (check_find_entry(c, rule,
			     check_grade(reaches ? EFIMAP_WARNING : EFIMAP_NOTE,
					 EFIMAP_CONSEQ_NONE),
			     entry, "%s starts at physical address 0%s", CHECK_TYPE(entry),
			     reaches ? " and reaches the video memory at 0xa0000"
				     : ", whose page the kernel maps for itself"))
		check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

static bool is_in_hole(const struct check *c, const struct efimap_entry *entry)
{
	if (entry->type == EFIMAP_TYPE_RESERVED || entry->type == EFIMAP_TYPE_MMIO ||
	    entry->type == EFIMAP_TYPE_MMIO_PORT || !reaches_hole(entry))
		return false;
	return !is_odd_at_zero(c, entry) || !check_speaks(c, EFIMAP_RULE_PHYS_ZERO);
}

static void range_below_1m(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RANGE_BELOW_1M;

	if (!check_find_entry(c, rule, check_usual(rule), entry,
			      "%s at 0x%" PRIx64 " takes in video memory or ROM between 0xa0000 "
			      "and 0xfffff",
			      CHECK_TYPE(entry), entry->phys))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

/* The lowest MiB, where a PC keeps things of its own. */
static void judge_low(struct check *c)
{
	const bool wants_zero = check_wants(c, EFIMAP_RULE_PHYS_ZERO);
	const bool wants_hole = check_wants(c, EFIMAP_RULE_RANGE_BELOW_1M);

	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		struct efimap_span span;

		if (entry->phys > isa_hole.last)
			return;
		if (!pages_of(entry, &span))
			continue;
		if (wants_zero && is_odd_at_zero(c, entry))
			phys_zero(c, entry);
		if (wants_hole && is_in_hole(c, entry))
			range_below_1m(c, entry);
	}
}

static void above_maxphys(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RANGE_ABOVE_MAXPHYS;
	const unsigned int bits = c->map->phys_bits;

	if (!check_wants(c, rule) || bits >= 64 || c->sums.last >> bits == 0)
		return;
	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		struct efimap_span span;

		if (!pages_of(entry, &span) || span.last >> bits == 0 ||
		    !check_find_entry(c, rule, check_usual(rule), entry,
				      "%s at 0x%" PRIx64 " reaches 0x%" PRIx64
				      ", beyond the %u bits of this CPU's physical addresses",
				      CHECK_TYPE(entry), entry->phys, span.last, bits))
			continue;
		check_evidence_field(c, entry, CHECK_FIELD_PHYS);
		check_evidence_field(c, entry, CHECK_FIELD_PAGES);
		check_evidence(c, efimap_source_path(EFIMAP_SRC_CPUINFO),
			       "%u bits physical", bits);
	}
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

static bool may_be_odd(const struct check *c)
{
	return c->sums.any_empty || c->sums.last >= PHYS_LIMIT ||
	       c->sums.pages > CHECK_WINDOW_PAGES ||
	       c->sums.phys_bits % EFIMAP_PAGE_SIZE != 0;
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

	for (size_t i = 0; may_be_odd(c) && i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];

		judge_size(c, i, &wants);
		if (wants.unaligned && (c->flags[i] & CHECK_PHYS_SOUND) &&
		    entry->phys % EFIMAP_PAGE_SIZE != 0)
			phys_unaligned(c, entry);
	}
	judge_low(c);
	above_maxphys(c);
}
