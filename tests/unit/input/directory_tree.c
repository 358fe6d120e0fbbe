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
