/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The number of tables is known, and refused, before any is allocated. */
#include <errno.h>
#include <stdlib.h>

#include "emulate/pagetable.h"
#include "emulate/walker.h"

#define G UINT64_C(0x40000000)

static int build(const struct efimap_entry *entries, size_t count,
		 const struct efimap_pagetable_options *options, size_t *ret_pages)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_pagetable table = { 0 };
	int ret = efimap_pagetable_build(entries, count, options, &table, &err);

	*ret_pages = table.n_pages;
	if (ret)
		assert_true(err.code == -ret && err.text[0]);
	efimap_pagetable_free(&table);
	return ret;
}

static void test_terabyte(void **state)
{
	const struct efimap_entry entry = { .phys = 1024 * G,
					    .pages = 1024 * (G / 4096) };
	struct efimap_pagetable_options options = { .mode = EFIMAP_PAGETABLE_IDENTITY };
	struct efimap_pagetable table = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	size_t pages;

	assert_int_equal(build(&entry, 1, &options, &pages), 0);
	assert_int_equal(pages, 3);
	options.largest = EFIMAP_LEAF_2M;
	assert_int_equal(build(&entry, 1, &options, &pages), 0);
	assert_int_equal(pages, 3 + 1024);
	options.largest = EFIMAP_LEAF_4K;
	assert_int_equal(efimap_pagetable_build(&entry, 1, &options, &table, &err),
			 -E2BIG);
	assert_non_null(strstr(err.text, "525315 pages"));
	assert_non_null(strstr(err.text, "limit is 65536 KiB"));
}

/* As much as fits, and one page less. */
static void test_limit(void **state)
{
	const struct efimap_entry entry = { .phys = 0x1000, .pages = 1024 };
	struct efimap_pagetable_options options = { .mode = EFIMAP_PAGETABLE_IDENTITY };
	size_t pages;

	options.max_bytes = 5 * 4096;
	assert_int_equal(build(&entry, 1, &options, &pages), 0);
	assert_int_equal(pages, 5);
	options.max_bytes = 5 * 4096 - 1;
	assert_int_equal(build(&entry, 1, &options, &pages), -E2BIG);
}

static void test_too_many_entries(void **state)
{
	const struct efimap_entry entry = { 0 };
	size_t pages;

	assert_int_equal(build(&entry, SIZE_MAX, NULL, &pages), -E2BIG);
}

/* Entries that share tables are not counted twice. */
static void test_shared(void **state)
{
	const size_t count = 100000;
	const struct efimap_pagetable_options options = {
		.mode = EFIMAP_PAGETABLE_IDENTITY,
		.max_bytes = (3 + 196) * 4096,
	};
	struct efimap_entry *entries = calloc(count, sizeof(*entries));
	size_t pages;

	assert_non_null(entries);
	for (size_t i = 0; i < count; i++)
		entries[i] = (struct efimap_entry){ .phys = i * 4096, .pages = 1 };
	assert_int_equal(build(entries, count, &options, &pages), 0);
	assert_int_equal(pages, 3 + 196);
	free(entries);
}

/* The same large range over and over: bounded work, not bounded memory, stops it. */
static void test_steps(void **state)
{
	const size_t count = 70000;
	const struct efimap_pagetable_options options = {
		.mode = EFIMAP_PAGETABLE_IDENTITY
	};
	struct efimap_entry *entries = calloc(count, sizeof(*entries));
	size_t pages;

	assert_non_null(entries);
	for (size_t i = 0; i < count; i++)
		entries[i] =
			(struct efimap_entry){ .phys = 0, .pages = 1024 * (G / 4096) };
	assert_int_equal(build(entries, 60000, &options, &pages), 0);
	assert_int_equal(build(entries, count, &options, &pages), -E2BIG);
	free(entries);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

/* However mappings overlap, what was counted is enough (a failure here is -E2BIG). */
static void test_bound_holds(void **state)
{
	static const uint64_t units[] = { 1, 512, 512 * 512 };
	uint64_t seed = 42;

	for (size_t round = 0; round < 3000; round++) {
		struct efimap_entry entries[6];
		size_t pages;

		for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
			const uint64_t unit = units[next_random(&seed) % 3];
			const uint64_t start = next_random(&seed) % 4 * unit +
					       next_random(&seed) % 2 * 512;

			entries[i] = (struct efimap_entry){
				.type = next_random(&seed) % 2 ? 5 : 6,
				.phys = next_random(&seed) % 8 * unit * 4096,
				.virt = EFIMAP_VA_END + start * 4096,
				.pages = 1 + next_random(&seed) % 3 * unit +
					 next_random(&seed) % 2,
				.attribute = next_random(&seed) % 2 ? 8 : 0,
			};
		}
		for (enum efimap_leaf leaf = 0; leaf <= EFIMAP_LEAF_2M; leaf++) {
			const struct efimap_pagetable_options options = { .largest =
										  leaf };

			assert_int_equal(
				build(entries, ARRAY_SIZE(entries), &options, &pages), 0);
		}
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terabyte),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_too_many_entries),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_bound_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
