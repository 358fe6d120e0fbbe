/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernfs order, against measured directories and what second kernels received. */
#include <errno.h>
#include <string.h>

#include "emulate/kernfs.h"
#include "emulate/tree.h"

static void assert_order(const uint32_t *names, size_t count, const uint32_t *want)
{
	uint32_t order[TREE_MAX];

	assert_int_equal(efimap_kernfs_order(names, count, order), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(names[order[i]], want[i]);
}

TEST(test_measured)
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
TEST(test_second_kernels)
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

/* Found by search: two numbers with the same hash are listed as strcmp() orders them. */
TEST(test_collision)
{
	static const uint32_t names[] = { 802047428, 3416513654 };
	static const uint32_t want[] = { 3416513654, 802047428 };

	assert_order(names, 2, want);
}
