/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two runtime maps, and whether SECOND has one at all. What no kernel changes in entries
 * that were matched is drift, one finding each; what a kernel changes is one note for all.
 * The order in which they arrived is no part of the promise, but a loader leaves its mark
 * in it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "compare/compared_captures.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/runtime_services_off.h"
#include "linux/setup_data.h"

/* kexec_load several times in a row shuffles what is shuffled; so many are recognised. */
#define MAX_HOPS 4

static enum efimap_mark worse(enum efimap_mark a, enum efimap_mark b)
{
	return a > b ? a : b;
}

static size_t position_of(const struct efimap *map, const struct efimap_entry *entry)
{
	return entry ? (size_t)(entry - map->entries) : EFIMAP_NO_ENTRY;
}

static void add_row(struct sides *sides, const struct efimap_entry *first,
		    const struct efimap_entry *second, enum efimap_mark mark)
{
	struct efimap_comparison *result = sides->result;

	result->matches[result->n_matches++] = (struct efimap_match){
		position_of(sides->first, first), position_of(sides->second, second), mark
	};
}

static void add_difference(struct sides *sides, const struct difference *difference)
{
	if (!sides->error)
		sides->error = efimap_array_append(&sides->differences, &sides->n_differences,
						   &sides->capacity, difference,
						   sizeof(*difference));
}

/* VARIANT_USUAL, or in a way that the rule has words of its own for, mostly a note on all
 * of them */
static void differs(struct sides *sides, enum efimap_rule_id rule,
		    enum rule_variant_id as, const struct efimap_entry *a,
		    const struct efimap_entry *b)
{
	add_difference(sides, &(const struct difference){
				  .rule = rule, .as = as, .entry = a, .other = b });
}

/*
 * Is @b what SECOND's kernel has cut off @a's end, to reserve a table in it? Such a piece
 * keeps the address of the whole (arch/x86/platform/efi/memmap.c: efi_memmap_insert).
 */
static bool is_cut_off(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return efimap_entry_is_boot_services(b) && a->virt == b->virt && a->phys < b->phys;
}

static void differs_in_virt(struct sides *sides, const struct pair *pair)
{
	const struct efimap_entry *a = pair->first, *b = pair->second;
	struct difference difference = {
		.rule = EFIMAP_RULE_DRIFT_VIRT,
		.as = is_cut_off(a, b) ? VARIANT_CUT_OFF : VARIANT_USUAL,
		.entry = a,
		.at = a->phys,
		.first = a->virt,
		.second = b->virt,
	};

	/* Where the shared memory starts; it may wrap, as the addresses may. */
	if (pair->rest) {
		difference.at = pair->span.first;
		(void)__builtin_add_overflow(a->virt, difference.at - a->phys,
					     &difference.first);
		(void)__builtin_add_overflow(b->virt, difference.at - b->phys,
					     &difference.second);
	}
	add_difference(sides, &difference);
}

static bool has_other_virt(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return a->virt_from == EFIMAP_VIRT_READ && b->virt_from == EFIMAP_VIRT_READ &&
	       a->virt - a->phys != b->virt - b->phys;
}

/* Only a bit that is gained: no kernel takes EFI_MEMORY_RUNTIME away. */
static bool has_gained_runtime(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return efimap_entry_is_boot_services(a) &&
	       b->attribute == (a->attribute | EFIMAP_ATTR_RUNTIME) &&
	       !efimap_entry_is_runtime(a);
}

/* Does a log leave open which boot-services entries a kernel keeps? */
static bool lacks_marks(const struct efimap *map)
{
	return efimap_rule_lacks(map, EFIMAP_NEEDS_MARKS);
}

static bool has_other_attribute(const struct sides *sides, const struct efimap_entry *a,
				const struct efimap_entry *b)
{
	if (lacks_marks(sides->first) || lacks_marks(sides->second))
		return promised_attribute(a) != promised_attribute(b);
	return a->attribute != b->attribute;
}

static enum efimap_mark judge_fields(struct sides *sides, const struct pair *pair)
{
	const struct efimap_entry *a = pair->first, *b = pair->second;
	const bool other_attribute = has_other_attribute(sides, a, b);
	enum efimap_mark mark = EFIMAP_MARK_SAME;

	if (has_other_virt(a, b)) {
		differs_in_virt(sides, pair);
		mark = is_cut_off(a, b) ? EFIMAP_MARK_EXPECTED : EFIMAP_MARK_DRIFT;
	}
	if (a->type != b->type) {
		differs(sides, EFIMAP_RULE_DRIFT_TYPE, VARIANT_USUAL, a, b);
		mark = EFIMAP_MARK_DRIFT;
	}
	if (other_attribute && has_gained_runtime(a, b)) {
		differs(sides, EFIMAP_RULE_DRIFT_ATTR_RT_ADDED, VARIANT_USUAL, a, NULL);
		mark = worse(mark, EFIMAP_MARK_EXPECTED);
	} else if (other_attribute) {
		differs(sides, EFIMAP_RULE_DRIFT_ATTR, VARIANT_USUAL, a, b);
		mark = EFIMAP_MARK_DRIFT;
	}
	return mark;
}

/* efi.c: efi_unmap_boot_services; only efi=debug and mixed mode keep such entries. */
static bool is_freed(const struct sides *sides, const struct efimap_entry *entry)
{
	if (lacks_marks(sides->second) && efimap_entry_is_boot_services(entry))
		return true;
	return sides_are_handover(sides) && !efimap_entry_is_runtime(entry) &&
	       !firmware_calls_need_entry(entry);
}

/* efi.c before 4.9: save_runtime_map left boot services out. */
static bool is_not_shown(const struct sides *sides, const struct efimap_entry *entry)
{
	return sides_are_handover(sides) && efimap_entry_is_boot_services(entry) &&
	       !efimap_kernel_has(sides->second, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, true);
}

/*
 * What SECOND frees, or does not show, is lost without a word, so an entry that has grown
 * over it, or that begins in it, looks as if it were in other pieces only.
 */
static void grew_over_freed(struct sides *sides, const struct pair *pair)
{
	const struct efimap_entry *b = pair->second, *a;

	if (!pair->other || !rest_is_covered(pair->other))
		return;
	a = pair->other->partner;
	if (a && a->phys == b->phys)
		differs(sides, EFIMAP_RULE_DRIFT_PAGES, VARIANT_USUAL, a, b);
	else if (!a && pair->span.first == pair->other->span.first)
		differs(sides, EFIMAP_RULE_DRIFT_EXTRA, VARIANT_USUAL, b, NULL);
}

/*
 * Is it there, but for where in its page it begins? Linux maps whole pages, and since 5.7 it has
 * no other use for the address (efi.c: get_systab_virt_addr()).
 */
static bool is_in_page(const struct sides *sides, const struct efimap_entry *a,
		       const struct efimap_entry *b)
{
	struct efimap_entry moved = *b;

	moved.phys = a->phys;
	return efimap_page_start(a->phys) == efimap_page_start(b->phys) &&
	       same_promise(a, &moved) &&
	       efimap_kernel_has(sides->second, EFIMAP_CHANGE_READS_RUNTIME, false);
}

/*
 * Ranges that differ: fine where all of both is there on the other side, in other pieces;
 * another size where they start at the same place. All else is lost or extra, and said
 * of the entry, not of the pair.
 */
static enum efimap_mark judge_part(struct sides *sides, const struct pair *pair)
{
	const struct efimap_entry *a = pair->first, *b = pair->second;

	if (pair->other && rest_is_covered(pair->rest) && rest_is_covered(pair->other)) {
		differs(sides, EFIMAP_RULE_DRIFT_PAGES, VARIANT_CUT, a, NULL);
		return worse(EFIMAP_MARK_EXPECTED, judge_fields(sides, pair));
	}
	if (a->phys != b->phys) {
		pair->rest->in_page |= is_in_page(sides, a, b);
		if ((is_freed(sides, a) || is_not_shown(sides, a)) && firmware_calls_need_entry(b))
			grew_over_freed(sides, pair);
		return EFIMAP_MARK_DRIFT;
	}
	differs(sides, EFIMAP_RULE_DRIFT_PAGES, VARIANT_USUAL, a, b);
	return worse(EFIMAP_MARK_DRIFT, judge_fields(sides, pair));
}

static void judge_pairs(struct sides *sides)
{
	const struct matching *matching = &sides->matching;

	for (size_t i = 0; i < matching->n_pairs; i++) {
		const struct pair *pair = &matching->pairs[i];

		add_row(sides, pair->first, pair->second,
			pair->rest ? judge_part(sides, pair) : judge_fields(sides, pair));
	}
}

/* VARIANT_USUAL: nothing explains it */
static enum rule_variant_id why_lost(const struct sides *sides,
				     const struct efimap_entry *entry,
				     const struct rest *rest)
{
	if (rest && rest->in_page)
		return VARIANT_IN_PAGE;
	if (sides_are_handover(sides) && !rest)
		return VARIANT_DROPPED;
	if (is_not_shown(sides, entry))
		return VARIANT_NOT_SHOWN;
	return is_freed(sides, entry) ? VARIANT_FREED : VARIANT_USUAL;
}

static void judge_lost(struct sides *sides, const struct efimap_entry *entry,
		       const struct rest *rest)
{
	const enum rule_variant_id as = why_lost(sides, entry, rest);

	add_row(sides, entry, NULL,
		as == VARIANT_USUAL || as == VARIANT_IN_PAGE ? EFIMAP_MARK_LOST
							     : EFIMAP_MARK_EXPECTED);
	differs(sides, EFIMAP_RULE_DRIFT_LOST, as, entry, NULL);
}

static void judge_extra(struct sides *sides, const struct efimap_entry *entry,
			const struct rest *rest)
{
	const bool expected = lacks_marks(sides->first) && efimap_entry_is_boot_services(entry);

	add_row(sides, NULL, entry, expected ? EFIMAP_MARK_EXPECTED : EFIMAP_MARK_EXTRA);
	differs(sides, EFIMAP_RULE_DRIFT_EXTRA, expected ? VARIANT_KEPT : VARIANT_USUAL,
		entry, NULL);
}

/* Has the pair that starts where this entry does said it all? */
static bool is_told(const struct rest *rest)
{
	return rest->partner && rest->entry->phys == rest->partner->phys;
}

static void judge_rests(struct sides *sides, const struct side *side,
			void (*judge)(struct sides *, const struct efimap_entry *,
				      const struct rest *))
{
	for (size_t i = 0; i < side->n_rests; i++)
		if (!rest_is_covered(&side->rests[i]) && !is_told(&side->rests[i]))
			judge(sides, side->rests[i].entry, &side->rests[i]);
	for (size_t i = 0; i < side->n_unsound; i++)
		if (side->unsound[i])
			judge(sides, side->unsound[i], NULL);
}

/* Where a row of the comparison stands: ascending */
static uint64_t place_of_row(const struct sides *sides,
			     const struct efimap_match *match)
{
	return match->first != EFIMAP_NO_ENTRY ? sides->first->entries[match->first].phys :
						 sides->second->entries[match->second].phys;
}

static int sort_rows(const struct sides *sides)
{
	const size_t count = sides->result->n_matches;
	efimap_auto_free struct efimap_match *copy =
		efimap_array_new(count, sizeof(*copy));
	efimap_auto_free struct efimap_sort_key *keys =
		efimap_array_new(count, sizeof(*keys));

	if (!copy || !keys)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		copy[i] = sides->result->matches[i];
		keys[i] = (struct efimap_sort_key){ place_of_row(sides, &copy[i]), (uint32_t)i };
	}
	efimap_sort_keys(keys, count);
	for (size_t i = 0; i < count; i++)
		sides->result->matches[i] = copy[keys[i].index];
	return 0;
}

static int find_differences(struct sides *sides)
{
	const size_t room = 2 * (sides->first->n_entries + sides->second->n_entries);

	sides->result->matches = efimap_array_new(room, sizeof(*sides->result->matches));
	if (!sides->result->matches)
		return -ENOMEM;
	judge_pairs(sides);
	judge_rests(sides, &sides->matching.first, judge_lost);
	judge_rests(sides, &sides->matching.second, judge_extra);
	return sides->error ? sides->error : sort_rows(sides);
}

/*
 * struct orders - positions of FIRST's entries in some orders
 * @arrived:  as they stand in SECOND
 * @n:        how many arrived
 * @has:      per position: did it arrive?
 * @now:      in the order that is tried, all of them
 * @next:     room for the next one
 * @listing:  sysfs' order of the numbers 0 to n_entries - 1
 */
struct orders {
	const struct efimap_entry **arrived;
	size_t n;
	bool *has;
	uint32_t *now;
	uint32_t *next;
	uint32_t *listing;
};

static void orders_gather(const struct sides *sides, struct orders *orders)
{
	for (size_t i = 0; i < sides->matching.n_pairs; i++) {
		const struct pair *pair = &sides->matching.pairs[i];

		if (pair->rest)
			continue;
		orders->arrived[position_of(sides->second, pair->second)] = pair->first;
		orders->has[position_of(sides->first, pair->first)] = true;
	}
	for (size_t i = 0; i < sides->second->n_entries; i++)
		if (orders->arrived[i])
			orders->arrived[orders->n++] = orders->arrived[i];
}

/* Did they arrive as @orders->now has them? What equals another stands for it. */
static bool orders_fit(const struct sides *sides, const struct orders *orders)
{
	const struct efimap_entry *entries = sides->first->entries;
	size_t at = 0;

	for (size_t i = 0; i < sides->first->n_entries; i++) {
		if (!orders->has[orders->now[i]])
			continue;
		if (!same_promise(&entries[orders->now[i]], orders->arrived[at++]))
			return false;
	}
	return true;
}

/* One more load: what stands in the order of now is listed anew. */
static void orders_hop(const struct sides *sides, struct orders *orders)
{
	uint32_t *swap = orders->now;

	for (size_t i = 0; i < sides->first->n_entries; i++)
		orders->next[i] = orders->now[orders->listing[i]];
	orders->now = orders->next;
	orders->next = swap;
}

/* From the numbers: the directories of FIRST as sysfs lists them, and those of later kernels */
static int orders_list(const struct sides *sides, struct orders *orders)
{
	const size_t count = sides->first->n_entries;
	int ret;

	for (size_t i = 0; i < count; i++)
		orders->next[i] = sides->first->entries[i].index;
	ret = efimap_kernfs_order(orders->now, count, orders->listing);
	if (ret)
		return ret;
	return efimap_kernfs_order(orders->next, count, orders->now);
}

/* Return: after how many kexec_load, 0 for none that we tried; or a negative errno */
static int orders_count_hops(const struct sides *sides, struct orders *orders)
{
	const int ret = orders_list(sides, orders);

	for (int hops = 1; ret == 0 && hops <= MAX_HOPS; hops++) {
		if (orders_fit(sides, orders))
			return hops;
		orders_hop(sides, orders);
	}
	return ret;
}

/* Return: 0 or a negative errno; the order where there are two entries at least */
static int find_order(const struct sides *sides, enum arrival *ret_arrival)
{
	const size_t count = sides->first->n_entries;
	const bool is_kexec = sides_are_handover(sides);
	efimap_auto_free const struct efimap_entry **arrived =
		efimap_array_new(sides->second->n_entries, sizeof(*arrived));
	efimap_auto_free bool *has = efimap_array_new(count, sizeof(*has));
	efimap_auto_free uint32_t *numbers = efimap_array_new(3 * count, sizeof(*numbers));
	struct orders orders = { .arrived = arrived, .has = has, .now = numbers };
	int hops;

	if (!arrived || !has || !numbers)
		return -ENOMEM;
	orders.next = numbers + count;
	orders.listing = numbers + 2 * count;
	orders_gather(sides, &orders);
	if (orders.n < 2)
		return 0;
	for (size_t i = 0; i < count; i++)
		orders.now[i] = (uint32_t)i;
	if (orders_fit(sides, &orders)) {
		*ret_arrival = is_kexec ? ARRIVAL_BY_NUMBER : ARRIVAL_UNTOLD;
		return 0;
	}
	hops = is_kexec ? orders_count_hops(sides, &orders) : 0;
	*ret_arrival = hops == 0 ? ARRIVAL_OTHER :
		       hops == 1 ? ARRIVAL_LISTED :
				   ARRIVAL_LISTED_AGAIN;
	return hops < 0 ? hops : 0;
}

static int find_arrival(struct sides *sides)
{
	static const enum efimap_loaded_by loaders[] = {
		[ARRIVAL_UNTOLD] = EFIMAP_LOADED_BY_UNKNOWN,
		[ARRIVAL_BY_NUMBER] = EFIMAP_LOADED_BY_KEXEC_FILE_LOAD,
		[ARRIVAL_LISTED] = EFIMAP_LOADED_BY_KEXEC_LOAD,
		[ARRIVAL_LISTED_AGAIN] = EFIMAP_LOADED_BY_KEXEC_LOAD,
		[ARRIVAL_OTHER] = EFIMAP_LOADED_BY_UNKNOWN,
	};
	int ret;

	/* The numbers in a log are not sysfs', and kexec_load goes by how sysfs lists them. */
	if (efimap_rule_lacks(sides->first, EFIMAP_NEEDS_FILES) ||
	    efimap_rule_lacks(sides->second, EFIMAP_NEEDS_FILES))
		return 0;
	ret = find_order(sides, &sides->arrival);
	if (sides->result->loaded_by == EFIMAP_LOADED_BY_UNKNOWN)
		sides->result->loaded_by = loaders[sides->arrival];
	return ret;
}

int sides_look_at_maps(struct sides *sides)
{
	int ret = sides_are_comparable(sides) ? find_differences(sides) : 0;

	return ret == 0 ? find_arrival(sides) : ret;
}

/* Of each rule that looks at differences: is it the one that speaks of this one? */
bool rule_difference(const struct capture_facts *c, struct match *match)
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

bool rule_drift_order_same(const struct capture_facts *c, struct match *match)
{
	return sides_of(c)->arrival == ARRIVAL_BY_NUMBER;
}

bool rule_drift_order_hash(const struct capture_facts *c, struct match *match)
{
	if (sides_of(c)->arrival == ARRIVAL_LISTED_AGAIN)
		use_variant(match, VARIANT_AGAIN);
	return sides_of(c)->arrival == ARRIVAL_LISTED ||
	       sides_of(c)->arrival == ARRIVAL_LISTED_AGAIN;
}

bool rule_drift_order_other(const struct capture_facts *c, struct match *match)
{
	if (!sides_are_handover(sides_of(c)))
		use_variant(match, VARIANT_SELF);
	return sides_of(c)->arrival == ARRIVAL_OTHER;
}

/* What FIRST itself gives away about why nothing may have been passed on */
static void report_unsent(const struct sides *sides, struct match *match)
{
	struct efimap_encoded_setup_data encoded;

	if (!sides_are_handover(sides) ||
	    efimap_encode_setup_data(sides->first, NULL, &encoded))
		return;
	if (encoded.reason != EFIMAP_IS_PASSED)
		set_text(match, VALUE_UNSENT, efimap_not_passed_text(encoded.reason));
	efimap_encoded_setup_data_free(&encoded);
}

/* What SECOND owes to itself is not shown; the rest has not arrived. */
static const char *why_unsent(const struct sides *sides)
{
	if (sides->first->n_entries == 0)
		return "FIRST has none either";
	return efimap_is_32bit_kernel(sides->first) ?
		       "kexec passes EFI from a 32-bit kernel to none" :
		       NULL;
}

static void report_why_none(const struct sides *sides, bool has_efi, struct match *match)
{
	const char *reason = efimap_why_runtime_services_off(sides->second);
	const char *unsent = why_unsent(sides);

	use_variant(match, reason    ? VARIANT_EXPLAINED
			   : unsent  ? VARIANT_UNSENT
			   : has_efi ? VARIANT_USUAL
				     : VARIANT_NO_EFI);
	if (reason || efimap_why_runtime_services_off(sides->first))
		set_text(match, VALUE_IN_WORDS,
			 efimap_runtime_services_off_text(reason ? sides->second
								 : sides->first));
	if (reason || unsent)
		set_text(match, VALUE_REASON, reason ? reason : unsent);
}

bool rule_drift_no_map(const struct capture_facts *c, struct match *match)
{
	const struct sides *sides = sides_of(c);
	const bool has_efi = sides->second->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT;
	const char *uncollected = efimap_why_unknown(sides->second);

	if (!sides_are_handover(sides) || sides->second->n_entries > 0)
		return false;
	if (uncollected) {
		set_text(match, VALUE_REASON, uncollected);
		return skip_rule(match, VARIANT_USUAL);
	}
	report_why_none(sides, has_efi, match);
	set_text(match, VALUE_FIRST,
		 sides->first->n_entries > 0 ? "a runtime map" : "none");
	set_text(match, VALUE_SECOND, has_efi ? "none" : "no EFI");
	report_unsent(sides, match);
	return true;
}

bool rule_drift_not_kexec(const struct capture_facts *c, struct match *match)
{
	const struct sides *sides = sides_of(c);

	if (sides->result->relation == EFIMAP_RELATION_UNKNOWN)
		return skip_rule(match, VARIANT_USUAL);
	if (sides->result->relation == EFIMAP_RELATION_SWAPPED)
		use_variant(match, VARIANT_SWAPPED);
	else if (efimap_booted_by(sides->second) == EFIMAP_BOOTED_BY_UNKNOWN)
		use_variant(match, VARIANT_UNTOLD);
	set_text(match, VALUE_FIRST,
		 efimap_booted_by_name(efimap_booted_by(sides->first)));
	return sides->result->relation == EFIMAP_RELATION_OTHER_BOOT ||
	       sides->result->relation == EFIMAP_RELATION_SWAPPED;
}

bool rule_drift_other_machine(const struct capture_facts *c, struct match *match)
{
	const struct sides *sides = sides_of(c);

	if (sides->why_strange)
		set_text(match, VALUE_REASON, sides->why_strange);
	return sides->why_strange;
}
