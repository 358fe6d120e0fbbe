/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of memory: in order, late, twice, and where another list begins. */
#include <errno.h>
#include <stdio.h>

#include "../test.h"
#include "read/log/log_state.h"

static int add(struct efimap_log_list *list, uint32_t index, uint64_t phys)
{
	const struct efimap_entry entry = { .index = index, .phys = phys, .pages = 1 };

	return efimap_log_list_add(list, &entry);
}

TEST(orders)
{
	static const uint32_t numbers[] = { 1, 2, 5, 3, 3, 4, 0, 7 };
	static const uint32_t sorted[] = { 0, 1, 2, 3, 4, 5, 7 };
	struct efimap_log_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		assert_int_equal(add(&list, numbers[i], numbers[i]), 0);
	assert_int_equal(list.count, ARRAY_SIZE(sorted));
	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(list.entries[i].index, sorted[i]);
	efimap_log_list_free(&list);
}

TEST(another_begins)
{
	struct efimap_log_list list = { 0 };

	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(add(&list, i, i), 0);
	assert_int_equal(add(&list, 99, 99), 0);
	assert_int_equal(add(&list, 99, 98), -EEXIST);
	assert_int_equal(add(&list, 50, 51), -EEXIST);
	/* Too far up, whatever it says. */
	assert_int_equal(add(&list, 0, 0), -EEXIST);
	assert_int_equal(list.count, 100);
	efimap_log_list_free(&list);
}
