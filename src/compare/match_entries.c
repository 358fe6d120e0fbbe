/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Match the entries of two captures by physical range. Entries with the same range are paired
 * first. A sweep over the sorted entries then pairs entries that were split, merged or resized.
 * Entry numbers are ignored, because kexec-tools passes entries in the order of a directory
 * listing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "compare/match_entries.h"

static int compare_ranges(const struct map_entry *a, const struct map_entry *b)
{
	int order = order_u64(a->phys, b->phys);

	return order ? order : order_u64(a->pages, b->pages);
}

uint64_t mapping_attribute(const struct map_entry *entry)
{
	return entry_is_boot_services(entry) ? entry->attribute & ~EFIMAP_ATTR_RUNTIME
					     : entry->attribute;
}

static int compare_mappings(const struct map_entry *a, const struct map_entry *b)
{
	return compare_ranges(a, b) ?:
	       order_u64(a->virt, b->virt) ?:
	       order_u64(a->type, b->type) ?:
	       order_u64(mapping_attribute(a), mapping_attribute(b));
}

bool has_same_mapping(const struct map_entry *a, const struct map_entry *b)
{
	return compare_mappings(a, b) == 0;
}

static int by_mapping(const void *a, const void *b)
{
	const struct map_entry *left = *(const struct map_entry *const *)a;
	const struct map_entry *right = *(const struct map_entry *const *)b;

	return compare_mappings(left, right) ?:
	       order_u64(left->attribute, right->attribute) ?:
	       order_u64(left->index, right->index);
}

static struct side side_make(const struct efimap *map)
{
	const size_t count = map->n_entries;
	struct side side = {
		.map = map,
		.sound = array_new(count, sizeof(*side.sound)),
		.unsound = array_new(count, sizeof(*side.unsound)),
		.unmatched = array_new(count, sizeof(*side.unmatched)),
	};

	for (size_t i = 0; i < count; i++) {
		const struct map_entry *entry = &map->entries[i];

		if (entry_is_valid(entry))
			side.sound[side.n_sound++] = entry;
		else
			side.unsound[side.n_unsound++] = entry;
	}
	sort_items(side.sound, side.n_sound, sizeof(*side.sound), by_mapping);
	sort_items(side.unsound, side.n_unsound, sizeof(*side.unsound), by_mapping);
	return side;
}

static size_t run_length(const struct map_entry *const *entries, size_t count)
{
	size_t length = 1;

	while (length < count && compare_ranges(entries[0], entries[length]) == 0)
		length++;
	return length;
}

/*
 * Pair entries that @compare finds equal. @compare must agree with the order of both lists. Entries
 * that are already paired are NULL.
 */
static void pair_equal(struct matching *m, const struct map_entry **first, size_t n_first,
		       const struct map_entry **second, size_t n_second,
		       int (*compare)(const struct map_entry *, const struct map_entry *))
{
	size_t i = 0, j = 0;

	while (i < n_first && j < n_second) {
		const int order = !first[i] ? -1 : !second[j] ? 1 : compare(first[i], second[j]);

		if (order == 0) {
			m->pairs[m->n_pairs++] =
				(struct matched_entries){ .first = first[i], .second = second[j] };
			first[i] = second[j] = NULL;
		}
		i += order <= 0;
		j += order >= 0;
	}
}

static void merge(struct matching *m, const struct map_entry **first, size_t n_first,
		  const struct map_entry **second, size_t n_second)
{
	size_t i = 0, j = 0;

	while (i < n_first && j < n_second) {
		const int order = compare_ranges(first[i], second[j]);
		size_t n_i = 1, n_j = 1;

		if (order == 0) {
			n_i = run_length(first + i, n_first - i);
			n_j = run_length(second + j, n_second - j);
			/* Prefer a partner with the same mapping. Pair the rest in order. */
			pair_equal(m, first + i, n_i, second + j, n_j, compare_mappings);
			pair_equal(m, first + i, n_i, second + j, n_j, compare_ranges);
		}
		i += order <= 0 ? n_i : 0;
		j += order >= 0 ? n_j : 0;
	}
}

/*
 * Collect the entries without a partner. Overlapping entries of one capture are clipped, so that
 * the spans of a side are disjoint. A page belongs to the entry that starts first.
 */
static void gather_unmatched(struct side *side)
{
	const struct unmatched_entry *below = NULL;

	for (size_t i = 0; i < side->n_sound; i++) {
		struct unmatched_entry *unmatched = &side->unmatched[side->n_unmatched];

		if (!side->sound[i] || entry_phys(side->sound[i], &unmatched->span) < 0)
			continue;
		unmatched->entry = side->sound[i];
		side->n_unmatched++;
		unmatched->dead = below && unmatched->span.last <= below->span.last;
		if (unmatched->dead)
			continue;
		if (below && unmatched->span.first <= below->span.last)
			unmatched->span.first = below->span.last + 1;
		below = unmatched;
	}
}

/* Pair entries of different ranges if they have common memory. */
static void sweep(struct matching *m)
{
	size_t i = 0, j = 0;

	while (i < m->first.n_unmatched && j < m->second.n_unmatched) {
		struct unmatched_entry *a = &m->first.unmatched[i], *b = &m->second.unmatched[j];
		struct span span;

		if (a->dead || (!b->dead && a->span.last < b->span.first)) {
			i++;
			continue;
		}
		if (b->dead || b->span.last < a->span.first) {
			j++;
			continue;
		}
		span = span_shared(a->span, b->span);
		a->covered += span_bytes(span);
		b->covered += span_bytes(span);
		if (a->span.first == b->span.first) {
			a->partner = b->entry;
			b->partner = a->entry;
		}
		m->pairs[m->n_pairs++] = (struct matched_entries){ a->entry, b->entry, span, a, b };
		i += a->span.last <= span.last;
		j += b->span.last <= span.last;
	}
}

/*
 * Pair the entries of FIRST that overlap no valid entry of SECOND. The partner is an invalid entry
 * of SECOND that starts at the same address, if there is one.
 */
static void pair_unsound(struct matching *m)
{
	size_t i = 0, j = 0;

	while (i < m->first.n_unmatched && j < m->second.n_unsound) {
		struct unmatched_entry *unmatched = &m->first.unmatched[i];
		const struct map_entry *other = m->second.unsound[j];

		if (!other || other->phys < unmatched->entry->phys) {
			j++;
		} else if (other->phys > unmatched->entry->phys || unmatched->covered ||
			   unmatched->dead) {
			i++;
		} else {
			unmatched->partner = other;
			m->pairs[m->n_pairs++] =
				(struct matched_entries){ unmatched->entry, other, unmatched->span,
							  unmatched, NULL };
			m->second.unsound[j] = NULL;
			i++;
		}
	}
}

struct matching matching_make(const struct efimap *first, const struct efimap *second)
{
	struct matching m = {
		.first = side_make(first),
		.second = side_make(second),
		/* Two lists of disjoint ranges have fewer overlaps than ranges. */
		.pairs = array_new(first->n_entries + second->n_entries, sizeof(*m.pairs)),
	};

	merge(&m, m.first.sound, m.first.n_sound, m.second.sound, m.second.n_sound);
	merge(&m, m.first.unsound, m.first.n_unsound, m.second.unsound, m.second.n_unsound);
	gather_unmatched(&m.first);
	gather_unmatched(&m.second);
	sweep(&m);
	pair_unsound(&m);
	return m;
}

static void side_free(struct side *side)
{
	free(side->sound);
	free(side->unsound);
	free(side->unmatched);
}

void matching_free(struct matching *m)
{
	side_free(&m->first);
	side_free(&m->second);
	free(m->pairs);
}
