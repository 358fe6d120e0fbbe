/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "input/tree/directory_tree.h"
#include "input/tree/tree_access.h"
#include "written_tree.h"

static char data[EFIMAP_VALUE_SIZE];

static struct root *must_open(const char *path)
{
	struct err err = EFIMAP_ERR_INIT;
	struct root *root;

	if (root_open_tree(path, &root, &err))
		fail_msg("%s: %s", path, err.text);
	return root;
}

/* Return whether openat2() works. Without it, for example in an emulator, no link is followed. */
static bool has_openat2(void)
{
	return syscall(SYS_openat2, AT_FDCWD, ".", NULL, 0) < 0 && errno != ENOSYS;
}

static const struct {
	const char *path;
	int expected;
	int without_openat2;
} special_files[] = {
	{ "3/type", -EXDEV, -ELOOP },	{ "4/type", -EXDEV, -ELOOP },
	{ "5/type", -ENXIO, -ENXIO },	{ "6/type", -EISDIR, -EISDIR },
	{ "7/type", -ENXIO, -ENXIO },	{ "8/type", -ENXIO, -ELOOP },
	{ "9/type", -ENOENT, -ENOENT }, { "10/type", -ENOTDIR, -ENOTDIR },
};

static bool special_files_are_refused(struct tree *tree)
{
	auto_root struct root *root = must_open(tree->path);
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(special_files) && good; i++) {
		const int expected = has_openat2() ? special_files[i].expected
						   : special_files[i].without_openat2;
		auto_file struct tree_file file = { 0 };
		char path[64];

		snprintf(path, sizeof(path), "sys/d/%s", special_files[i].path);
		good = root_value(root, path, data) == expected &&
		       root_read(root, path, EFIMAP_READ_WHOLE, 100, NULL, &file) == expected;
	}
	return good;
}

TREE_TEST(special_files_in_a_tree)
{
	struct tree *tree = *state;

	tree_link(tree, "sys/d/3/type", "/etc/passwd");
	tree_link(tree, "sys/d/4/type", "../none");
	tree_fifo(tree, "sys/d/5/type");
	tree_dir(tree, "sys/d/6/type");
	tree_dir(tree, "sys/d/7");
	assert_int_equal(mknod(tree_at(tree, "sys/d/7/type"), S_IFSOCK | 0644, 0), 0);
	tree_link(tree, "sys/d/8", "5");
	tree_text(tree, "sys/d/10", "a file");
	assert_true(special_files_are_refused(tree));
	/* The user nobody cannot clone a mount, so the reader checks each file first. */
	assert_true(tree_as_nobody(special_files_are_refused, tree));
}

static bool null_is_refused(struct tree *tree)
{
	auto_root struct root *root = must_open("/");
	auto_file struct tree_file file = { 0 };

	return root_value(root, "dev/null", data) == -ENXIO &&
	       root_read(root, "dev/null", EFIMAP_READ_WHOLE, 100, NULL, &file) == -ENXIO;
}

TREE_TEST(device)
{
	assert_true(null_is_refused(*state));
	assert_true(tree_as_nobody(null_is_refused, *state));
}

static bool node_is_refused(struct tree *tree)
{
	auto_root struct root *root = must_open(tree->path);

	return root_value(root, "sys/node", data) == -ENXIO &&
	       root_value(root, "sys/link", data) == (has_openat2() ? -ENXIO : -ELOOP);
}

TREE_TEST(device_is_not_opened)
{
	struct tree *tree = *state;
	char event[4096];
	int watch;

	tree_dir(tree, "sys");
	/* If the user cannot create a device, test a FIFO. */
	if (mknod(tree_at(tree, "sys/node"), S_IFCHR | 0666, makedev(1, 3)))
		tree_fifo(tree, "sys/node");
	assert_int_equal(chmod(tree_at(tree, "sys/node"), 0666), 0);
	tree_link(tree, "sys/link", "node");
	watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	assert_true(watch >= 0);
	assert_true(inotify_add_watch(watch, tree_at(tree, "sys/node"), IN_OPEN) >= 0);
	assert_true(node_is_refused(tree));
	assert_true(tree_as_nobody(node_is_refused, tree));
	if (geteuid() == 0)
		assert_int_equal(read(watch, event, sizeof(event)), -1);
	close(watch);
}
