/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sys/firmware/memmap: ranges as they are, also those that end before they start. */
#include "reading.h"

#define MEMMAP "sys/firmware/memmap"

static void range(struct tree *tree, const char *index, const char *start, const char *end,
		  const char *type)
{
	char path[128];

	snprintf(path, sizeof(path), MEMMAP "/%s/start", index);
	tree_text(tree, path, start);
	snprintf(path, sizeof(path), MEMMAP "/%s/end", index);
	tree_text(tree, path, end);
	snprintf(path, sizeof(path), MEMMAP "/%s/type", index);
	tree_text(tree, path, type);
}

static void good(void **state)
{
	struct efimap *map;

	range(*state, "1", "0x100000\n", "0x3fffffff\n", "System RAM\n");
	range(*state, "0", "0x0\n", "0x9ffff\n", "Reserved\n");
	range(*state, "2", "0x5\n", "0x4\n", "ACPI Tables\n");
	map = read_with(*state, efimap_read_memmap);
	check_source("good", map, EFIMAP_SRC_MEMMAP, EFIMAP_STATE_PRESENT, "");
	assert_int_equal(map->n_memmap, 3);
	assert_string_equal(map->memmap[0].label, "Reserved");
	assert_int_equal(map->memmap[1].span.first, 0x100000);
	assert_int_equal(map->memmap[1].span.last, 0x3fffffff);
	assert_string_equal(map->memmap[1].label, "System RAM");
	assert_true(map->memmap[2].bad);
	assert_int_equal(map->memmap[2].end, 4);
	efimap_free(map);
}

static void faults(void **state)
{
	struct efimap *map;

	range(*state, "0", "0x0\n", "", "Reserved\n");
	range(*state, "1", "zero\n", "0xfff\n", "Reserved\n");
	range(*state, "2", "0x0\n", "0xfff\n", "Res\033erved\n");
	range(*state, "3", "0x1000\n", "0x1fff\n", "Reserved\n");
	remove(tree_at(*state, MEMMAP "/0/type"));
	map = read_with(*state, efimap_read_memmap);
	assert_int_equal(map->states[EFIMAP_SRC_MEMMAP], EFIMAP_STATE_PRESENT);
	assert_int_equal(map->n_memmap, 1);
	assert_int_equal(map->memmap[0].index, 3);
	assert_string_equal(
		faults_text(map),
		"empty 0 " MEMMAP "/0/end:0 empty, expected 0x and 1 to 16 hexadecimal digits\n"
		"missing 0 " MEMMAP "/0/type:0 there is no such file\n"
		"syntax 1 " MEMMAP "/1/start:0 found \"zero\" (column 1), expected 0x and 1 to "
		"16 hexadecimal digits\n"
		"syntax 2 " MEMMAP "/2/type:0 found \"Res?erved\", expected at most 63 printable "
		"characters\n");
	efimap_free(map);
}

UNIT_TESTS()
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(good),
		TREE_TEST(faults),
	};

	return cmocka_run_group_tests_name("read/memmap", tests, NULL, NULL) != 0;
}
