/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "input/tree/directory_tree.h"
#include "input/tree/tree_access.h"
#include "written_tree.h"

static char data[EFIMAP_VALUE_SIZE];

/* Return whether openat2() works. Without it, for example in an emulator, no link is followed. */
static bool has_openat2(void)
{
	return syscall(SYS_openat2, AT_FDCWD, ".", NULL, 0) < 0 && errno != ENOSYS;
}

TREE_TEST(device_is_not_opened)
{
	auto_root struct root *root = NULL;
	struct tree *tree = *state;
	char event[4096];
	int watch;

	tree_dir(tree, "sys");
	/* If the user cannot create a device, test a FIFO. */
	if (mknod(tree_at(tree, "sys/node"), S_IFCHR | 0666, makedev(1, 3)))
		assert_int_equal(mkfifo(tree_at(tree, "sys/node"), 0644), 0);
	assert_int_equal(symlink("node", tree_at(tree, "sys/link")), 0);
	watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	assert_true(watch >= 0);
	assert_true(inotify_add_watch(watch, tree_at(tree, "sys/node"), IN_OPEN) >= 0);
	assert_int_equal(root_open_tree(tree->path, &root, NULL), 0);
	assert_int_equal(root_value(root, "sys/node", data), -ENXIO);
	assert_int_equal(root_value(root, "sys/link", data), has_openat2() ? -ENXIO : -ELOOP);
	if (geteuid() == 0)
		assert_int_equal(read(watch, event, sizeof(event)), -1);
	close(watch);
}
