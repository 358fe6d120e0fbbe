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

static size_t count_open(const struct side *side)
{
	size_t count = 0;

	for (size_t i = 0; i < side->n_unmatched; i++)
		count += !unmatched_is_covered(&side->unmatched[i]);
	return count;
}

TEST(one_copy_less_is_lost)
{
	const struct map_entry twice[] = { { 0, 6, 0x1000, EFIMAP_VA_END, 4, 1 },
					   { 0, 6, 0x1000, EFIMAP_VA_END, 4, 1 } };
	auto_map struct efimap *a = map_new(twice, 2), *b = map_new(twice, 1);
	struct matching m;

	m = matching_make(a, b);
	assert_int_equal(m.n_pairs, 1);
	assert_null(m.pairs[0].unmatched);
	assert_int_equal(count_open(&m.first), 1);
	assert_int_equal(count_open(&m.second), 0);
	matching_free(&m);
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

static void shuffle(uint64_t *seed, struct map_entry *entries, size_t count)
{
	for (size_t i = count; i-- > 1;) {
		const size_t j = (size_t)(random_bits(seed) % (i + 1));
		const struct map_entry other = entries[i];

		entries[i] = entries[j];
		entries[j] = other;
	}
}

TEST(a_shuffled_map_is_the_same)
{
	uint64_t seed = 1;

	for (size_t round = 0; round < RANDOM_MAPS; round++) {
		struct map_entry entries[RANDOM_ENTRIES];
		const size_t count = random_map(&seed, entries);
		auto_map struct efimap *a = map_new(entries, count), *b = NULL;
		struct matching m;

		shuffle(&seed, entries, count);
		b = map_new(entries, count);
		m = matching_make(a, b);
		assert_int_equal(m.n_pairs, count);
		for (size_t i = 0; i < m.n_pairs; i++)
			assert_true(!m.pairs[i].unmatched &&
				    has_same_mapping(m.pairs[i].first, m.pairs[i].second));
		assert_int_equal(m.first.n_unmatched + m.second.n_unmatched, 0);
		matching_free(&m);
	}
}

TEST(a_cut_map_is_covered)
{
	uint64_t seed = 2;

	for (size_t round = 0; round < RANDOM_MAPS; round++) {
		struct map_entry whole[RANDOM_ENTRIES], cut[3 * RANDOM_ENTRIES];
		const size_t count = (size_t)(1 + random_bits(&seed) % RANDOM_ENTRIES);
		size_t pieces = 0;
		auto_map struct efimap *a = NULL, *b = NULL;
		struct matching m;

		for (size_t i = 0; i < count; i++) {
			uint64_t from = 0;

			whole[i] = (struct map_entry){
				.type = 6,
				.phys = i << 16,
				.virt = (i << 16) + EFIMAP_VA_END,
				.pages = 1 + random_bits(&seed) % 16,
				.attribute = EFIMAP_ATTR_RUNTIME,
			};
			/* Cut the entry into at most three pieces of random sizes. */
			while (from < whole[i].pages) {
				struct map_entry *piece = &cut[pieces++];
				uint64_t pages = 1 + random_bits(&seed) % whole[i].pages;

				if (pages > whole[i].pages - from || pieces % 3 == 0)
					pages = whole[i].pages - from;
				*piece = whole[i];
				piece->phys += from << 12;
				piece->virt += from << 12;
				piece->pages = pages;
				from += pages;
			}
		}
		shuffle(&seed, cut, pieces);
		a = map_new(whole, count);
		b = map_new(cut, pieces);
		m = matching_make(a, b);
		assert_int_equal(count_open(&m.first) + count_open(&m.second), 0);
		assert_int_equal(m.n_pairs, pieces);
		matching_free(&m);
	}
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

/* The last byte of low[0] is the first byte of low[1]. */
TEST(a_byte_belongs_to_one_entry)
{
	const struct map_entry low[] = { { 0, 6, 0x1000, 0, 1, 1 }, { 0, 6, 0x1fff, 0, 1, 1 } };
	const struct map_entry whole = { 0, 6, 0x1000, 0, 2, 1 };
	auto_map struct efimap *a = map_new(low, 1), *b = map_new(low + 1, 1);
	auto_map struct efimap *both = map_new(low, 2), *c = map_new(&whole, 1);
	struct matching m;

	m = matching_make(a, b);
	assert_int_equal(m.n_pairs, 1);
	matching_free(&m);
	m = matching_make(b, a);
	assert_int_equal(m.n_pairs, 1);
	matching_free(&m);
	m = matching_make(both, c);
	assert_int_equal(m.second.unmatched[0].covered, 0x1fff);
	matching_free(&m);
}

TEST(entries_at_the_ends_of_the_address_space)
{
	const struct map_entry first[] = {
		{ 0, 6, UINT64_C(0xfffffffffffff000), 0, 1, 1 },
		{ 0, 6, UINT64_C(0xffffffffffff0000), 0, 16, 1 },
		{ 0, 6, 0, 0, UINT64_C(0xfffffffffffff), 1 },
	};
	const struct map_entry second[] = {
		{ 0, 6, UINT64_C(0xffffffffffff0000), 0, 8, 1 },
		{ 0, 6, UINT64_C(0xfffffffffffff000), 0, UINT64_MAX, 1 },
	};
	auto_map struct efimap *a = map_new(first, ARRAY_SIZE(first));
	auto_map struct efimap *b = map_new(second, ARRAY_SIZE(second));
	struct matching m;

	m = matching_make(a, b);
	assert_true(m.n_pairs <= 5);
	matching_free(&m);
}
