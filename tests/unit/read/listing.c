/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of directories: which are numbers, which are faults, which are passed over. For
 * the limit a directory of a million names is invented instead of made.
 */
#include "read/read.h"
#include "read/tree/listing.h"
#include "reading.h"

/* Names still to be invented. */
static unsigned int invented;

static int invent(struct efimap_dir *dir, struct efimap_name *ret_name)
{
	static char text[16];

	if (!invented)
		return 0;
	snprintf(text, sizeof(text), "%u", --invented);
	*ret_name = (struct efimap_name){ .text = text, .type = S_IFDIR };
	return 1;
}

static const struct efimap_root_ops inventing = { .next_name = invent };

static int list(struct tree *tree, struct efimap *map, struct efimap_listing *listing,
		struct efimap_err *err)
{
	struct efimap_root *root;
	struct efimap_dir dir;
	int ret;

	assert_int_equal(efimap_root_open_tree(tree->path, &root, NULL), 0);
	assert_int_equal(efimap_dir_open(root, "sys/d", &dir), 0);
	ret = efimap_listing_read(&dir, map, EFIMAP_SRC_MEMMAP, "sys/d", listing, err);
	efimap_dir_close(&dir);
	efimap_root_free(root);
	return ret;
}

static void names(void **state)
{
	static const char *const directories[] = { "0", "2", "10", "1", "4294967294" };
	static const struct {
		const char *name;
		const char *fault;
	} odd[] = {
		{ "01", "sys/d/01" },
		{ "x", "sys/d/x" },
		{ "-1", "sys/d/-1" },
		{ "4294967295", "sys/d/4294967295" },
		{ "4294967296", "sys/d/4294967296" },
		{ "1 ", "sys/d/1 " },
		{ "3\n\033[2J", "sys/d/3??[2J" },
	};
	static const uint32_t expected[] = { 0, 1, 2, 5, 6, 10, 4294967294 };
	struct efimap_listing listing = { 0 };
	struct efimap *map;
	char path[300];

	assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		snprintf(path, sizeof(path), "sys/d/%s", directories[i]);
		tree_dir(*state, path);
	}
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		snprintf(path, sizeof(path), "sys/d/%s", odd[i].name);
		tree_dir(*state, path);
	}
	/* Files are no business of ours, whatever their names; links and FIFOs are records
	 * that cannot be read. */
	tree_text(*state, "sys/d/3", "a file");
	tree_text(*state, "sys/d/uevent", "a file");
	tree_link(*state, "sys/d/5", "0");
	tree_fifo(*state, "sys/d/6");
	tree_link(*state, "sys/d/subsystem", "..");
	/* kexec-tools, get_efi_runtime_map and get_firmware_memmap: names with a dot. */
	tree_dir(*state, "sys/d/.hidden");
	assert_int_equal(list(*state, map, &listing, NULL), 0);
	assert_int_equal(listing.count, ARRAY_SIZE(expected));
	for (size_t i = 0; i < listing.count; i++)
		assert_int_equal(listing.keys[i].key, expected[i]);
	assert_int_equal(map->n_faults, ARRAY_SIZE(odd));
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		size_t found = 0;

		for (size_t j = 0; j < map->n_faults; j++)
			found += !strcmp(map->faults[j].where, odd[i].fault);
		if (found != 1)
			fail_msg("%s", odd[i].fault);
	}
	for (size_t i = 0; i < map->n_faults; i++)
		assert_int_equal(map->faults[i].kind, EFIMAP_FAULT_NAME);
	efimap_listing_free(&listing);
	efimap_free(map);
}

static void limit(void **state)
{
	static const struct {
		unsigned int names;
		int expected;
	} rows[] = {
		{ EFIMAP_MAX_ENTRIES - 1, 0 },
		{ EFIMAP_MAX_ENTRIES, 0 },
		{ EFIMAP_MAX_ENTRIES + 1, -E2BIG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_root root = { .ops = &inventing };
		struct efimap_dir dir = { .root = &root };
		struct efimap_listing listing = { 0 };
		struct efimap *map;

		assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
		invented = rows[i].names;
		assert_int_equal(efimap_listing_read(&dir, map, EFIMAP_SRC_MEMMAP, "sys/d",
						     &listing, &err), rows[i].expected);
		assert_int_equal(listing.count, rows[i].expected ? 0 : rows[i].names);
		if (rows[i].expected) {
			assert_string_equal(err.where, "x/sys/d");
			assert_non_null(strstr(err.text, "more than 16384 entries"));
		} else {
			assert_int_equal(listing.keys[0].key, 0);
			assert_int_equal(listing.keys[rows[i].names - 1].key,
					 rows[i].names - 1);
		}
		efimap_listing_free(&listing);
		efimap_free(map);
	}
}

UNIT_TESTS()
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(names),
		TREE_TEST(limit),
	};

	return cmocka_run_group_tests_name("read/listing", tests, NULL, NULL) != 0;
}
