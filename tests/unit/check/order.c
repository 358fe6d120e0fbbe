/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries in order: the same ones, by what they say, and the capture as it was. */
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "check/check.h"

#define ENTRIES 200

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 16;
}

/* Few values, so that many entries agree in some or in all fields. */
static struct efimap_entry random_entry(uint32_t *seed, uint32_t index)
{
	return (struct efimap_entry){
		.index = index,
		.type = 5 + next(seed) % 2,
		.phys = UINT64_C(0x1000) * (next(seed) % 64),
		.virt = UINT64_C(0xfffffffe00000000) + UINT64_C(0x1000) * (next(seed) % 4),
		.pages = next(seed) % 3,
		.attribute = EFIMAP_ATTR_RUNTIME,
	};
}

static struct efimap *make_map(struct efimap_entry (*make)(uint32_t *seed, uint32_t index),
			       uint32_t count)
{
	struct efimap *map = NULL;
	uint32_t seed = 3;

	assert_int_equal(efimap_new("test", EFIMAP_ORIGIN_TREE, &map), 0);
	for (uint32_t i = 0; i < count; i++) {
		const struct efimap_entry entry = make(&seed, i);

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

static struct efimap_entry ascending(uint32_t *seed, uint32_t index)
{
	return (struct efimap_entry){ .index = index, .phys = 0x1000 * index, .pages = 1 };
}

static struct efimap_entry descending(uint32_t *seed, uint32_t index)
{
	return (struct efimap_entry){ .index = index, .phys = 0x100000 - 0x1000 * index,
				      .pages = 1 };
}

/* In order, and each number exactly once. */
static void assert_ordered(const struct efimap *map, const struct efimap *listed)
{
	bool seen[ENTRIES] = { false };

	assert_int_equal(map->n_entries, listed->n_entries);
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];

		assert_false(seen[entry->index]);
		seen[entry->index] = true;
		assert_true(check_is_same(entry, &listed->entries[entry->index]));
		if (i > 0)
			assert_true(check_compare(&map->entries[i - 1], entry) < 0);
	}
}

static void every_listing_is_put_in_order(void **state)
{
	static const struct {
		const char *name;
		struct efimap_entry (*make)(uint32_t *seed, uint32_t index);
		uint32_t count;
		bool copied;
	} rows[] = {
		{ "none", random_entry, 0, false },
		{ "one", random_entry, 1, false },
		{ "two", random_entry, 2, true },
		{ "random, with ties", random_entry, ENTRIES, true },
		{ "ascending", ascending, ENTRIES, true },
		{ "descending", descending, ENTRIES, true },
	};
	static const struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = make_map(rows[i].make, rows[i].count);
		struct check c;

		check_init(&c, map, &options, NULL);
		assert_int_equal(check_order(&c), 0);
		if ((c.map != map) != rows[i].copied)
			fail_msg("%s", rows[i].name);
		assert_ptr_equal(c.listed, map);
		assert_ordered(c.map, map);
		for (uint32_t k = 0; k < rows[i].count; k++)
			assert_int_equal(map->entries[k].index, k);
		check_free(&c);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_listing_is_put_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
