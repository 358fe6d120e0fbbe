/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values, whole files and sizes, the same through every kind of root. */
#include "read/tree/root.h"
#include "tree.h"

/* More than a page, and more than the first guess for a file. */
#define LONG 9000

typedef int open_fn(const char *top, struct efimap_root **ret_root);

static int open_tree_root(const char *top, struct efimap_root **ret_root)
{
	return efimap_root_open_tree(top, ret_root, NULL);
}

static open_fn *const kinds[] = {
	efimap_root_open_running,
	open_tree_root,
};

static void fill(struct tree *tree)
{
	static const char zeros[LONG];

	tree_dir(tree, "sys");
	tree_text(tree, "sys/d/3/type", "0x5\n");
	tree_bytes(tree, "sys/d/nul", "0x6\0x", 5);
	tree_text(tree, "sys/d/empty", "");
	tree_bytes(tree, "sys/d/4095", zeros, 4095);
	tree_bytes(tree, "sys/d/4096", zeros, 4096);
	tree_bytes(tree, "sys/d/long", zeros, LONG);
	tree_dir(tree, "sys/d/dir");
}

static void check_values(struct efimap_root *root)
{
	static const struct {
		const char *path;
		ssize_t expected;
	} rows[] = {
		{ "sys/d/3/type", 4 },	     { "sys/d/empty", 0 },
		{ "sys/d/4095", 4095 },	     { "sys/d/4096", -E2BIG },
		{ "sys/d/long", -E2BIG },    { "sys/d/dir", -EISDIR },
		{ "sys/d/none", -ENOENT },   { "sys/d/9/type", -ENOENT },
		{ "sys/d/empty/x", -ENOTDIR },
	};
	static char data[EFIMAP_VALUE_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ssize_t len = efimap_root_value(root, rows[i].path, data);

		if (len != rows[i].expected)
			fail_msg("%s: %zd", rows[i].path, len);
	}
	assert_int_equal(efimap_root_value(root, "sys/d/3/type", data), 4);
	assert_memory_equal(data, "0x5\n", 4);
	assert_int_equal(efimap_root_value(root, "sys/d/nul", data), 5);
	assert_memory_equal(data, "0x6\0x", 5);
}

static int count_name(void *context, const char *name, mode_t type)
{
	size_t *count = context;

	if (S_ISDIR(type) != (strcmp(name, "3") == 0 || strcmp(name, "dir") == 0))
		fail_msg("%s: %o", name, type);
	return ++*count == 4;
}

static int refuse_name(void *context, const char *name, mode_t type)
{
	return -EXDEV;
}

static void check_names(struct efimap_root *root)
{
	size_t count = 0;

	assert_int_equal(efimap_root_list(root, "sys/d", count_name, &count), 0);
	assert_int_equal(count, 4);
	/* That was enough; now to the end. */
	count = 10;
	assert_int_equal(efimap_root_list(root, "sys/d", count_name, &count), 0);
	assert_int_equal(count, 17);
	assert_int_equal(efimap_root_list(root, "sys/d", refuse_name, NULL), -EXDEV);
	assert_int_equal(efimap_root_list(root, "sys/none", count_name, &count), -ENOENT);
	assert_int_equal(efimap_root_list(root, "sys/d/empty", count_name, &count), -ENOTDIR);
}

static void check_files(struct efimap_root *root)
{
	static const struct {
		const char *path;
		size_t limit;
		int expected;
		size_t len;
	} rows[] = {
		{ "sys/d/3/type", 100, 0, 4 },	    { "sys/d/3/type", 5, 0, 4 },
		{ "sys/d/3/type", 4, 0, 4 },	    { "sys/d/3/type", 3, -E2BIG, 0 },
		{ "sys/d/empty", 0, 0, 0 },	    { "sys/d/long", 1 << 20, 0, LONG },
		{ "sys/d/long", LONG, 0, LONG },    { "sys/d/long", LONG - 1, -E2BIG, 0 },
		{ "sys/d/dir", 100, -EISDIR, 0 },   { "sys/none", 100, -ENOENT, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_file struct efimap_file file = { 0 };
		int ret = efimap_root_read(root, rows[i].path, EFIMAP_READ_WHOLE, rows[i].limit,
					   &file);

		if (ret != rows[i].expected || file.len != rows[i].len)
			fail_msg("%s, limit %zu: %d", rows[i].path, rows[i].limit, ret);
		if (!ret)
			assert_int_equal(file.data[file.len], '\0');
	}
}

static void check_sizes(struct efimap_root *root)
{
	uint64_t size = 4711;

	assert_int_equal(efimap_root_file_size(root, "sys/d/none", &size), -ENOENT);
	assert_int_equal(efimap_root_file_size(root, "sys/d/dir", &size), -EISDIR);
	assert_int_equal(size, 4711);
	assert_int_equal(efimap_root_file_size(root, "sys/d/long", &size), 0);
	assert_int_equal(size, LONG);
	assert_int_equal(efimap_root_file_size(root, "sys/d/empty", &size), 0);
	assert_int_equal(size, 0);
}

TREE_TEST(all_kinds)
{
	struct tree *tree = *state;
	struct efimap_root *none;

	fill(tree);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		efimap_auto_root struct efimap_root *root = NULL;

		assert_int_equal(kinds[i](tree->path, &root), 0);
		check_values(root);
		check_names(root);
		check_files(root);
		check_sizes(root);
	}
	assert_int_equal(efimap_root_open_running("/none", &none), -ENOENT);
	efimap_root_free(NULL);
}
