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
 * struct unmatched_entry - an entry without a partner of the same range
 * @span:     what of its range no earlier entry of the same capture covers
 * @dead:     nothing is left of it
 * @covered:  bytes of @span that entries of the other capture cover
 * @partner:  an entry of the other capture that starts where it does, or NULL
 * @in_page:  it is in the other capture too, but for where in its page it begins
 */
struct unmatched_entry {
	const struct efimap_entry *entry;
	struct efimap_span span;
	bool dead;
	uint64_t covered;
	const struct efimap_entry *partner;
	bool in_page;
};

/*
 * struct matched_entries - two entries that share memory
 * @unmatched:  NULL where they cover the same pages; else they share what @span says
 * @other: that of @second, or NULL where its range does not exist
 */
struct matched_entries {
	const struct efimap_entry *first;
	const struct efimap_entry *second;
	struct efimap_span span;
	struct unmatched_entry *unmatched;
	const struct unmatched_entry *other;
};

/* unmatched_is_covered() - is all of it in the other capture too? */
static inline bool unmatched_is_covered(const struct unmatched_entry *unmatched)
{
	return !unmatched->dead &&
	       unmatched->covered == efimap_span_bytes(unmatched->span);
}

/*
 * struct side - one capture while it is matched
 * @sound:   entries whose range exists, ascending by phys, pages, content; NULL where one has
 *           found a partner
 * @unsound: entries without pages, or whose range wraps; likewise
 * @unmatched:   ascending by start
 */
struct side {
	const struct efimap *map;
	const struct efimap_entry **sound;
	size_t n_sound;
	const struct efimap_entry **unsound;
	size_t n_unsound;
	struct unmatched_entry *unmatched;
	size_t n_unmatched;
};

/* struct matching - who is whose partner; @pairs ascending by shared start in two runs */
struct matching {
	struct side first;
	struct side second;
	struct matched_entries *pairs;
	size_t n_pairs;
};

/* matching_make() - match by physical range; free with matching_free() in any case */
int matching_make(const struct efimap *first, const struct efimap *second,
		  struct matching *matching);
void matching_free(struct matching *matching);

/*
 * has_same_mapping() - do two entries promise the same? The number, and EFI_MEMORY_RUNTIME of
 * boot services, which every kernel sets for reasons of its own, are no part of it.
 */
bool has_same_mapping(const struct efimap_entry *a, const struct efimap_entry *b);

/* The attributes without what has_same_mapping() leaves out. */
uint64_t mapping_attribute(const struct efimap_entry *entry);

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

/* enum arrival - the order in which the entries arrived; ARRIVAL_UNKNOWN: no matter which
 */
enum arrival {
	ARRIVAL_UNKNOWN,
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
 * struct compared_captures - zero-initialise all but the first three; free with compared_free()
 * @result:      its relation is found first of all
 * @why_other_machine_known: how it is known that the two are of different machines, or NULL
 * @error:       while differences are gathered: the first; it sticks
 * @spans:       of SECOND
 * @runtime_entry: that of FIRST which holds its `runtime`, which is at @runtime_phys and mapped at
 *               @runtime; or NULL
 */
struct compared_captures {
	const struct efimap *first;
	const struct efimap *second;
	struct efimap_comparison *result;
	const char *why_other_machine_known;
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

static inline const struct compared_captures *compared_of(const struct capture_facts *c)
{
	return c->data;
}

/* compare_maps() - the first half, and the rows of the result; 0 or an errno */
int compare_maps(struct compared_captures *compared);
/* compare_environment() - the second half: facts around the maps; likewise */
int compare_environment(struct compared_captures *compared);

/*
 * find_relation() - what SECOND is to FIRST, which are matched already
 *
 * Return: in @ret_why how another machine is known, behind "another machine than FIRST", or NULL.
 */
enum efimap_relation find_relation(const struct matching *matching, const char **ret_why);

/* Has a kernel handed something over to SECOND, as far as we know? */
static inline bool compared_are_kexec_pair(const struct compared_captures *compared)
{
	return compared->result->relation == EFIMAP_RELATION_KEXEC ||
	       compared->result->relation == EFIMAP_RELATION_UNKNOWN;
}

/* compared_are_unrelated() - could nothing have gone from FIRST to SECOND? */
static inline bool compared_are_unrelated(const struct compared_captures *compared)
{
	return !compared_are_kexec_pair(compared) &&
	       compared->result->relation != EFIMAP_RELATION_SELF;
}

/*
 * compared_are_comparable() - have both a map that can be held against the other?
 *
 * What SECOND has is extra where FIRST has nothing to hand over, but not where nobody
 * looked for what FIRST has.
 */
static inline bool compared_are_comparable(const struct compared_captures *compared)
{
	return compared->second->n_entries > 0 && !efimap_why_unknown(compared->first);
}

/* compared_have() - was this source read on both? */
static inline bool compared_have(const struct compared_captures *compared,
				 enum efimap_source source)
{
	return efimap_has(compared->first, source) &&
	       efimap_has(compared->second, source);
}

/* compared_have_system_table() - does boot_params of both name one? */
static inline bool compared_have_system_table(const struct compared_captures *compared)
{
	return compared_have(compared, EFIMAP_SRC_BOOT_PARAMS) &&
	       compared->first->boot_params.efi_info.systab != 0 &&
	       compared->second->boot_params.efi_info.systab != 0;
}

#endif
