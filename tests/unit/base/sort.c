/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The radix sort against qsort, and its stability. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "base/sort.h"

#define MAX_COUNT 5000

/* Stable order is (key, index) order when the indices ascend at first. */
static int compare(const void *left, const void *right)
{
	const struct efimap_key *a = left, *b = right;

	if (a->key != b->key)
		return a->key > b->key ? 1 : -1;
	return (a->index > b->index) - (a->index < b->index);
}

static uint64_t random_bits(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed * UINT64_C(0x2545f4914f6cdd1d);
}

typedef uint64_t key_fn(uint64_t i, uint64_t count, uint64_t *seed);

static uint64_t any_bits(uint64_t i, uint64_t count, uint64_t *seed)
{
	return random_bits(seed);
}

static uint64_t any_width(uint64_t i, uint64_t count, uint64_t *seed)
{
	return random_bits(seed) >> (random_bits(seed) % 64);
}

static uint64_t few_values(uint64_t i, uint64_t count, uint64_t *seed)
{
	return random_bits(seed) % 3;
}

static uint64_t all_equal(uint64_t i, uint64_t count, uint64_t *seed)
{
	return 0xfffffffeff000000;
}

static uint64_t sorted(uint64_t i, uint64_t count, uint64_t *seed)
{
	return i * 4096;
}

static uint64_t reversed(uint64_t i, uint64_t count, uint64_t *seed)
{
	return UINT64_MAX - i * 4096;
}

static uint64_t reversed_in_pairs(uint64_t i, uint64_t count, uint64_t *seed)
{
	return UINT64_MAX - i / 2 * 4096;
}

static uint64_t last_is_least(uint64_t i, uint64_t count, uint64_t *seed)
{
	return i + 1 == count ? 0 : i + 1;
}

static uint64_t top_byte_only(uint64_t i, uint64_t count, uint64_t *seed)
{
	return random_bits(seed) << 56;
}

static uint64_t pages(uint64_t i, uint64_t count, uint64_t *seed)
{
	return (random_bits(seed) % 0x100000) << 12;
}

static const struct {
	const char *name;
	key_fn *key;
} kinds[] = {
	{ "random", any_bits },
	{ "random widths", any_width },
	{ "three values", few_values },
	{ "all equal", all_equal },
	{ "sorted", sorted },
	{ "reversed", reversed },
	{ "reversed with equal neighbours", reversed_in_pairs },
	{ "sorted but for the last", last_is_least },
	{ "top byte", top_byte_only },
	{ "pages below 4 GiB", pages },
};

static void check_one(const char *name, key_fn *key, size_t count, uint64_t *seed)
{
	static struct efimap_key keys[MAX_COUNT], expected[MAX_COUNT];

	for (size_t i = 0; i < count; i++)
		keys[i] = (struct efimap_key){ key(i, count, seed), (uint32_t)i };
	memcpy(expected, keys, sizeof(keys));
	qsort(expected, count, sizeof(expected[0]), compare);
	assert_int_equal(efimap_sort_keys(keys, count), 0);
	for (size_t i = 0; i < count; i++)
		if (keys[i].key != expected[i].key || keys[i].index != expected[i].index)
			fail_msg("%s, %zu keys: differs at %zu", name, count, i);
}

static void agrees_with_qsort(void **state)
{
	/* around the sizes at which the method changes, then far above */
	static const size_t counts[] = { 0,  1,	 2,  3,	 4,   5,   7,	 16,   31,   62,
					 63, 64, 65, 66, 127, 255, 1000, 2048, 4999, 5000 };
	uint64_t seed = 20140101;

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (size_t c = 0; c < ARRAY_SIZE(counts); c++)
			check_one(kinds[k].name, kinds[k].key, counts[c], &seed);
	for (int i = 0; i < 300; i++)
		check_one("random count", any_width,
			  (size_t)(random_bits(&seed) % MAX_COUNT), &seed);
}

/* Every permutation of up to six keys, some of them equal */
static void all_small_orders(void **state)
{
	for (uint64_t code = 0; code < 46656; code++) {
		struct efimap_key keys[6], expected[6];
		uint64_t rest = code;

		for (uint32_t i = 0; i < 6; i++, rest /= 6)
			keys[i] = (struct efimap_key){ rest % 6, i };
		memcpy(expected, keys, sizeof(keys));
		qsort(expected, 6, sizeof(expected[0]), compare);
		assert_int_equal(efimap_sort_keys(keys, 6), 0);
		for (size_t i = 0; i < 6; i++)
			assert_int_equal(keys[i].index, expected[i].index);
	}
}

static int by_index_down(const void *left, const void *right, void *data)
{
	const struct efimap_key *a = left, *b = right;

	assert_true(a->key == b->key);
	(*(size_t *)data)++;
	return (a->index < b->index) - (a->index > b->index);
}

static void orders_ties_only(void **state)
{
	struct efimap_key keys[] = { { 1, 0 }, { 2, 1 }, { 2, 2 }, { 2, 3 }, { 4, 4 }, { 5, 5 },
				     { 5, 6 } };
	static const uint32_t expected[] = { 0, 3, 2, 1, 4, 6, 5 };
	size_t asked = 0;

	efimap_sort_ties(keys, 7, by_index_down, &asked);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(keys[i].index, expected[i]);
	assert_true(asked > 0);
	efimap_sort_ties(keys, 0, by_index_down, &asked);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_qsort),
		cmocka_unit_test(all_small_orders),
		cmocka_unit_test(orders_ties_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
