/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernfs order, against measured directories and what second kernels received. */
#include <errno.h>
#include <string.h>

#include "emulate/kernfs.h"
#include "emulate/tree.h"

#define MANY 200000

static void assert_order(const uint32_t *names, size_t count, const uint32_t *want)
{
	uint32_t order[TREE_MAX];

	assert_int_equal(efimap_kernfs_order(names, count, order), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(names[order[i]], want[i]);
}

static void test_measured(void **state)
{
	static const uint32_t names[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const uint32_t shuffled[] = { 3, 1, 7, 0, 6, 2, 5, 4 };
	static const uint32_t eight[] = { 7, 5, 3, 1, 6, 4, 2, 0 };
	static const uint32_t five[] = { 3, 1, 4, 2, 0 };

	assert_order(names, 8, eight);
	assert_order(shuffled, 8, eight);
	assert_order(names, 5, five);
	assert_int_equal(efimap_kernfs_order(names, 0, NULL), 0);
}

/*
 * The second kernel's entry i is the first kernel's entry order[i]; kexec_file_load keeps
 * the order.
 */
static void test_second_kernels(void **state)
{
	static const char *const pairs[][2] = {
		{ "ovmf-q35-6.1-kexec-first", "ovmf-q35-6.1-kexec-second" },
		{ "ovmf-q35-6.1-crash-first", "ovmf-q35-6.1-crash-second" },
		{ "ovmf-q35-6.1-efidebug-first", "ovmf-q35-6.1-efidebug-second" },
		{ "ovmf-q35-6.12-ptdump-first", "ovmf-q35-6.12-ptdump-second" },
	};

	for (size_t p = 0; p < ARRAY_SIZE(pairs); p++) {
		struct efimap_entry first[TREE_MAX], second[TREE_MAX];
		uint32_t names[TREE_MAX], order[TREE_MAX];
		const size_t count = tree_map(pairs[p][0], first);

		print_message("%s\n", pairs[p][0]);
		assert_int_equal(tree_map(pairs[p][1], second), count);
		for (uint32_t i = 0; i < count; i++)
			names[i] = i;
		assert_int_equal(efimap_kernfs_order(names, count, order), 0);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(second[i].phys, first[order[i]].phys);
			assert_int_equal(second[i].virt, first[order[i]].virt);
			assert_int_equal(second[i].pages, first[order[i]].pages);
		}
	}
}

/* kernfs_name_compare(): by hash, then by name */
static bool is_listed_before(const char *a, const char *b)
{
	const uint32_t left = efimap_kernfs_hash(a, strlen(a));
	const uint32_t right = efimap_kernfs_hash(b, strlen(b));

	return left != right ? left < right : strcmp(a, b) < 0;
}

/* Every pair of neighbours agrees with the comparison of the names as text. */
static void test_agrees_with_compare(void **state)
{
	uint32_t *names = calloc(MANY, sizeof(*names));
	uint32_t *order = calloc(MANY, sizeof(*order));

	assert_non_null(names);
	assert_non_null(order);
	for (uint32_t i = 0; i < MANY; i++)
		names[i] = i * 21473U;
	assert_int_equal(efimap_kernfs_order(names, MANY, order), 0);
	for (size_t i = 1; i < MANY; i++) {
		char a[16], b[16];

		snprintf(a, sizeof(a), "%" PRIu32, names[order[i - 1]]);
		snprintf(b, sizeof(b), "%" PRIu32, names[order[i]]);
		assert_true(is_listed_before(a, b));
	}
	free(names);
	free(order);
}

/* Found by search: two numbers with the same hash are listed as strcmp() orders them. */
static void test_collision(void **state)
{
	static const uint32_t names[] = { 802047428, 3416513654 };
	static const uint32_t want[] = { 3416513654, 802047428 };

	assert_int_equal(efimap_kernfs_hash("802047428", 9),
			 efimap_kernfs_hash("3416513654", 10));
	assert_order(names, 2, want);
}

static void test_names(void **state)
{
	assert_int_equal(efimap_kernfs_hash("", 0), 2);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_measured),
		cmocka_unit_test(test_second_kernels),
		cmocka_unit_test(test_agrees_with_compare),
		cmocka_unit_test(test_collision),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
