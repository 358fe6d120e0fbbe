/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef COMPARE_MATCH_ENTRIES_H
#define COMPARE_MATCH_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "capture/capture.h"

/*
 * An entry without a partner of the same range.
 *
 * @span:    the part of the entry's range that no earlier entry of the same capture covers
 * @dead:    earlier entries cover the complete range; @span is meaningless
 * @covered: bytes of @span that entries of the other capture cover
 * @partner: entry of the other capture whose @span or invalid range starts at the same address,
 *           or NULL
 * @in_page: the other capture has the same entry at another offset within the page, and SECOND's
 *           kernel ignores the offset
 */
struct unmatched_entry {
	const struct map_entry *entry;
	struct span span;
	bool dead;
	uint64_t covered;
	const struct map_entry *partner;
	bool in_page;
};

/*
 * Two entries with the same range, with common memory, or with only the same start address.
 *
 * @span:      the common memory, or @unmatched->span if only @other is NULL; not set if @unmatched
 *             is NULL
 * @unmatched: unmatched entry for @first, or NULL if both entries have the same range
 * @other:     unmatched entry for @second, or NULL if @unmatched is NULL or the range of @second is
 *             invalid
 */
struct matched_entries {
	const struct map_entry *first;
	const struct map_entry *second;
	struct span span;
	struct unmatched_entry *unmatched;
	const struct unmatched_entry *other;
};

static inline bool unmatched_is_covered(const struct unmatched_entry *unmatched)
{
	return !unmatched->dead && unmatched->covered == span_bytes(unmatched->span);
}

/*
 * One capture during matching.
 *
 * @sound:     entries with a valid range, sorted by physical address, pages and mapping; an element
 *             becomes NULL when a partner of the same range is found
 * @unsound:   entries that Linux does not accept, sorted like @sound; matched elements become NULL
 * @unmatched: valid entries without a partner of the same range, sorted by start address
 */
struct side {
	const struct efimap *map;
	const struct map_entry **sound;
	size_t n_sound;
	const struct map_entry **unsound;
	size_t n_unsound;
	struct unmatched_entry *unmatched;
	size_t n_unmatched;
};

struct matching {
	struct side first;
	struct side second;
	struct matched_entries *pairs;
	size_t n_pairs;
};

/* Match entries by physical range. Free the result with matching_free(). */
struct matching matching_make(const struct efimap *first, const struct efimap *second);
void matching_free(struct matching *matching);

/*
 * Return whether two entries describe the same mapping. Entry numbers are ignored, and so is the
 * attribute EFI_MEMORY_RUNTIME of boot services regions, because a kernel may set this attribute.
 */
bool has_same_mapping(const struct map_entry *a, const struct map_entry *b);

/* Return the attributes that has_same_mapping() compares. */
uint64_t mapping_attribute(const struct map_entry *entry);

#endif
