/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files beside those of a record: named, sorted, limited, and not of every entry of many. */
#include "reading.h"

static struct efimap *read_map(struct tree *tree)
{
	return read_with(tree, efimap_read_runtime_map);
}

static void stranger(struct tree *tree, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), MAP_PATH "/%s", name);
	tree_text(tree, path, "0x3\n");
}

static void names_them_sorted(void **state)
{
	struct efimap *map;

	tree_entry(*state, 0);
	stranger(*state, "0/zz");
	stranger(*state, "0/perms");
	tree_dir(*state, MAP_PATH "/0/power");
	map = read_map(*state);
	assert_int_equal(map->n_faults, 3);
	assert_string_equal(map->faults[0].where, MAP_PATH "/0/perms");
	assert_string_equal(map->faults[1].where, MAP_PATH "/0/power");
	assert_string_equal(map->faults[2].where, MAP_PATH "/0/zz");
	for (size_t i = 0; i < map->n_faults; i++) {
		assert_int_equal(map->faults[i].kind, EFIMAP_FAULT_EXTRA);
		assert_int_equal(map->faults[i].index, 0);
	}
	/* The entry is good all the same. */
	assert_int_equal(map->n_entries, 1);
	assert_int_equal(map->states[EFIMAP_SRC_RUNTIME_MAP], EFIMAP_STATE_PRESENT);
	efimap_free(map);
}

/* A map as firmware has it is looked through, of the long one of efi=debug the first entry. */
static void looks_at_all_of_a_short_map(void **state)
{
	static const struct {
		unsigned int entries;
		size_t faults;
	} rows[] = { { 31, 2 }, { 32, 2 }, { 33, 1 } };
	unsigned int made = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map;

		while (made < rows[i].entries)
			tree_entry(*state, made++);
		stranger(*state, "0/perms");
		stranger(*state, "30/perms");
		map = read_map(*state);
		assert_int_equal(map->n_faults, rows[i].faults);
		assert_string_equal(map->faults[0].where, MAP_PATH "/0/perms");
		if (rows[i].faults > 1)
			assert_int_equal(map->faults[1].index, 30);
		efimap_free(map);
	}
}

static void names_eight_at_most(void **state)
{
	struct efimap *map;
	char name[16];

	tree_entry(*state, 0);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "0/odd-%02d", i);
		stranger(*state, name);
	}
	map = read_map(*state);
	assert_int_equal(map->n_faults, 8);
	efimap_free(map);
}

static void leaves_what_is_no_directory(void **state)
{
	struct efimap *map;

	tree_entry(*state, 0);
	tree_link(*state, MAP_PATH "/1", "0");
	stranger(*state, "README");
	map = read_map(*state);
	for (size_t i = 0; i < map->n_faults; i++)
		assert_int_not_equal(map->faults[i].kind, EFIMAP_FAULT_EXTRA);
	efimap_free(map);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(names_them_sorted),
		TREE_TEST(looks_at_all_of_a_short_map),
		TREE_TEST(names_eight_at_most),
		TREE_TEST(leaves_what_is_no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
