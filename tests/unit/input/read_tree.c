/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/inotify.h>

#include "capture/installed_kernels.h"
#include "input/tree/directory_tree.h"
#include "input/tree/read_tree.h"
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

/* Memory of ZONE_MOVABLE is counted separately, and that of ZONE_DEVICE is not counted. */
TREE_TEST(free_memory_outside_of_zone_movable)
{
	static const char zoneinfo[] =
		"Node 0, zone      DMA\n  per-node stats\n      nr_slab_reclaimable 50\n"
		"  pages free     100\n        boost    0\n        min      7\n        low      9\n"
		"        managed  400\n"
		"      nr_zone_inactive_anon 11\n      nr_zone_inactive_file 3\n"
		"      nr_zone_active_file 4\n"
		"Node 0, zone  Movable\n  pages free     5000\n        managed  0\n        min     "
		" 40\n"
		"      nr_zone_inactive_file 300\n"
		"Node 0, zone   Device\n  pages free     9\n        managed  0\n        min      "
		"9\n"
		"Node 1, zone   Normal\n  per-node stats\n      nr_slab_reclaimable 1\n"
		"  pages free     200\n        min      8\n        managed  600\n";
	auto_root struct root *root = NULL;
	auto_map struct efimap *map = NULL;
	const struct kexec_state *kexec;
	struct tree *tree = *state;

	tree_text(tree, "proc/zoneinfo", zoneinfo);
	tree_text(tree, "proc/meminfo",
		  "MemTotal: 2000 kB\nMemAvailable: 1000 kB\nCommitLimit: 900 kB\n"
		  "Committed_AS: 1100 kB\nSwapFree: 30 kB\n");
	tree_text(tree, "proc/sys/vm/overcommit_memory", "2\n");
	assert_int_equal(root_open_tree(tree->path, &root, NULL), 0);
	assert_int_equal(read_tree(root, "x", EFIMAP_ORIGIN_TREE, &map, NULL), 0);
	kexec = kexec_of(map);
	assert_true(kexec->memory.free.is_known);
	assert_int_equal(kexec->memory.free.fixed, 300 * 4096);
	assert_int_equal(kexec->memory.free.kept, 15 * 4096);
	assert_int_equal(kexec->memory.free.reclaimable, 58 * 4096);
	assert_int_equal(kexec->memory.free.movable, 5000 * 4096);
	assert_true(kexec->memory.free.has_anonymous);
	assert_int_equal(kexec->memory.free.anonymous, 11 * 4096);
	assert_int_equal(kexec->memory.free.managed, 1000 * 4096);
	assert_true(kexec->memory.has_swap_free);
	assert_int_equal(kexec->memory.swap_free, 30 << 10);
	assert_int_equal(kexec->memory.commit_limit, 900 << 10);
	assert_int_equal(kexec->memory.committed, 1100 << 10);
	assert_int_equal(value_number(kexec, EFIMAP_VALUE_OVERCOMMIT), EFIMAP_OVERCOMMIT_NEVER);
}
