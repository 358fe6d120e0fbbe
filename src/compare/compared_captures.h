/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the rules of compare start from: the two captures, what one is to the other, and
 * in what they differ. It is found before any rule is asked; c->data leads to it.
 */
#ifndef COMPARE_COMPARED_CAPTURES_H
#define COMPARE_COMPARED_CAPTURES_H

#include "compare/comparison.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"

/* compare_predicates - what decides for the rules of this directory, by enum efimap_rule_id */
extern rule_predicate_fn *const compare_predicates[EFIMAP_RULE_COUNT];

/* --- the entries of two captures, matched by physical range --- */

/*
 * struct rest - an entry without a partner of the same range
 * @span:     what of its range no earlier entry of the same capture covers
 * @dead:     nothing is left of it
 * @covered:  bytes of @span that entries of the other capture cover
 * @partner:  an entry of the other capture that starts where it does, or NULL
 * @in_page:  it is in the other capture too, but for where in its page it begins
 */
struct rest {
	const struct efimap_entry *entry;
	struct efimap_span span;
	bool dead;
	uint64_t covered;
	const struct efimap_entry *partner;
	bool in_page;
};

/*
 * struct pair - two entries that share memory
 * @rest:  NULL where they cover the same pages; else they share what @span says
 * @other: that of @second, or NULL where its range does not exist
 */
struct pair {
	const struct efimap_entry *first;
	const struct efimap_entry *second;
	struct efimap_span span;
	struct rest *rest;
	const struct rest *other;
};

/* rest_is_covered() - is all of it in the other capture too? */
static inline bool rest_is_covered(const struct rest *rest)
{
	return !rest->dead && rest->covered == efimap_span_bytes(rest->span);
}

/*
 * struct side - one capture while it is matched
 * @sound:   entries whose range exists, ascending by phys, pages, content; NULL where one has
 *           found a partner
 * @unsound: entries without pages, or whose range wraps; likewise
 * @rests:   ascending by start
 */
struct side {
	const struct efimap *map;
	const struct efimap_entry **sound;
	size_t n_sound;
	const struct efimap_entry **unsound;
	size_t n_unsound;
	struct rest *rests;
	size_t n_rests;
};

/* struct matching - who is whose partner; @pairs ascending by shared start in two runs */
struct matching {
	struct side first;
	struct side second;
	struct pair *pairs;
	size_t n_pairs;
};

/* matching_make() - match by physical range; free with matching_free() in any case */
int matching_make(const struct efimap *first, const struct efimap *second,
		  struct matching *matching);
void matching_free(struct matching *matching);

/*
 * same_promise() - do two entries promise the same? The number, and EFI_MEMORY_RUNTIME of
 * boot services, which every kernel sets for reasons of its own, are no part of it.
 */
bool same_promise(const struct efimap_entry *a, const struct efimap_entry *b);

/* The attributes without what same_promise() leaves out. */
uint64_t promised_attribute(const struct efimap_entry *entry);

/* --- what the rules start from --- */

/*
 * struct difference - one of the two maps, and the rule that speaks of it
 * @as:            and how
 * @entry:         it lies there; of SECOND where FIRST has none
 * @other:         its partner in SECOND, or NULL
 * @at:            where the memory starts that both have
 * @first, @second: where it is mapped
 */
struct difference {
	enum efimap_rule_id rule;
	enum rule_variant_id as;
	const struct efimap_entry *entry;
	const struct efimap_entry *other;
	uint64_t at, first, second;
};

/* enum arrival - the order in which the entries arrived; ARRIVAL_UNTOLD: no matter which
 */
enum arrival {
	ARRIVAL_UNTOLD,
	ARRIVAL_BY_NUMBER,
	ARRIVAL_LISTED,
	ARRIVAL_LISTED_AGAIN,
	ARRIVAL_OTHER,
};

/*
 * struct hidden - what a call of the firmware runs into first, if SECOND has other memory there
 * @by:    an entry of SECOND, or NULL
 * @entry: that of FIRST
 * @virt:  where it is for the firmware; the memory is that at @phys
 */
struct hidden {
	const struct efimap_entry *by;
	const struct efimap_entry *entry;
	uint64_t virt;
	uint64_t phys;
	bool is_code;
};

/*
 * struct sides - zero-initialise all but the first three; free with sides_free()
 * @result:      its relation is found first of all
 * @why_strange: how it is known that the two are of different machines, or NULL
 * @error:       while differences are gathered: the first; it sticks
 * @spans:       of SECOND
 * @runtime_entry: that of FIRST which holds its `runtime`, which is at @runtime_phys and mapped at
 *               @runtime; or NULL
 */
struct sides {
	const struct efimap *first;
	const struct efimap *second;
	struct efimap_comparison *result;
	const char *why_strange;
	struct matching matching;
	struct difference *differences;
	size_t n_differences;
	size_t capacity;
	int error;
	enum arrival arrival;
	struct spans spans;
	const struct efimap_entry *runtime_entry;
	uint64_t runtime, runtime_phys;
	struct hidden hidden;
};

static inline const struct sides *sides_of(const struct capture_facts *c)
{
	return c->data;
}

/* sides_look_at_maps() - the first half, and the rows of the result; 0 or an errno */
int sides_look_at_maps(struct sides *sides);
/* sides_look_around() - the second half: facts around the maps; likewise */
int sides_look_around(struct sides *sides);

/*
 * sides_relation() - what SECOND is to FIRST, which are matched already
 *
 * Return: in @ret_why how another machine is known, behind "another machine than FIRST", or NULL.
 */
enum efimap_relation sides_relation(const struct matching *matching, const char **ret_why);

/* Has a kernel handed something over to SECOND, as far as we know? */
static inline bool sides_are_handover(const struct sides *sides)
{
	return sides->result->relation == EFIMAP_RELATION_KEXEC ||
	       sides->result->relation == EFIMAP_RELATION_UNKNOWN;
}

/* sides_are_strangers() - could nothing have gone from FIRST to SECOND? */
static inline bool sides_are_strangers(const struct sides *sides)
{
	return !sides_are_handover(sides) &&
	       sides->result->relation != EFIMAP_RELATION_SELF;
}

/*
 * sides_are_comparable() - have both a map that can be held against the other?
 *
 * What SECOND has is extra where FIRST has nothing to hand over, but not where nobody
 * looked for what FIRST has.
 */
static inline bool sides_are_comparable(const struct sides *sides)
{
	return sides->second->n_entries > 0 && !efimap_why_unknown(sides->first);
}

/* sides_have() - was this source read on both? */
static inline bool sides_have(const struct sides *sides, enum efimap_source source)
{
	return efimap_has(sides->first, source) && efimap_has(sides->second, source);
}

/* sides_have_system_table() - does boot_params of both name one? */
static inline bool sides_have_system_table(const struct sides *sides)
{
	return sides_have(sides, EFIMAP_SRC_BOOT_PARAMS) &&
	       sides->first->boot_params.efi_info.systab != 0 &&
	       sides->second->boot_params.efi_info.systab != 0;
}

#endif
