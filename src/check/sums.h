/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the entries of a map say taken together. Most rules can tell from this that they
 * have nothing to say, and then need not ask a million entries one by one.
 */
#ifndef CHECK_SUMS_H
#define CHECK_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/entry.h"

/* Real maps have up to ten kinds of entries. */
#define SUMS_MAX_KINDS 32

/*
 * struct sums
 * @types:       CHECK_TYPE_BIT() of each type below 32 that an entry has
 * @places:      CHECK_PLACE_BIT() of each place that an entry lies in
 * @phys_bits:   the bits that are set in the phys of any entry
 * @differing:   the bits in which phys and virt of any entry differ
 * @least_phys:  UINT64_MAX without entries
 * @last:        the greatest last byte, UINT64_MAX where a range wraps
 * @pages:       the greatest number of pages
 * @any_empty:   an entry has no pages
 * @kinds:       an entry of each pair of type and attribute that occurs
 * @n_kinds:     of them; SUMS_MAX_KINDS + 1 when there are more than fit
 */
struct sums {
	uint32_t types;
	uint32_t places;
	uint64_t phys_bits;
	uint64_t differing;
	uint64_t least_phys;
	uint64_t last;
	uint64_t pages;
	bool any_empty;
	struct efimap_entry kinds[SUMS_MAX_KINDS];
	size_t n_kinds;
};

#define SUMS_INIT { .least_phys = UINT64_MAX }

/* sums_add() - take one more entry in */
void sums_add(struct sums *sums, const struct efimap_entry *entry);

struct check;
/* What a rule asks of an entry's type and attribute, and of nothing else in it. */
typedef bool sums_applies(const struct check *c, const struct efimap_entry *entry);

/* sums_may_apply() - false when @applies holds for no entry */
bool sums_may_apply(const struct check *c, const struct sums *sums, sums_applies *applies);

#endif
