/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every order of a few keys, some of them equal. */
#include "base/sort.h"

#include "test.h"

static void assert_sorted(const struct efimap_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
		assert_true(keys[i - 1].key < keys[i].key ||
			    (keys[i - 1].key == keys[i].key && keys[i - 1].index < keys[i].index));
}

TEST(every_order_of_few)
{
	for (uint64_t code = 0; code < 46656; code++) {
		struct efimap_key keys[6];
		uint64_t rest = code, sum = 0;

		for (uint32_t i = 0; i < 6; i++, rest /= 6)
			keys[i] = (struct efimap_key){ rest % 6, i };
		efimap_sort_keys(keys, 6);
		assert_sorted(keys, 6);
		for (size_t i = 0; i < 6; i++)
			sum += UINT64_C(1) << (8 * keys[i].index);
		assert_true(sum == UINT64_C(0x010101010101));
	}
}

TEST(highest_bits_and_none)
{
	struct efimap_key keys[] = { { UINT64_MAX, 0 }, { 0, 1 }, { UINT64_C(1) << 63, 2 },
				     { INT64_MAX, 3 } };

	efimap_sort_keys(keys, 4);
	assert_sorted(keys, 4);
	assert_int_equal(keys[0].index, 1);
	efimap_sort_keys(NULL, 0);
}
