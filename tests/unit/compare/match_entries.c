/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "random.h"
#include "test.h"
#include "compare/compared_captures.h"
#include "compare/match_entries.h"

#define RANDOM_MAPS 300
#define RANDOM_ENTRIES 40
/* random_map() uses only pages below this number. */
#define RANDOM_PAGES 208

static struct efimap *map_new(const struct map_entry *entries, size_t count)
{
	struct efimap *map = capture_create("map", EFIMAP_ORIGIN_TREE);

	for (size_t i = 0; i < count; i++) {
		struct map_entry entry = entries[i];

		entry.index = (uint32_t)i;
		capture_add_entry(map, &entry);
	}
	seal(map);
	return map;
}

/* Create random entries of zero to seven pages, some of which overlap or repeat earlier entries. */
static size_t random_map(uint64_t *seed, struct map_entry *entries)
{
	const size_t count = (size_t)(1 + random_bits(seed) % RANDOM_ENTRIES);

	for (size_t i = 0; i < count; i++) {
		const uint64_t phys = (random_bits(seed) % 200) << 12;

		entries[i] = (struct map_entry){
			.type = 3 + (uint32_t)(random_bits(seed) % 4),
			.phys = phys,
			.virt = phys + (random_bits(seed) % 3 << 21),
			.pages = random_bits(seed) % 8,
			.attribute = 0xf,
		};
		if (i > 0 && random_bits(seed) % 8 == 0)
			entries[i] = entries[random_bits(seed) % i];
	}
	return count;
}

static const struct unmatched_entry *owner_of(const struct side *side, uint64_t page)
{
	for (size_t i = 0; i < side->n_unmatched; i++) {
		const struct map_entry *entry = side->unmatched[i].entry;

		if (page >= entry->phys >> 12 && page - (entry->phys >> 12) < entry->pages)
			return &side->unmatched[i];
	}
	return NULL;
}

static void assert_owned(const struct side *side)
{
	for (uint64_t page = 0; page < RANDOM_PAGES; page++) {
		const struct unmatched_entry *owner = owner_of(side, page);

		for (size_t i = 0; i < side->n_unmatched; i++) {
			const struct unmatched_entry *unmatched = &side->unmatched[i];

			assert_int_equal(!unmatched->dead && span_has(unmatched->span, page << 12),
					 unmatched == owner);
		}
	}
}

static void assert_shared(const struct matching *m)
{
	uint64_t shared = 0, covered = 0, paired = 0;

	for (uint64_t page = 0; page < RANDOM_PAGES; page++)
		shared += owner_of(&m->first, page) && owner_of(&m->second, page) ? 4096 : 0;
	for (size_t i = 0; i < m->first.n_unmatched; i++)
		covered += m->first.unmatched[i].covered;
	assert_int_equal(covered, shared);
	for (size_t i = 0; i < m->n_pairs; i++) {
		const struct matched_entries *pair = &m->pairs[i];

		/* Skip pairs with equal ranges, and pairs that assert_empty_pairs() checks. */
		if (!pair->unmatched || pair->second->pages == 0)
			continue;
		paired += span_bytes(pair->span);
		assert_ptr_equal(owner_of(&m->first, pair->span.first >> 12), pair->unmatched);
		assert_ptr_equal(owner_of(&m->second, pair->span.last >> 12), pair->other);
	}
	assert_int_equal(paired, shared);
}

/* Check that an entry without pages is paired only with an unmatched entry at the same address. */
static void assert_empty_pairs(const struct matching *m)
{
	for (size_t i = 0; i < m->n_pairs; i++) {
		const struct matched_entries *pair = &m->pairs[i];

		if (!pair->unmatched || pair->second->pages != 0)
			continue;
		assert_true(!pair->unmatched->dead && pair->unmatched->covered == 0);
		assert_null(pair->other);
		assert_ptr_equal(pair->unmatched->entry, pair->first);
		assert_int_equal(pair->first->phys, pair->second->phys);
		assert_ptr_equal(pair->unmatched->partner, pair->second);
	}
}

TEST(a_page_belongs_to_one_entry)
{
	uint64_t seed = 3;

	for (size_t round = 0; round < RANDOM_MAPS; round++) {
		struct map_entry first[RANDOM_ENTRIES], second[RANDOM_ENTRIES];
		const size_t n_first = random_map(&seed, first);
		const size_t n_second = random_map(&seed, second);
		auto_map struct efimap *a = map_new(first, n_first);
		auto_map struct efimap *b = map_new(second, n_second);
		struct matching m;

		m = matching_make(a, b);
		assert_owned(&m.first);
		assert_owned(&m.second);
		assert_shared(&m);
		assert_empty_pairs(&m);
		matching_free(&m);
	}
}
