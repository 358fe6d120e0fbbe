/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Matching the entries of two captures by physical range: one sort of each side, one merge
 * for those of equal range, one sweep for what is split, merged or resized. Knows no rule.
 *
 * Numbers mean nothing: kexec-tools hands entries on in the order of a directory listing.
 */
#include <errno.h>
#include <stdlib.h>

#include "check/matching.h"

static int compare_ranges(const struct efimap_entry *a, const struct efimap_entry *b)
{
	int order = efimap_order(a->phys, b->phys);

	return order ? order : efimap_order(a->pages, b->pages);
}

uint64_t promised_attribute(const struct efimap_entry *entry)
{
	return efimap_entry_is_boot_services(entry) ?
		       entry->attribute & ~EFIMAP_ATTR_RUNTIME :
		       entry->attribute;
}

static int compare_promises(const struct efimap_entry *a, const struct efimap_entry *b)
{
	int order = compare_ranges(a, b);

	if (!order)
		order = efimap_order(a->virt, b->virt);
	if (!order)
		order = efimap_order(a->type, b->type);
	if (!order)
		order = efimap_order(promised_attribute(a), promised_attribute(b));
	return order;
}

bool same_promise(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return compare_promises(a, b) == 0;
}

static int by_promise(const void *a, const void *b, void *data)
{
	const struct efimap_entry *entries = data;
	const struct efimap_entry *left = &entries[((const struct efimap_key *)a)->index];
	const struct efimap_entry *right = &entries[((const struct efimap_key *)b)->index];
	int order = compare_promises(left, right);

	if (!order)
		order = efimap_order(left->attribute, right->attribute);
	return order ? order : efimap_order(left->index, right->index);
}

static void sort_side(const struct efimap *map, struct efimap_key *keys, size_t count)
{
	if (count)
		qsort_r(keys, count, sizeof(*keys), by_promise, map->entries);
}

static int side_make(struct side *side)
{
	const struct efimap *map = side->map;
	const size_t count = map->n_entries;

	side->keys = efimap_array_new(count, sizeof(*side->keys));
	side->unsound = efimap_array_new(count, sizeof(*side->unsound));
	side->rests = efimap_array_new(count, sizeof(*side->rests));
	side->rest_of = efimap_array_new(count, sizeof(*side->rest_of));
	side->used = efimap_array_new(count, sizeof(*side->used));
	if (!side->keys || !side->unsound || !side->rests || !side->rest_of || !side->used)
		return -ENOMEM;
	if (count >= UINT32_MAX)
		return -EOVERFLOW;
	for (size_t i = 0; i < count; i++) {
		const struct efimap_key key = { map->entries[i].phys, (uint32_t)i };
		struct efimap_span span;

		side->rest_of[i] = EFIMAP_NO_ENTRY;
		if (efimap_entry_phys(&map->entries[i], &span) == 0)
			side->keys[side->n_keys++] = key;
		else
			side->unsound[side->n_unsound++] = key;
	}
	sort_side(map, side->keys, side->n_keys);
	sort_side(map, side->unsound, side->n_unsound);
	return 0;
}

static const struct efimap_entry *entry_at(const struct side *side,
					   const struct efimap_key *keys, size_t at)
{
	return &side->map->entries[keys[at].index];
}

/* Both lists have room for all entries of both sides. */
static void add_pair(struct matching *m, size_t first, size_t second,
		     const struct efimap_span *span, bool whole)
{
	m->pairs[m->n_pairs++] = (struct pair){ first, second, *span, whole };
	if (whole)
		m->first.used[first] = m->second.used[second] = true;
}

static void add_whole(struct matching *m, size_t first, size_t second)
{
	struct efimap_span span = { 0, 0 };

	/* Of an unsound entry there is no range; nobody asks for it either. */
	(void)efimap_entry_phys(&m->first.map->entries[first], &span);
	add_pair(m, first, second, &span, true);
}

/* The end of the run of keys that have the range of the one at @from */
static size_t run_end(const struct side *side, const struct efimap_key *keys, size_t count,
		      size_t from)
{
	size_t end = from + 1;

	while (end < count &&
	       compare_ranges(entry_at(side, keys, from), entry_at(side, keys, end)) == 0)
		end++;
	return end;
}

/* A stretch of keys on each side. */
struct stretch {
	const struct efimap_key *first, *second;
	size_t i, i_end, j, j_end;
};

static void pair_equal(struct matching *m, struct stretch s)
{
	while (s.i < s.i_end && s.j < s.j_end) {
		int order = compare_promises(entry_at(&m->first, s.first, s.i),
					     entry_at(&m->second, s.second, s.j));

		if (order == 0)
			add_whole(m, s.first[s.i].index, s.second[s.j].index);
		s.i += order <= 0;
		s.j += order >= 0;
	}
}

/* Those of one range that differ in something else, in the order of their content. */
static void pair_rest(struct matching *m, struct stretch s)
{
	for (;;) {
		while (s.i < s.i_end && m->first.used[s.first[s.i].index])
			s.i++;
		while (s.j < s.j_end && m->second.used[s.second[s.j].index])
			s.j++;
		if (s.i == s.i_end || s.j == s.j_end)
			return;
		add_whole(m, s.first[s.i].index, s.second[s.j].index);
	}
}

static void merge(struct matching *m, const struct efimap_key *first, size_t n_first,
		  const struct efimap_key *second, size_t n_second)
{
	size_t i = 0, j = 0;

	while (i < n_first && j < n_second) {
		int order = compare_ranges(entry_at(&m->first, first, i),
					   entry_at(&m->second, second, j));
		size_t i_end = order <= 0 ? run_end(&m->first, first, n_first, i) : i;
		size_t j_end = order >= 0 ? run_end(&m->second, second, n_second, j) : j;
		struct stretch s = { first, second, i, i_end, j, j_end };

		if (order == 0) {
			pair_equal(m, s);
			pair_rest(m, s);
		}
		i = i_end;
		j = j_end;
	}
}

/*
 * Entries of one capture that overlap each other are cut, so that those of a side are
 * disjoint and the sweep is linear: a page belongs to the entry that starts first.
 */
static void gather_rests(struct side *side)
{
	bool any = false;
	uint64_t reach = 0;

	for (size_t i = 0; i < side->n_keys; i++) {
		const size_t position = side->keys[i].index;
		struct rest rest = { .position = position, .partner = EFIMAP_NO_ENTRY };

		if (side->used[position] ||
		    efimap_entry_phys(&side->map->entries[position], &rest.span) < 0)
			continue;
		if (any && rest.span.last <= reach)
			rest.dead = true;
		else if (any && rest.span.first <= reach)
			rest.span.first = reach + 1;
		if (!rest.dead)
			reach = rest.span.last;
		any = true;
		side->rest_of[position] = side->n_rests;
		side->rests[side->n_rests++] = rest;
	}
}

static void share(struct matching *m, struct rest *a, struct rest *b)
{
	const struct efimap_span span = efimap_span_shared(a->span, b->span);

	a->covered += efimap_span_bytes(span);
	b->covered += efimap_span_bytes(span);
	a->partners++;
	b->partners++;
	if (a->span.first == b->span.first) {
		a->partner = b->position;
		b->partner = a->position;
	}
	add_pair(m, a->position, b->position, &span, false);
}

static void sweep(struct matching *m)
{
	size_t i = 0, j = 0;

	while (i < m->first.n_rests && j < m->second.n_rests) {
		struct rest *a = &m->first.rests[i], *b = &m->second.rests[j];

		if (a->dead || (!b->dead && a->span.last < b->span.first)) {
			i++;
		} else if (b->dead || b->span.last < a->span.first) {
			j++;
		} else {
			const uint64_t a_last = a->span.last, b_last = b->span.last;

			share(m, a, b);
			i += a_last <= b_last;
			j += b_last <= a_last;
		}
	}
}

/* An entry whose size became 0, or too large, still starts where its partner does. */
static void pair_unsound(struct matching *m)
{
	size_t i = 0, j = 0;

	while (i < m->first.n_rests && j < m->second.n_unsound) {
		struct rest *rest = &m->first.rests[i];
		const uint64_t phys = m->first.map->entries[rest->position].phys;
		const size_t other = m->second.unsound[j].index;

		if (m->second.used[other] || m->second.unsound[j].key < phys) {
			j++;
		} else if (m->second.unsound[j].key > phys || rest->partners || rest->dead) {
			i++;
		} else {
			rest->partner = other;
			m->second.used[other] = true;
			add_pair(m, rest->position, other, &rest->span, false);
			i++;
		}
	}
}

int matching_make(const struct efimap *first, const struct efimap *second,
		  struct matching *m)
{
	int ret;

	*m = (struct matching){ .first.map = first, .second.map = second };
	ret = side_make(&m->first);
	if (ret == 0)
		ret = side_make(&m->second);
	if (ret < 0)
		return ret;
	/* Disjoint ranges share memory fewer times than there are ranges. */
	m->pairs =
		efimap_array_new(first->n_entries + second->n_entries, sizeof(*m->pairs));
	if (!m->pairs)
		return -ENOMEM;
	merge(m, m->first.keys, m->first.n_keys, m->second.keys, m->second.n_keys);
	merge(m, m->first.unsound, m->first.n_unsound, m->second.unsound,
	      m->second.n_unsound);
	gather_rests(&m->first);
	gather_rests(&m->second);
	sweep(m);
	pair_unsound(m);
	return 0;
}

static void side_free(struct side *side)
{
	free(side->keys);
	free(side->unsound);
	free(side->rests);
	free(side->rest_of);
	free(side->used);
}

void matching_free(struct matching *m)
{
	side_free(&m->first);
	side_free(&m->second);
	free(m->pairs);
	*m = (struct matching){ 0 };
}
