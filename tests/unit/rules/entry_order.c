/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "random.h"
#include "test.h"
#include "rules/facts_for_rules.h"

#define ENTRIES 200

static struct efimap_entry random_entry(uint64_t *seed)
{
	return (struct efimap_entry){
		.type = 5 + (uint32_t)(random_bits(seed) % 2),
		.phys = UINT64_C(0x1000) * (random_bits(seed) % 64),
		.virt = UINT64_C(0xfffffffe00000000) +
			UINT64_C(0x1000) * (random_bits(seed) % 4),
		.pages = random_bits(seed) % 3,
		.attribute = EFIMAP_ATTR_RUNTIME + random_bits(seed) % 2,
	};
}

static void assert_ordered(const struct efimap *map, const struct efimap *listed)
{
	bool seen[ENTRIES] = { false };

	assert_int_equal(map->n_entries, listed->n_entries);
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];

		assert_false(seen[entry->index]);
		seen[entry->index] = true;
		assert_true(entries_are_equal(entry, &listed->entries[entry->index]));
		assert_true(i == 0 || entry[-1].phys <= entry->phys);
	}
}

static void order(const struct efimap_entry *entries, uint32_t count, bool is_reversed,
		  struct efimap_entry *ret_ordered)
{
	static const struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;
	efimap_auto_map struct efimap *map = NULL;
	struct capture_facts c;

	assert_int_equal(efimap_new("test", EFIMAP_ORIGIN_TREE, &map), 0);
	for (uint32_t i = 0; i < count; i++) {
		struct efimap_entry entry = entries[is_reversed ? count - 1 - i : i];

		entry.index = i;
		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	efimap_seal(map);
	init_facts(&c, map, &options);
	assert_int_equal(sort_capture_entries(&c), 0);
	assert_int_equal(c.map != map, count >= 2);
	assert_ordered(c.map, map);
	for (uint32_t i = 0; i < count; i++) {
		ret_ordered[i] = c.map->entries[i];
		assert_int_equal(map->entries[i].index, i);
	}
	free_facts(&c);
}

TEST(every_listing_is_put_in_order)
{
	static const uint32_t counts[] = { 0, 1, 2, ENTRIES };
	struct efimap_entry entries[ENTRIES], one[ENTRIES], other[ENTRIES];
	uint64_t seed = 3;

	for (uint32_t i = 0; i < ENTRIES; i++)
		entries[i] = random_entry(&seed);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		order(entries, counts[i], false, one);
		order(entries, counts[i], true, other);
		for (uint32_t k = 0; k < counts[i]; k++)
			assert_true(entries_are_equal(&one[k], &other[k]));
	}
}

#define MAX (UINT64_C(1) << 52)
#define WINDOW EFI_VA_RANGE_PAGES

TEST(whole_pages_within_limits)
{
	static const struct {
		const char *name;
		uint64_t phys, virt, pages;
		bool exists;
		uint64_t first, last;
	} rows[] = {
		{ "up to 2^52", MAX - 0x1000, 0, 1, true, MAX - 0x1000, MAX - 1 },
		{ "as many as the window has", 0x1000, 0, WINDOW, true, 0x1000,
		  0xfff + WINDOW * 0x1000 },
		/*
		 * Only an identity-mapped entry can have more pages than the EFI virtual address
		 * range.
		 */
		{ "more, a page apart", 0x2000, 0x3000, WINDOW + 1, false, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_entry entry = { .phys = rows[i].phys, .virt = rows[i].virt,
						    .pages = rows[i].pages };
		struct efimap_span span = { 0, 0 };
		const bool exists = pages_of(&entry, &span);

		if (exists != rows[i].exists ||
		    (exists && (span.first != rows[i].first || span.last != rows[i].last)))
			fail_msg("%s: %d, 0x%" PRIx64 "-0x%" PRIx64, rows[i].name, exists,
				 span.first, span.last);
	}
}
