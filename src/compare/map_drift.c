/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compare two runtime maps. Each difference that no kernel makes is a separate finding. Differences
 * that a kernel makes share one note per kind.
 */
#include <string.h>

#include "base/cleanup.h"
#include "compare/compared_captures.h"
#include "compare/relation.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/runtime_services_off.h"
#include "linux/encode_setup_data.h"

static enum mark worse(enum mark a, enum mark b)
{
	return a > b ? a : b;
}

static size_t position_of(const struct efimap *map, const struct map_entry *entry)
{
	return entry ? (size_t)(entry - map->entries) : EFIMAP_NO_ENTRY;
}

static void add_row(struct compared_captures *compared, const struct map_entry *first,
		    const struct map_entry *second, enum mark mark)
{
	struct comparison *result = compared->result;

	result->matches[result->n_matches++] =
		(struct entry_match){ position_of(compared->first, first),
				      position_of(compared->second, second), mark };
}

static void add_difference(struct compared_captures *compared, const struct difference *difference)
{
	array_append(&compared->differences, &compared->n_differences, &compared->capacity,
		     difference, sizeof(*difference));
}

static void differs(struct compared_captures *compared, enum rule_id rule, enum rule_variant_id as,
		    const struct map_entry *a, const struct map_entry *b)
{
	add_difference(compared, &(const struct difference){
					 .rule = rule, .as = as, .entry = a, .other = b });
}

/*
 * Return whether SECOND's kernel has split @b off @a to reserve a table. Each part keeps the
 * virtual address of the original entry (arch/x86/platform/efi/memmap.c: efi_memmap_insert).
 */
static bool is_cut_off(const struct map_entry *a, const struct map_entry *b)
{
	return entry_is_boot_services(b) && a->virt == b->virt && a->phys < b->phys;
}

/* The virtual and the physical address bits that a 4-level page table uses */
#define VIRT_BITS UINT64_C(0x0000fffffffff000)
#define PHYS_BITS UINT64_C(0x000ffffffffff000)

static void differs_in_virt(struct compared_captures *compared, const struct matched_entries *pair)
{
	const struct map_entry *a = pair->first, *b = pair->second;
	struct difference difference = {
		.rule = EFIMAP_RULE_DRIFT_VIRT,
		.entry = a,
		.at = a->phys,
		.first = a->virt,
		.second = b->virt,
	};

	/* Use the start of the common memory. Sums may wrap, because the input is untrusted. */
	if (pair->unmatched) {
		difference.at = pair->span.first;
		(void)__builtin_add_overflow(a->virt, difference.at - a->phys, &difference.first);
		(void)__builtin_add_overflow(b->virt, difference.at - b->phys, &difference.second);
	}
	if (is_cut_off(a, b))
		difference.as = VARIANT_CUT_OFF;
	else if ((difference.first ^ difference.second) & VIRT_BITS)
		difference.as = VARIANT_USUAL;
	else
		difference.as = VARIANT_IGNORED;
	add_difference(compared, &difference);
}

static bool lacks_reserved_regions(const struct efimap *map)
{
	return rule_lacks(map, EFIMAP_NEEDS_RESERVED_REGIONS);
}

static enum mark compare_entries(struct compared_captures *compared,
				 const struct matched_entries *pair)
{
	const struct map_entry *a = pair->first, *b = pair->second;
	const bool lacks_regions =
		lacks_reserved_regions(compared->first) || lacks_reserved_regions(compared->second);
	const bool other_attribute = lacks_regions ? mapping_attribute(a) != mapping_attribute(b)
						   : a->attribute != b->attribute;
	enum mark mark = EFIMAP_MARK_SAME;

	if (a->virt_from == EFIMAP_VIRT_READ && b->virt_from == EFIMAP_VIRT_READ &&
	    a->virt - a->phys != b->virt - b->phys) {
		differs_in_virt(compared, pair);
		mark = is_cut_off(a, b) ? EFIMAP_MARK_EXPECTED : EFIMAP_MARK_DRIFT;
	}
	/*
	 * The type determines only whether a region is mapped as executable
	 * (arch/x86/platform/efi/efi_64.c: __map_region), so other changes of the type have no
	 * effect.
	 */
	if (a->type != b->type) {
		const bool has_lost_execution =
			a->type == EFIMAP_TYPE_RUNTIME_CODE && b->type != EFIMAP_TYPE_BOOT_CODE;

		differs(compared, EFIMAP_RULE_DRIFT_TYPE,
			has_lost_execution ? VARIANT_USUAL : VARIANT_UNUSED, a, b);
		mark = EFIMAP_MARK_DRIFT;
	}
	/* A boot services entry may gain EFI_MEMORY_RUNTIME, but no kernel clears this bit. */
	if (other_attribute && entry_is_boot_services(a) && !entry_is_runtime(a) &&
	    b->attribute == (a->attribute | EFIMAP_ATTR_RUNTIME)) {
		differs(compared, EFIMAP_RULE_DRIFT_ATTR_RT_ADDED, VARIANT_USUAL, a, NULL);
		mark = worse(mark, EFIMAP_MARK_EXPECTED);
	} else if (other_attribute) {
		differs(compared, EFIMAP_RULE_DRIFT_ATTR, VARIANT_USUAL, a, b);
		mark = EFIMAP_MARK_DRIFT;
	}
	return mark;
}

/*
 * Return whether SECOND may lack an entry of FIRST for a harmless reason. SECOND's kernel may drop
 * boot services entries without EFI_MEMORY_RUNTIME (arch/x86/platform/efi/quirks.c:
 * efi_unmap_boot_services), firmware calls need no RAM entries, and some captures do not show the
 * reserved boot services regions.
 */
static bool may_lack_entry(const struct compared_captures *compared, const struct map_entry *entry)
{
	if (lacks_reserved_regions(compared->second) && entry_is_boot_services(entry))
		return true;
	return compared_are_kexec_pair(compared) && !entry_is_runtime(entry) &&
	       !firmware_calls_need_entry(entry);
}

/*
 * Return whether SECOND's kernel does not export an entry that it may have received. Before Linux
 * 4.9, save_runtime_map() (arch/x86/platform/efi/efi.c) skipped boot services regions.
 */
static bool is_not_shown(const struct compared_captures *compared, const struct map_entry *entry)
{
	return compared_are_kexec_pair(compared) && entry_is_boot_services(entry) &&
	       !kernel_has(compared->second, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, true);
}

/*
 * Compare entries with different ranges. If the other capture covers each range completely, the
 * entries are only split differently. If it does not, entries with the same start address have
 * different sizes. In all other cases, memory is lost or extra, and is reported for each entry, not
 * for the pair.
 */
static enum mark compare_part(struct compared_captures *compared,
			      const struct matched_entries *pair)
{
	const struct map_entry *a = pair->first, *b = pair->second, *partner;
	const bool is_other_covered = pair->other && unmatched_is_covered(pair->other);
	struct map_entry moved = *b;

	if (is_other_covered && unmatched_is_covered(pair->unmatched)) {
		differs(compared, EFIMAP_RULE_DRIFT_PAGES, VARIANT_CUT, a, NULL);
		return worse(EFIMAP_MARK_EXPECTED, compare_entries(compared, pair));
	}
	if (a->phys == b->phys) {
		differs(compared, EFIMAP_RULE_DRIFT_PAGES, VARIANT_USUAL, a, b);
		return worse(EFIMAP_MARK_DRIFT, compare_entries(compared, pair));
	}
	/*
	 * The entries may differ only in their offset within a page, which SECOND's kernel may
	 * ignore. Linux maps complete pages, and only Linux before 5.7 also uses the exact address
	 * (get_systab_virt_addr() in arch/x86/platform/efi/efi.c).
	 */
	moved.phys = a->phys;
	pair->unmatched->in_page |=
		page_start(a->phys) == page_start(b->phys) && has_same_mapping(a, &moved) &&
		kernel_has(compared->second, EFIMAP_CHANGE_READS_RUNTIME, false);
	/*
	 * Report an entry of SECOND that has grown over, or begins in, a region of FIRST that
	 * SECOND's kernel frees or does not export. The missing region itself is no drift.
	 */
	if ((may_lack_entry(compared, a) || is_not_shown(compared, a)) &&
	    firmware_calls_need_entry(b) && is_other_covered) {
		partner = pair->other->partner;
		if (partner && partner->phys == b->phys)
			differs(compared, EFIMAP_RULE_DRIFT_PAGES, VARIANT_USUAL, partner, b);
		else if (!partner && pair->span.first == pair->other->span.first)
			differs(compared, EFIMAP_RULE_DRIFT_EXTRA, VARIANT_USUAL, b, NULL);
	}
	return EFIMAP_MARK_DRIFT;
}

static void check_lost(struct compared_captures *compared, const struct map_entry *entry,
		       const struct unmatched_entry *unmatched)
{
	const struct efimap *second = compared->second;
	enum rule_variant_id as = VARIANT_USUAL;

	if (unmatched && unmatched->in_page)
		as = VARIANT_IN_PAGE;
	else if (compared_are_kexec_pair(compared) && !unmatched)
		as = VARIANT_DROPPED;
	else if (is_not_shown(compared, entry))
		as = VARIANT_NOT_SHOWN;
	else if (may_lack_entry(compared, entry))
		as = VARIANT_FREED;
	add_row(compared, entry, NULL,
		as == VARIANT_USUAL || as == VARIANT_IN_PAGE ? EFIMAP_MARK_LOST
							     : EFIMAP_MARK_EXPECTED);
	/* If two addresses differ only in bits that page tables ignore, the memory is the same. */
	for (size_t i = 0; as == VARIANT_USUAL && i < second->n_entries; i++) {
		const struct map_entry *other = &second->entries[i];

		if (other->virt == entry->virt && other->pages == entry->pages &&
		    ((other->phys ^ entry->phys) & PHYS_BITS) == 0)
			as = VARIANT_IGNORED;
	}
	differs(compared, EFIMAP_RULE_DRIFT_LOST, as, entry, NULL);
}

static void check_extra(struct compared_captures *compared, const struct map_entry *entry,
			const struct unmatched_entry *unmatched)
{
	const bool expected =
		lacks_reserved_regions(compared->first) && entry_is_boot_services(entry);

	add_row(compared, NULL, entry, expected ? EFIMAP_MARK_EXPECTED : EFIMAP_MARK_EXTRA);
	differs(compared, EFIMAP_RULE_DRIFT_EXTRA, expected ? VARIANT_KEPT : VARIANT_USUAL, entry,
		NULL);
}

static void compare_unmatched(struct compared_captures *compared, const struct side *side,
			      void (*check)(struct compared_captures *, const struct map_entry *,
					    const struct unmatched_entry *))
{
	for (size_t i = 0; i < side->n_unmatched; i++) {
		const struct unmatched_entry *unmatched = &side->unmatched[i];
		const struct map_entry *partner = unmatched->partner;

		/* compare_part() reports entries that start at the same address. */
		if (!unmatched_is_covered(unmatched) &&
		    !(partner && unmatched->entry->phys == partner->phys))
			check(compared, unmatched->entry, unmatched);
	}
	for (size_t i = 0; i < side->n_unsound; i++)
		if (side->unsound[i])
			check(compared, side->unsound[i], NULL);
}

/* Compare the entries, and sort the rows by physical address. */
static void find_differences(struct compared_captures *compared)
{
	const struct efimap *first = compared->first, *second = compared->second;
	const struct matching *matching = &compared->matching;
	const size_t room = 2 * (first->n_entries + second->n_entries);
	struct entry_match *rows = array_new(room, sizeof(*rows));
	auto_free struct entry_match *copy = array_new(room, sizeof(*copy));
	auto_free struct sort_key *keys = array_new(room, sizeof(*keys));
	size_t count;

	compared->result->matches = rows;
	for (size_t i = 0; i < matching->n_pairs; i++) {
		const struct matched_entries *pair = &matching->pairs[i];

		add_row(compared, pair->first, pair->second,
			pair->unmatched ? compare_part(compared, pair)
					: compare_entries(compared, pair));
	}
	compare_unmatched(compared, &matching->first, check_lost);
	compare_unmatched(compared, &matching->second, check_extra);
	count = compared->result->n_matches;
	for (size_t i = 0; i < count; i++) {
		copy[i] = rows[i];
		keys[i].key = rows[i].first != EFIMAP_NO_ENTRY
				      ? first->entries[rows[i].first].phys
				      : second->entries[rows[i].second].phys;
		keys[i].index = (uint32_t)i;
	}
	sort_keys(keys, count);
	for (size_t i = 0; i < count; i++)
		rows[i] = copy[keys[i].index];
}

void compare_maps(struct compared_captures *compared)
{
	if (compared_are_comparable(compared))
		find_differences(compared);
}

bool rule_difference(const struct facts_for_rules *c, struct match *match)
{
	const struct difference *difference = match->thing;

	use_variant(match, difference->as);
	set_other_entry(match, difference->other);
	set_hex(match, VALUE_AT, difference->at);
	set_hex(match, VALUE_FIRST, difference->first);
	set_hex(match, VALUE_SECOND, difference->second);
	if (difference->other)
		set_hex(match, VALUE_DIFFERENCE,
			match->entry->attribute ^ difference->other->attribute);
	return match->rule == &rule_bindings[difference->rule];
}

bool rule_drift_no_map(const struct facts_for_rules *c, struct match *match)
{
	const struct compared_captures *compared = compared_of(c);
	const struct efimap *first = compared->first, *second = compared->second;
	const bool has_efi = second->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT;
	const char *uncollected = why_map_unknown(second), *reason, *unsent = NULL;
	enum not_passed not_passed;

	if (!compared_are_kexec_pair(compared) || second->n_entries > 0)
		return false;
	if (uncollected) {
		note_skipped_rule(match->run, rule_id_of(match->rule), "SECOND: %s", uncollected);
		return false;
	}
	reason = why_runtime_services_off(second);
	if (first->n_entries == 0)
		unsent = "FIRST has no runtime map either";
	else if (is_32bit_kernel(first))
		unsent = "a 32-bit kernel passes no EFI data to another kernel";
	/* The reasons are in order of precedence. */
	use_variant(match, reason			     ? VARIANT_EXPLAINED
			   : unsent			     ? VARIANT_UNSENT
			   : has_efi			     ? VARIANT_NOT_EXPORTED
			   : compared_are_unusable(compared) ? VARIANT_UNUSABLE
							     : VARIANT_USUAL);
	if (reason || why_runtime_services_off(first))
		set_text(match, VALUE_IN_WORDS, runtime_services_off_text(reason ? second : first));
	if (reason || unsent)
		set_text(match, VALUE_REASON, reason ? reason : unsent);
	set_text(match, VALUE_FIRST, first->n_entries > 0 ? "a runtime map" : "none");
	set_text(match, VALUE_SECOND, has_efi ? "none" : "no EFI");
	not_passed = find_why_not_passed(first, EFIMAP_LOADER_KEXEC_TOOLS);
	if (not_passed != EFIMAP_IS_PASSED)
		set_text(match, VALUE_UNSENT, not_passed_text(not_passed));
	return true;
}

bool rule_drift_not_kexec(const struct facts_for_rules *c, struct match *match)
{
	const struct compared_captures *compared = compared_of(c);

	if (compared->result->relation == EFIMAP_RELATION_UNKNOWN) {
		note_skipped_rule(match->run, rule_id_of(match->rule),
				  "cannot tell how SECOND was booted");
		return false;
	}
	if (compared->result->relation == EFIMAP_RELATION_SWAPPED)
		use_variant(match, VARIANT_SWAPPED);
	else if (find_booted_by(compared->second) != EFIMAP_BOOTED_BY_FIRMWARE)
		use_variant(match, VARIANT_UNKNOWN);
	set_text(match, VALUE_SECOND, booted_by_name(find_booted_by(compared->second)));
	set_text(match, VALUE_FIRST, booted_by_name(find_booted_by(compared->first)));
	set_number(match, VALUE_LIVE, compared->second->origin == EFIMAP_ORIGIN_LIVE);
	/* drift-table reports tables of SECOND that are at other addresses. */
	if (find_booted_by(compared->second) != EFIMAP_BOOTED_BY_FIRMWARE &&
	    any_table_has_moved(compared->first, compared->second))
		return false;
	return compared->result->relation == EFIMAP_RELATION_OTHER_BOOT ||
	       compared->result->relation == EFIMAP_RELATION_SWAPPED;
}

bool rule_drift_other_machine(const struct facts_for_rules *c, struct match *match)
{
	const struct compared_captures *compared = compared_of(c);

	if (compared->why_other_machine)
		set_text(match, VALUE_REASON, compared->why_other_machine);
	return compared->why_other_machine;
}
