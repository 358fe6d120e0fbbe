/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The entries of two captures, matched by physical range: who is whose partner, and what
 * is left. Knows no rule.
 */
#ifndef CHECK_MATCHING_H
#define CHECK_MATCHING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sort.h"
#include "base/span.h"
#include "model/capture.h"
#include "model/comparison.h"

/*
 * struct pair - two entries that share memory
 * @whole: they cover the same pages; else they share what @span says
 */
struct pair {
	size_t first;
	size_t second;
	struct efimap_span span;
	bool whole;
};

/*
 * struct rest - an entry without a partner of the same range
 * @position: in its capture's entries
 * @span:     what of its range no earlier entry of the same capture covers
 * @dead:     nothing is left of it
 * @covered:  bytes of @span that entries of the other capture cover
 * @partner:  position in the other capture of an entry that starts where it does, or
 *            EFIMAP_NO_ENTRY
 * @partners: how many cover it
 * @in_page:  it is in the other capture too, but for where in its page it begins
 */
struct rest {
	size_t position;
	struct efimap_span span;
	bool dead;
	uint64_t covered;
	size_t partner;
	size_t partners;
	bool in_page;
};

/* rest_is_covered() - is all of it in the other capture too? */
static inline bool rest_is_covered(const struct rest *rest)
{
	return !rest->dead && rest->covered == efimap_span_bytes(rest->span);
}

/*
 * struct side - one capture while it is matched
 * @keys:    entries whose range exists, ascending by phys, pages, content
 * @unsound: entries without pages, or whose range wraps; likewise
 * @rests:   ascending by start; positions of @rest_of lead here
 * @rest_of: per position in the entries: its rest, or EFIMAP_NO_ENTRY
 * @used:    per position: is it in a pair?
 */
struct side {
	const struct efimap *map;
	struct efimap_key *keys;
	size_t n_keys;
	struct efimap_key *unsound;
	size_t n_unsound;
	struct rest *rests;
	size_t n_rests;
	size_t *rest_of;
	bool *used;
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

#endif
