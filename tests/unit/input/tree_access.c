/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "input/tree/directory_tree.h"
#include "input/tree/tree_access.h"
#include "written_tree.h"

static void cut(struct tree *tree, const char *path)
{
	assert_int_equal(truncate(tree_at(tree, path), 1), 0);
}

static void append(struct tree *tree, const char *path)
{
	FILE *file = fopen(tree_at(tree, path), "ab");

	assert_non_null(file);
	assert_true(fputs("more", file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* Replace a file by a copy with the same size and time. */
static void replace(struct tree *tree, const char *path)
{
	struct timespec times[2];
	struct stat st;
	char new[PATH_MAX];

	assert_int_equal(stat(tree_at(tree, path), &st), 0);
	tree_text(tree, "new", "text");
	times[0] = times[1] = st.st_mtim;
	snprintf(new, sizeof(new), "%s", tree_at(tree, "new"));
	assert_int_equal(utimensat(AT_FDCWD, new, times, 0), 0);
	assert_int_equal(rename(new, tree_at(tree, path)), 0);
}

static void delete (struct tree *tree, const char *path)
{
	assert_int_equal(unlink(tree_at(tree, path)), 0);
}

static void create(struct tree *tree, const char *path)
{
	tree_text(tree, path, "text");
}

static void add_name(struct tree *tree, const char *path)
{
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s/name", path);
	create(tree, name);
}

static void leave(struct tree *tree, const char *path)
{
}

static int take_name(void *context, const char *name, mode_t type)
{
	return 0;
}

static struct root *open_root(struct tree *tree)
{
	struct root *root;

	assert_int_equal(root_open_tree(tree->path, &root, NULL), 0);
	return root;
}

static bool is_changed(struct root *root)
{
	const int ret = root_check_unchanged(root, "tree", NULL);

	assert_true(ret == 0 || ret == -EBUSY);
	return ret != 0;
}

TREE_TEST(changes_are_found)
{
	static const struct {
		const char *path;
		void (*change)(struct tree *tree, const char *path);
		bool is_changed;
	} rows[] = {
		{ "file", leave, false },	 { "missing", leave, false },
		{ "directory", leave, false },	 { "file", cut, true },
		{ "file", append, true },	 { "file", replace, true },
		{ "file", delete, true },	 { "missing", create, true },
		{ "directory", add_name, true }, { "dmesg.txt", append, false },
		{ "dmesg.txt", cut, true },	 { "dmesg.txt", replace, true },
	};
	struct tree *tree = *state;

	tree_dir(tree, "sys");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct timespec past[2] = { { 1, 0 }, { 1, 0 } };
		auto_root struct root *root = NULL;
		auto_file struct tree_file file = { 0 };

		create(tree, "file");
		create(tree, "dmesg.txt");
		tree_dir(tree, "directory");
		/* With this old time stamp, any later change is visible. */
		utimensat(AT_FDCWD, tree_at(tree, rows[i].path), past, 0);
		root = open_root(tree);
		if (strcmp(rows[i].path, "directory") == 0)
			root_list(root, rows[i].path, "", take_name, NULL);
		else
			root_read(root, rows[i].path, EFIMAP_READ_WHOLE, 100, NULL, &file);
		rows[i].change(tree, rows[i].path);
		if (is_changed(root) != rows[i].is_changed)
			fail_msg("row %zu: %s", i, rows[i].path);
	}
}

/* Reading address 0 in the memory of a process fails with EIO. */
TEST(unpacked_size_of_a_file_that_cannot_be_read)
{
	auto_root struct root *root = NULL;
	struct unpacked_size size = { .is_known = true };

	assert_int_equal(root_open_running(&root), 0);
	assert_int_equal(root_unpacked_size(root, "proc/self/mem", 0, 4096, &size), -EIO);
	assert_false(size.is_known);
}
