/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimap_want() must accept every path that readers request, because archive imports drop all other
 * paths.
 */
#include <sys/inotify.h>

#include "input/tree/directory_tree.h"
#include "input/tree/file_table.h"
#include "written_tree.h"

/* A root that counts requests. Every directory exists and has the same four entries. */
struct spy {
	struct efimap_root base;
	unsigned int files;
	unsigned int dirs;
};

static void must_want(const char *path, bool is_file)
{
	const struct efimap_want want = efimap_want(path);

	if (want.len != strlen(path) || (want.keep > 0) != is_file)
		fail_msg("%s is read, but not wanted", path);
}

static int spy_list(struct efimap_root *root, const char *path, efimap_name_fn *take,
		    void *context)
{
	must_want(path, false);
	((struct spy *)root)->dirs++;
	assert_true(take(context, "0", S_IFDIR) >= 0);
	assert_true(take(context, "dmesg_-T", S_IFREG) >= 0);
	assert_true(take(context, "vmlinuz-6.1", S_IFREG) >= 0);
	assert_true(take(context, "6.1", S_IFDIR) >= 0);
	return 0;
}

/*
 * Only files whose path contains "firmware", "/type" or "dmi/" exist. For any other file, readers
 * therefore try all alternative paths.
 */
static int spy_find(struct efimap_root *root, const char *path,
		    struct efimap_stored_file *ret_stored)
{
	const bool is_value = strstr(path, "firmware") || strstr(path, "/type") ||
			      strstr(path, "dmi/");

	must_want(path, true);
	((struct spy *)root)->files++;
	*ret_stored = (struct efimap_stored_file){ "0x4\n", 4, 4 };
	return is_value ? 0 : -ENOENT;
}

static const struct efimap_root_ops spy_ops = { .list = spy_list, .find = spy_find };

TEST(all_that_is_read)
{
	struct spy spy = { .base = { .ops = &spy_ops } };
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_map struct efimap *map = NULL;

	assert_int_equal(efimap_read_files(&spy.base, "/", EFIMAP_ORIGIN_TREE, &map, &err), 0);
	/*
	 * The number of requests for files: five files in sys/firmware/efi; five values of a
	 * runtime-map entry, three of a memmap range, and two of a setup_data node; six single
	 * files, three logs, three DMI texts, and three kernel images. For the state of kexec: four
	 * values in two places each, six values in one place each, one of the two files of KHO
	 * scratch areas, two configurations of kdump, kexec(8) in three places, two lists of
	 * packages, and a snapshot.
	 */
	assert_int_equal(spy.files, 5 + 5 + 3 + 2 + 6 + 3 + 3 + 3 + 8 + 6 + 1 + 2 + 3 + 2 + 1);
	/*
	 * The number of requests for directories: sys/firmware/efi, three with records, one
	 * runtime-map entry, one with logs, five with kernel images, three that may contain
	 * systemd, and two with package lists.
	 */
	assert_int_equal(spy.dirs, 1 + 3 + 1 + 1 + 5 + 3 + 2);
}

struct row {
	const char *name;
	const char *path;
	size_t len;
	size_t keep;
	bool is_secret;
};

#define MIB ((size_t)1 << 20)

static const struct row rows[] = {
	{ "a field", "sys/firmware/efi/runtime-map/3/type", 35, 4096, false },
	{ "a record", "sys/firmware/efi/runtime-map/3", 30, 0, false },
	{ "below a field", "sys/firmware/efi/runtime-map/3/type/x", 35, 0, false },
	{ "an unexpected file", "sys/firmware/efi/runtime-map/3/new", 34, 4096, false },
	{ "next to the pointers", "sys/firmware/efi/efivars/Boot0000", 16, 0, false },
	{ "the directory itself", "sys/firmware/efi", 16, 0, false },
	{ "the top", "sys", 3, 0, false },
	{ "a payload", "sys/kernel/boot_params/setup_data/0/data", 40, MIB, true },
	{ "a log of sos", "sos_commands/kernel/dmesg_-T", 28, 16 * MIB, false },
	{ "no log of sos", "sos_commands/kernel/uname_-a", 19, 0, false },
	{ "the machine", "sys/class/dmi/id/product_name", 29, 4096, false },
	{ "no serial number", "sys/class/dmi/id/product_serial", 16, 0, false },
	{ "names alike", "sys/firmware/efi/runtime-map2/0/type", 16, 0, false },
	{ "a part of a name", "procs/iomem", 0, 0, false },
	{ "elsewhere", "var/log/messages", 7, 0, false },
	{ "another", "etc/passwd", 3, 0, false },
	{ "ranges", "sys/firmware/memmap/0/start", 27, 4096, false },
	{ "iomem", "proc/iomem", 10, 16 * MIB, false },
	{ "the command line", "proc/cmdline", 12, 65536, false },
	{ "the release", "proc/version", 12, 4096, false },
	{ "the boot", "proc/sys/kernel/random/boot_id", 30, 4096, false },
	{ "the processor", "proc/cpuinfo", 12, 8192, false },
	{ "boot_params", "sys/kernel/boot_params/data", 27, 4096, false },
	{ "an image", "boot/vmlinuz-6.1", 16, 32768, false },
	{ "another image", "usr/lib/modules/6.1/vmlinuz", 27, 32768, false },
	{ "a unified image", "boot/efi/EFI/Linux/x.efi", 24, MIB / 4, false },
	{ "a module", "usr/lib/modules/6.1/kernel/fs/x.ko", 19, 0, false },
	{ "an initrd, of which the size is enough", "boot/initrd.img-6.1", 19, 0, false },
};

TEST(paths)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_want want = efimap_want(rows[i].path);

		if (want.len != rows[i].len || want.keep != rows[i].keep ||
		    want.is_secret != rows[i].is_secret)
			fail_msg("%s: %zu, %zu, %d", rows[i].name, want.len, want.keep,
				 want.is_secret);
	}
}

/* The payload of a random seed must not be read. inotify reports any access to its file. */
TREE_TEST(secrets)
{
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	efimap_auto_root struct efimap_root *root = NULL;
	efimap_auto_map struct efimap *map = NULL;
	struct tree *tree = *state;
	char event[4096];

	assert_true(watch >= 0);
	tree_text(tree, "sys/kernel/boot_params/setup_data/0/type", "0x9\n");
	tree_text(tree, "sys/kernel/boot_params/setup_data/0/data", "of 10 byte");
	assert_true(inotify_add_watch(watch,
				      tree_at(tree, "sys/kernel/boot_params/setup_data/0/data"),
				      IN_OPEN | IN_ACCESS) >= 0);
	assert_int_equal(efimap_root_open_tree(tree->path, &root, NULL), 0);
	assert_int_equal(efimap_read_files(root, "x", EFIMAP_ORIGIN_TREE, &map, NULL), 0);
	assert_int_equal(map->setup_data[0].len, 10);
	assert_int_equal(read(watch, event, sizeof(event)), -1);
	assert_int_equal(errno, EAGAIN);
	close(watch);
}
