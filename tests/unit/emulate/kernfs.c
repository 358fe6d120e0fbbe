/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernfs order, against measured directories. */
#include <errno.h>
#include <string.h>

#include "emulate/handover.h"
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

/* Found by search: two numbers with the same hash are listed as strcmp() orders them. */
TEST(test_collision)
{
	static const uint32_t names[] = { 802047428, 3416513654 };
	static const uint32_t want[] = { 3416513654, 802047428 };

	assert_order(names, 2, want);
}
