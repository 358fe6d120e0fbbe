/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Denied as a whole is a state; denied in parts is a fault for each file. */
#include "reading.h"

static struct tree *closed_entries(void **state, unsigned int count, unsigned int closed)
{
	static const char *const fields[] = { "attribute", "num_pages", "phys_addr", "type",
					      "virt_addr" };
	char path[128];

	for (unsigned int i = 0; i < count; i++)
		tree_entry(*state, i);
	for (unsigned int i = 0; i < closed; i++)
		for (size_t field = 0; field < ARRAY_SIZE(fields); field++) {
			snprintf(path, sizeof(path), MAP_PATH "/%u/%s", i, fields[field]);
			assert_int_equal(chmod(tree_at(*state, path), 0), 0);
		}
	return *state;
}

/* Assertions do not leave a child: what was seen comes back as a truth. */
static bool sees(struct tree *tree, enum efimap_state state, size_t names, size_t entries,
		 size_t faults)
{
	struct efimap *map = read_with(tree, efimap_read_runtime_map);
	bool same = map->states[EFIMAP_SRC_RUNTIME_MAP] == state && map->n_names == names &&
		    map->n_entries == entries && map->n_faults == faults;

	for (size_t i = 0; i < map->n_faults; i++)
		same = same && map->faults[i].kind == EFIMAP_FAULT_DENIED &&
		       map->faults[i].index == i / 5;
	efimap_free(map);
	return same;
}

static bool all_denied(struct tree *tree)
{
	return sees(tree, EFIMAP_STATE_DENIED, 3, 0, 0);
}

static void denied_as_a_whole(void **state)
{
	assert_true(tree_as_nobody(all_denied, closed_entries(state, 3, 3)));
}

static bool two_denied(struct tree *tree)
{
	return sees(tree, EFIMAP_STATE_PRESENT, 3, 1, 10);
}

static void denied_in_parts(void **state)
{
	assert_true(tree_as_nobody(two_denied, closed_entries(state, 3, 2)));
}

static bool one_file_denied(struct tree *tree)
{
	return sees(tree, EFIMAP_STATE_PRESENT, 1, 0, 1);
}

static void one_file(void **state)
{
	struct tree *tree = closed_entries(state, 1, 0);

	assert_int_equal(chmod(tree_at(tree, MAP_PATH "/0/type"), 0), 0);
	assert_true(tree_as_nobody(one_file_denied, tree));
}

static bool directory_denied(struct tree *tree)
{
	return sees(tree, EFIMAP_STATE_DENIED, 0, 0, 0);
}

static void whole_directory(void **state)
{
	struct tree *tree = closed_entries(state, 1, 0);

	assert_int_equal(chmod(tree_at(tree, MAP_PATH), 0), 0);
	assert_true(tree_as_nobody(directory_denied, tree));
}

/* Everything wrong with an entry is said, not only the first thing. */
static void several_faults(void **state)
{
	struct efimap *map;

	tree_entry(*state, 7);
	tree_text(*state, MAP_PATH "/7/num_pages", "many");
	tree_text(*state, MAP_PATH "/7/virt_addr", "");
	map = read_with(*state, efimap_read_runtime_map);
	assert_int_equal(map->n_faults, 2);
	assert_int_equal(map->faults[0].kind, EFIMAP_FAULT_SYNTAX);
	assert_string_equal(map->faults[0].where, MAP_PATH "/7/num_pages");
	assert_int_equal(map->faults[1].kind, EFIMAP_FAULT_EMPTY);
	assert_string_equal(map->faults[1].where, MAP_PATH "/7/virt_addr");
	assert_int_equal(map->n_entries, 0);
	efimap_free(map);
}

UNIT_TESTS()
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(denied_as_a_whole), TREE_TEST(denied_in_parts), TREE_TEST(one_file),
		TREE_TEST(whole_directory),   TREE_TEST(several_faults),
	};

	return cmocka_run_group_tests_name("read/records", tests, NULL, NULL) != 0;
}
