/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening beneath a directory: openat2 and the walk for old kernels agree on everything. */
#include "read/tree/root.h"
#include "tree.h"

struct row {
	const char *name;
	const char *path;
	int flags;
	int expected;
};

static const struct row rows[] = {
	{ "file", "a/b/file", O_RDONLY, 0 },
	{ "directory", "a/b", O_RDONLY | O_DIRECTORY, 0 },
	{ "the directory itself", ".", O_RDONLY | O_DIRECTORY, 0 },
	{ "path descriptor", "a/b/file", O_PATH | O_NOFOLLOW, 0 },
	{ "missing", "a/b/none", O_RDONLY, -ENOENT },
	{ "missing directory", "a/none/file", O_RDONLY, -ENOENT },
	{ "file as directory", "a/b/file", O_RDONLY | O_DIRECTORY, -ENOTDIR },
	{ "through a file", "a/b/file/x", O_RDONLY, -ENOTDIR },
	{ "link to a file", "a/link", O_RDONLY, -ELOOP },
	{ "path descriptor of a link", "a/link", O_PATH | O_NOFOLLOW, -ELOOP },
	{ "link to a directory", "link/b", O_RDONLY | O_DIRECTORY, -ELOOP },
	{ "link as directory", "link", O_RDONLY | O_DIRECTORY, -ELOOP },
	{ "link that leads out", "out", O_RDONLY, -ELOOP },
	{ "through a link that leads out", "etc/hostname", O_RDONLY, -ELOOP },
	{ "dangling link", "dangling", O_RDONLY, -ELOOP },
};

static void fill(struct tree *tree)
{
	tree_text(tree, "a/b/file", "content");
	tree_link(tree, "a/link", "b/file");
	tree_link(tree, "link", "a");
	tree_link(tree, "out", "/etc/passwd");
	tree_link(tree, "etc", "/etc");
	tree_link(tree, "dangling", "nowhere");
}

static void run_rows(struct tree *tree, int (*open_beneath)(int, const char *, int))
{
	int dir = open(tree->path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	assert_true(dir >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int fd = open_beneath(dir, rows[i].path, rows[i].flags | O_CLOEXEC);

		if ((fd < 0 ? fd : 0) != rows[i].expected)
			fail_msg("%s: %d", rows[i].name, fd);
		if (fd >= 0)
			close(fd);
	}
	/* Both refuse to go up; they differ in how far the kernel lets ".." go. */
	assert_int_equal(open_beneath(dir, "../x", O_RDONLY | O_CLOEXEC), -EXDEV);
	close(dir);
}

TREE_TEST(kernel_call)
{
	int probe = efimap_beneath_open(AT_FDCWD, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	fill(*state);
	/* On a kernel without it there is nothing to compare: it must then say so. */
	if (probe < 0) {
		assert_int_equal(probe, -ENOSYS);
		return;
	}
	close(probe);
	run_rows(*state, efimap_beneath_open);
}

TREE_TEST(walk)
{
	fill(*state);
	run_rows(*state, efimap_beneath_walk);
}
