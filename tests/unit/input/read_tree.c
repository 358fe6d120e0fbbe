/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/inotify.h>

#include "capture/installed_kernels.h"
#include "input/tree/directory_tree.h"
#include "input/tree/capture_file.h"
#include "written_tree.h"

/* The payload of a random seed must not be read. inotify reports any access to its file. */
TREE_TEST(secrets)
{
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	auto_root struct root *root = NULL;
	auto_map struct efimap *map = NULL;
	struct tree *tree = *state;
	char event[4096];

	assert_true(watch >= 0);
	tree_text(tree, "sys/kernel/boot_params/setup_data/0/type", "0x9\n");
	tree_text(tree, "sys/kernel/boot_params/setup_data/0/data", "of 10 byte");
	assert_true(inotify_add_watch(watch,
				      tree_at(tree, "sys/kernel/boot_params/setup_data/0/data"),
				      IN_OPEN | IN_ACCESS) >= 0);
	assert_int_equal(root_open_tree(tree->path, &root, NULL), 0);
	assert_int_equal(read_tree(root, "x", EFIMAP_ORIGIN_TREE, &map, NULL), 0);
	assert_int_equal(map->setup_data[0].len, 10);
	assert_int_equal(read(watch, event, sizeof(event)), -1);
	assert_int_equal(errno, EAGAIN);
	close(watch);
}
