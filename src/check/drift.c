/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The entries of two maps that were matched: what no kernel changes is drift, one finding
 * each; what a kernel changes is one note for all. Knows how nothing is matched.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check/sides.h"
#include "check/compare_notes.h"
#include "model/traits.h"

/* TYPE PHYS PAGES VIRT ATTRIBUTE, as in a fingerprint (fingerprint.h) */
#define ROW_SIZE sizeof("0xffffffff 0xffffffffffffffff 0xffffffffffffffff "             \
			"0xffffffffffffffff 0xffffffffffffffff")

static const char *row(const struct efimap_entry *entry, char text[ROW_SIZE])
{
	snprintf(text, ROW_SIZE,
		 "0x%" PRIx32 " 0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64,
		 entry->type, entry->phys, entry->pages, entry->virt, entry->attribute);
	return text;
}

static const struct efimap_entry *first_of(const struct compare *c, size_t position)
{
	return &c->first->entries[position];
}

static const struct efimap_entry *second_of(const struct compare *c, size_t position)
{
	return &c->second->entries[position];
}

static enum efimap_mark worse(enum efimap_mark a, enum efimap_mark b)
{
	return a > b ? a : b;
}

/*
 * Boot services allocate their memory anew in every boot, and Linux keeps what happens
 * to lie there.
 */
static bool is_of_another_boot(const struct compare *c, const struct efimap_entry *entry)
{
	return !compare_is_same_power_cycle(c) && efimap_entry_is_boot_services(entry);
}

static struct check_grade grade_of(enum efimap_rule_id rule,
				   const struct efimap_entry *entry)
{
	const struct check_grade usual = check_usual(rule);

	return check_grade(usual.severity,
			   check_needs_entry(entry) ? usual.consequence :
						      EFIMAP_CONSEQ_NONE);
}

/*
 * Is @b what SECOND's kernel has cut off @a's end, to reserve a table in it? Such a piece
 * keeps the address of the whole (drivers/firmware/efi/memmap.c: efi_memmap_insert).
 */
static bool is_cut_off(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return efimap_entry_is_boot_services(b) && a->virt == b->virt && a->phys < b->phys;
}

static void differs_in_virt(struct compare *c, const struct pair *pair)
{
	const struct efimap_entry *a = first_of(c, pair->first);
	const struct efimap_entry *b = second_of(c, pair->second);
	uint64_t first, second;

	/* Where the shared memory starts; it may wrap, as the addresses may. */
	(void)__builtin_add_overflow(a->virt, pair->span.first - a->phys, &first);
	(void)__builtin_add_overflow(b->virt, pair->span.first - b->phys, &second);
	if (pair->whole) {
		first = a->virt;
		second = b->virt;
	}
	if (check_find_entry(&c->check, EFIMAP_RULE_DRIFT_VIRT,
			     is_cut_off(a, b) ?
				     check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NONE) :
				     grade_of(EFIMAP_RULE_DRIFT_VIRT, a),
			     a,
			     "%s at 0x%" PRIx64 " is mapped at 0x%" PRIx64
			     ", but the firmware was told 0x%" PRIx64,
			     CHECK_TYPE(a), pair->whole ? a->phys : pair->span.first,
			     second, first))
		compare_sides_hex(c, first, second);
}

static void differs_in_type(struct compare *c, const struct efimap_entry *a,
			    const struct efimap_entry *b)
{
	if (check_find_entry(&c->check, EFIMAP_RULE_DRIFT_TYPE,
			     grade_of(EFIMAP_RULE_DRIFT_TYPE, a), a,
			     "%s at 0x%" PRIx64 " has become %s", CHECK_TYPE(a), a->phys,
			     CHECK_TYPE(b)))
		compare_sides_hex(c, a->type, b->type);
}

static void differs_in_attribute(struct compare *c, const struct efimap_entry *a,
				 const struct efimap_entry *b)
{
	if (check_find_entry(&c->check, EFIMAP_RULE_DRIFT_ATTR,
			     check_usual(EFIMAP_RULE_DRIFT_ATTR), a,
			     "the attributes of %s at 0x%" PRIx64 " differ in 0x%" PRIx64,
			     CHECK_TYPE(a), a->phys, a->attribute ^ b->attribute))
		compare_sides_hex(c, a->attribute, b->attribute);
}

static bool has_other_virt(const struct compare *c, const struct efimap_entry *a,
			   const struct efimap_entry *b)
{
	return compare_is_same_power_cycle(c) && a->virt_from == EFIMAP_VIRT_READ &&
	       b->virt_from == EFIMAP_VIRT_READ && a->virt - a->phys != b->virt - b->phys;
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

static bool has_other_attribute(const struct compare *c, const struct efimap_entry *a,
				const struct efimap_entry *b)
{
	if (lacks_marks(c->first) || lacks_marks(c->second))
		return promised_attribute(a) != promised_attribute(b);
	return a->attribute != b->attribute;
}

static enum efimap_mark judge_fields(struct compare *c, struct notes *notes,
				     const struct pair *pair)
{
	const struct efimap_entry *a = first_of(c, pair->first);
	const struct efimap_entry *b = second_of(c, pair->second);
	const bool other_attribute = has_other_attribute(c, a, b);
	enum efimap_mark mark = EFIMAP_MARK_SAME;

	if (is_of_another_boot(c, a) &&
	    (a->type != b->type || a->attribute != b->attribute)) {
		notes_add(notes, NOTE_OTHER_BOOT, a->index);
		return EFIMAP_MARK_EXPECTED;
	}
	if (has_other_virt(c, a, b)) {
		differs_in_virt(c, pair);
		mark = is_cut_off(a, b) ? EFIMAP_MARK_EXPECTED : EFIMAP_MARK_DRIFT;
	}
	if (a->type != b->type) {
		differs_in_type(c, a, b);
		mark = EFIMAP_MARK_DRIFT;
	}
	if (other_attribute && has_gained_runtime(a, b)) {
		notes_add(notes, NOTE_RUNTIME_ADDED, a->index);
		mark = worse(mark, EFIMAP_MARK_EXPECTED);
	} else if (other_attribute) {
		differs_in_attribute(c, a, b);
		mark = EFIMAP_MARK_DRIFT;
	}
	return mark;
}

static void differs_in_pages(struct compare *c, const struct efimap_entry *a,
			     const struct efimap_entry *b)
{
	if (check_find_entry(&c->check, EFIMAP_RULE_DRIFT_PAGES,
			     grade_of(EFIMAP_RULE_DRIFT_PAGES, a), a,
			     "%s at 0x%" PRIx64 " has 0x%" PRIx64 " pages instead of 0x%" PRIx64,
			     CHECK_TYPE(a), a->phys, b->pages, a->pages))
		compare_sides_hex(c, a->pages, b->pages);
}

static const struct rest *rest_of(const struct side *side, size_t position)
{
	const size_t at = side->rest_of[position];

	return at == EFIMAP_NO_ENTRY ? NULL : &side->rests[at];
}

/* efi.c: efi_unmap_boot_services; only efi=debug and mixed mode keep such entries. */
static bool is_freed(const struct compare *c, const struct efimap_entry *entry)
{
	if (lacks_marks(c->second) && efimap_entry_is_boot_services(entry))
		return true;
	return compare_is_handover(c) && !efimap_entry_is_runtime(entry) &&
	       !check_needs_entry(entry);
}

/*
 * What SECOND frees is lost without a word, so an entry that has grown over it looks as
 * if it were in other pieces only.
 */
static void grew_over_freed(struct compare *c, const struct efimap_entry *b,
			    const struct rest *rest)
{
	const struct efimap_entry *a;

	if (!rest || rest->partner == EFIMAP_NO_ENTRY || !rest_is_covered(rest))
		return;
	a = first_of(c, rest->partner);
	if (a->phys == b->phys && a->pages != b->pages)
		differs_in_pages(c, a, b);
}

/*
 * Ranges that differ: fine where all of both is there on the other side, in other pieces;
 * another size where they start at the same place. All else is lost or extra, and said
 * of the entry, not of the pair.
 */
static enum efimap_mark judge_part(struct compare *c, struct notes *notes,
				   const struct pair *pair)
{
	const struct efimap_entry *a = first_of(c, pair->first);
	const struct efimap_entry *b = second_of(c, pair->second);
	const struct rest *one = rest_of(&c->matching.first, pair->first);
	const struct rest *other = rest_of(&c->matching.second, pair->second);

	if (one && other && rest_is_covered(one) && rest_is_covered(other)) {
		notes_add(notes, NOTE_CUT, a->index);
		return worse(EFIMAP_MARK_EXPECTED, judge_fields(c, notes, pair));
	}
	if (a->phys != b->phys) {
		if (is_of_another_boot(c, a))
			return EFIMAP_MARK_EXPECTED;
		if (is_freed(c, a) && check_needs_entry(b))
			grew_over_freed(c, b, other);
		return EFIMAP_MARK_DRIFT;
	}
	if (is_of_another_boot(c, a)) {
		notes_add(notes, NOTE_OTHER_BOOT, a->index);
		return EFIMAP_MARK_EXPECTED;
	}
	differs_in_pages(c, a, b);
	return worse(EFIMAP_MARK_DRIFT, judge_fields(c, notes, pair));
}

static void judge_pairs(struct compare *c, struct notes *notes)
{
	for (size_t i = 0; i < c->matching.n_pairs; i++) {
		const struct pair *pair = &c->matching.pairs[i];

		compare_add_match(c, pair->first, pair->second,
				  pair->whole ? judge_fields(c, notes, pair) :
						judge_part(c, notes, pair));
	}
}

static void say_lost(struct compare *c, const struct efimap_entry *entry)
{
	char text[ROW_SIZE];

	if (check_find_entry(&c->check, EFIMAP_RULE_DRIFT_LOST,
			     grade_of(EFIMAP_RULE_DRIFT_LOST, entry), entry,
			     "%s at 0x%" PRIx64 ", 0x%" PRIx64 " pages, is missing in SECOND",
			     CHECK_TYPE(entry), entry->phys, entry->pages))
		compare_sides(c, row(entry, text), NULL);
}

static void say_extra(struct compare *c, const struct efimap_entry *entry)
{
	char text[ROW_SIZE];

	if (check_find_entry(&c->check, EFIMAP_RULE_DRIFT_EXTRA,
			     check_usual(EFIMAP_RULE_DRIFT_EXTRA), entry,
			     "entry %" PRIu32 " of SECOND, %s at 0x%" PRIx64 ", 0x%" PRIx64
			     " pages, is not in FIRST",
			     entry->index, CHECK_TYPE(entry), entry->phys, entry->pages))
		compare_sides(c, NULL, row(entry, text));
}

/* efi.c before 4.9: save_runtime_map left boot services out. */
static bool is_not_shown(const struct compare *c, const struct efimap_entry *entry)
{
	return compare_is_handover(c) && efimap_entry_is_boot_services(entry) &&
	       !efimap_kernel_has(c->second, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, true);
}

/* NOTE_COUNT: nothing explains it */
static enum note_kind why_lost(const struct compare *c, const struct efimap_entry *entry)
{
	struct efimap_span span;

	if (is_of_another_boot(c, entry))
		return NOTE_OTHER_BOOT_LOST;
	if (compare_is_handover(c) && efimap_entry_phys(entry, &span) < 0)
		return NOTE_DROPPED;
	if (is_not_shown(c, entry))
		return NOTE_NOT_SHOWN;
	return is_freed(c, entry) ? NOTE_FREED : NOTE_COUNT;
}

static void judge_lost(struct compare *c, struct notes *notes, size_t position)
{
	const struct efimap_entry *entry = first_of(c, position);
	const enum note_kind kind = why_lost(c, entry);

	compare_add_match(c, position, EFIMAP_NO_ENTRY,
			  kind == NOTE_COUNT ? EFIMAP_MARK_LOST : EFIMAP_MARK_EXPECTED);
	if (kind == NOTE_COUNT)
		say_lost(c, entry);
	else
		notes_add(notes, kind, entry->index);
}

static void judge_extra(struct compare *c, struct notes *notes, size_t position)
{
	const struct efimap_entry *entry = second_of(c, position);
	const bool expected = is_of_another_boot(c, entry) ||
			      (lacks_marks(c->first) && efimap_entry_is_boot_services(entry));

	compare_add_match(c, EFIMAP_NO_ENTRY, position,
			  expected ? EFIMAP_MARK_EXPECTED : EFIMAP_MARK_EXTRA);
	if (expected)
		notes_add(notes, NOTE_OTHER_BOOT_EXTRA, entry->index);
	else
		say_extra(c, entry);
}

/* Has the pair that starts where this entry does said it all? */
static bool is_told(const struct rest *rest, const struct side *mine,
		    const struct side *theirs)
{
	return rest->partner != EFIMAP_NO_ENTRY &&
	       mine->map->entries[rest->position].phys ==
		       theirs->map->entries[rest->partner].phys;
}

static void judge_rests(struct compare *c, struct notes *notes, const struct side *mine,
			const struct side *theirs,
			void (*judge)(struct compare *, struct notes *, size_t))
{
	for (size_t i = 0; i < mine->n_rests; i++)
		if (!rest_is_covered(&mine->rests[i]) &&
		    !is_told(&mine->rests[i], mine, theirs))
			judge(c, notes, mine->rests[i].position);
	for (size_t i = 0; i < mine->n_unsound; i++)
		if (!mine->used[mine->unsound[i].index])
			judge(c, notes, mine->unsound[i].index);
}

/*
 * What SECOND has is extra where FIRST has nothing to hand over: it is of another machine.
 * Another boot of the same one may well be without what turned the map off.
 */
static bool is_comparable(const struct compare *c)
{
	if (c->second->n_entries == 0)
		return false;
	return c->first->n_entries > 0 ||
	       c->result->relation != EFIMAP_RELATION_OTHER_BOOT ||
	       !efimap_runtime_off_reason(c->first);
}

void compare_entries(struct compare *c)
{
	const size_t room = 2 * (c->first->n_entries + c->second->n_entries);
	struct notes notes = { 0 };

	if (!is_comparable(c))
		return;
	c->tried++;
	/* Said here, for where it cannot be tried nobody asks. */
	compare_wants(c, EFIMAP_RULE_DRIFT_VIRT);
	c->result->matches = efimap_array_new(room, sizeof(*c->result->matches));
	if (!c->result->matches) {
		c->check.error = -ENOMEM;
		return;
	}
	judge_pairs(c, &notes);
	judge_rests(c, &notes, &c->matching.first, &c->matching.second, judge_lost);
	judge_rests(c, &notes, &c->matching.second, &c->matching.first, judge_extra);
	notes_say(c, &notes);
	notes_free(&notes);
	if (c->check.error == 0)
		c->check.error = compare_sort_matches(c);
}
