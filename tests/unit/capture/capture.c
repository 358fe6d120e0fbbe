/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../map_with_ranges.h"
#include "capture/installed_kernels.h"

/* kernfs sorts directories by the hashes of their names, which puts the names 0 to 7 in @order. */
TEST(entries_are_sorted_by_number)
{
	static const uint32_t order[] = { 7, 5, 3, 1, 6, 4, 2, 0 };
	auto_map struct efimap *map = empty();

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		uint32_t n = order[i];
		struct map_entry entry = { .index = n,
					   .type = n + 1,
					   .phys = n + 2,
					   .virt = n + 3,
					   .pages = n + 4,
					   .attribute = n + 5 };
		struct setup_node node = { .index = n, .type = n + 1, .len = n + 2 };
		char label[2] = { (char)('a' + n), '\0' };

		node.payload[95] = (uint8_t)n;
		capture_add_entry(map, &entry);
		capture_add_name(map, n);
		capture_add_memmap(map, n, n * 16, n * 16 + 1, label, 1);
		capture_add_setup_node(map, &node);
	}
	seal(map);
	assert_int_equal(map->n_entries, ARRAY_SIZE(order));
	for (uint32_t n = 0; n < ARRAY_SIZE(order); n++) {
		assert_int_equal(map->entries[n].index, n);
		assert_int_equal(map->entries[n].type, n + 1);
		assert_int_equal(map->entries[n].phys, n + 2);
		assert_int_equal(map->entries[n].virt, n + 3);
		assert_int_equal(map->entries[n].pages, n + 4);
		assert_int_equal(map->entries[n].attribute, n + 5);
		assert_int_equal(map->names[n], n);
		assert_int_equal(map->memmap[n].index, n);
		assert_int_equal(map->memmap[n].span.first, n * 16);
		assert_int_equal(map->memmap[n].label[0], 'a' + n);
		assert_int_equal(map->setup_data[n].index, n);
		assert_int_equal(map->setup_data[n].type, n + 1);
		assert_int_equal(map->setup_data[n].payload[95], n);
	}
}
