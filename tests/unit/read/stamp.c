/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changes meanwhile: a tree's directories and files, and a file that is a SOURCE. */
#include "base/cleanup.h"
#include "read/input.h"
#include "read/read.h"
#include "read/tree/files.h"
#include "read/tree/root.h"
#include "tree.h"

#define ENTRY MAP_PATH "/0"
#define POINTER "sys/firmware/efi/fw_vendor"

/* Long ago: a change of now is later, however coarse the clock of the file system is. */
static void make_old(struct tree *tree, const char *path)
{
	const struct timespec times[2] = { { 1, 0 }, { 1, 0 } };

	assert_int_equal(utimensat(AT_FDCWD, tree_at(tree, path), times, 0), 0);
}

static void make(struct tree *tree)
{
	static const char *const all[] = { "sys", "proc", "sys/firmware/efi", MAP_PATH, ENTRY,
					   POINTER, "proc/version" };

	tree_entry(tree, 0);
	/* On tmpfs a directory with one more in it is larger, whatever its time. */
	tree_dir(tree, "sys/kernel");
	tree_text(tree, POINTER, "0x1000\n");
	tree_text(tree, "proc/version", "Linux version 6.1.0 x\n");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		make_old(tree, all[i]);
}

/* struct reading - of a tree, during which something happens */
struct reading {
	struct tree *tree;
	struct efimap *map;
	struct efimap_root *root;
};

static struct tree *begin(struct reading *reading)
{
	*reading = (struct reading){ NULL };
	tree_setup((void **)&reading->tree);
	make(reading->tree);
	assert_int_equal(efimap_root_open_tree(reading->tree->path, &reading->root, NULL), 0);
	assert_int_equal(efimap_read_files(reading->root, reading->tree->path,
					   EFIMAP_ORIGIN_TREE, &reading->map, NULL), 0);
	return reading->tree;
}

/* @changed: what it is told that changed; NULL for nothing */
static void end(struct reading *reading, const char *name, const char *changed)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	const int ret = efimap_root_check(reading->root, reading->tree->path, &err);

	tree_teardown((void **)&reading->tree);
	efimap_root_free(reading->root);
	efimap_free(reading->map);
	if (ret != (changed ? -EBUSY : 0))
		fail_msg("%s: %d", name, ret);
	if (ret && strncmp(err.text, changed, strlen(changed)) != 0)
		fail_msg("%s: %s", name, err.text);
}

TEST(in_a_tree)
{
	struct reading reading;
	struct tree *tree;
	char from[PATH_MAX];

	begin(&reading);
	end(&reading, "nothing", NULL);
	tree_dir(begin(&reading), MAP_PATH "/1");
	end(&reading, "an entry more", MAP_PATH);
	assert_int_equal(unlink(tree_at(begin(&reading), "proc/version")), 0);
	end(&reading, "a file less", "proc");
	tree_text(begin(&reading), "proc/cmdline", "quiet\n");
	end(&reading, "a file more", "proc");
	tree_text(begin(&reading), "proc/version", "Linux version 6.1.1 x\n");
	end(&reading, "other content", "proc/version");
	tree = begin(&reading);
	tree_text(tree, "new", "Linux version 6.1.0 x\n");
	make_old(tree, "new");
	snprintf(from, sizeof(from), "%s", tree_at(tree, "new"));
	assert_int_equal(rename(from, tree_at(tree, "proc/version")), 0);
	make_old(tree, "proc");
	end(&reading, "another file", "proc/version");
	tree_text(begin(&reading), POINTER, "0x2000\n");
	end(&reading, "a value", POINTER);
	tree = begin(&reading);
	tree_text(tree, "notes", "of no matter\n");
	tree_text(tree, "sys/kernel/notes", "of no matter\n");
	make_old(tree, "sys");
	end(&reading, "what nobody reads", NULL);
}

/* A tree that is deleted as soon as it was opened is not a machine without EFI. */
TREE_TEST(deleted)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_root struct efimap_root *root = NULL;
	efimap_auto_map struct efimap *map = NULL;

	make(*state);
	assert_int_equal(efimap_root_open_tree(((struct tree *)*state)->path, &root, NULL), 0);
	nftw(tree_at(*state, "sys"), tree_remove, 16, FTW_DEPTH | FTW_PHYS);
	nftw(tree_at(*state, "proc"), tree_remove, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(efimap_read_files(root, "x", EFIMAP_ORIGIN_TREE, &map, &err),
			 -EBUSY);
	assert_string_equal(err.where, "x");
	assert_non_null(strstr(err.text, "sys changed while it was read"));
}

/* The kernel's own files have no time of change. */
TEST(of_the_kernel)
{
	efimap_auto_fd int top = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct efimap_stamps stamps = { 0 };
	struct stat st;

	assert_true(top >= 0);
	assert_int_equal(fstatat(top, "status", &st, 0), 0);
	st.st_mtim.tv_sec -= 100;
	assert_int_equal(efimap_stamps_add(&stamps, "status", &st), 0);
	assert_null(efimap_stamps_changed(&stamps, top));
	assert_int_equal(efimap_stamps_add(&stamps, "fd/none", NULL), 0);
	assert_int_equal(efimap_stamps_add(&stamps, "fd/gone", &st), 0);
	assert_string_equal(efimap_stamps_changed(&stamps, top), "fd/gone");
	efimap_stamps_free(&stamps);
}

/* Of a directory that is not there one look tells enough. */
TREE_TEST(absent)
{
	struct efimap_stamps stamps = { 0 };
	efimap_auto_fd int top = open(((struct tree *)*state)->path, O_PATH | O_DIRECTORY);

	assert_true(top >= 0);
	assert_int_equal(efimap_stamps_add(&stamps, "none", NULL), 0);
	assert_int_equal(efimap_stamps_add(&stamps, "none/a", NULL), 0);
	assert_int_equal(efimap_stamps_add(&stamps, "none/b/c", NULL), 0);
	assert_int_equal(stamps.count, 1);
	assert_int_equal(efimap_stamps_add(&stamps, "nonesuch", NULL), 0);
	assert_int_equal(efimap_stamps_add(&stamps, "no", NULL), 0);
	assert_int_equal(stamps.count, 3);
	assert_null(efimap_stamps_changed(&stamps, top));
	tree_text(*state, "none/b/c", "there\n");
	assert_string_equal(efimap_stamps_changed(&stamps, top), "none");
	efimap_stamps_free(&stamps);
}

static const char first[] = "the first of it\n", more[] = "the first of it\nand more\n",
		  other[] = "another thing, which is long\n";

/* Some of a file is read, it becomes @now, and the rest is read. */
static int read_file_that_becomes(struct tree *tree, const char *now, bool may_grow)
{
	efimap_auto_input struct efimap_input input = EFIMAP_INPUT_INIT;
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	tree_text(tree, "file", first);
	make_old(tree, "file");
	assert_int_equal(efimap_input_open(tree_at(tree, "file"), &input, NULL), 0);
	if (now)
		tree_text(tree, "file", now);
	else
		unlink(tree_at(tree, "file"));
	ret = may_grow ? 0 : efimap_input_fill(&input, 1000, &err);
	if (!ret)
		ret = efimap_input_check(&input, may_grow, &err);
	if (ret)
		assert_non_null(strstr(err.text, "changed while it was read"));
	return ret;
}

TREE_TEST(a_file)
{
	/* What was opened is read, whatever becomes of its name. */
	assert_int_equal(read_file_that_becomes(*state, NULL, false), 0);
	assert_int_equal(read_file_that_becomes(*state, first, false), -EBUSY);
	assert_int_equal(read_file_that_becomes(*state, more, false), -EBUSY);
	assert_int_equal(read_file_that_becomes(*state, "", false), -EBUSY);
	assert_int_equal(read_file_that_becomes(*state, more, true), 0);
	assert_int_equal(read_file_that_becomes(*state, other, true), -EBUSY);
	assert_int_equal(read_file_that_becomes(*state, "the", true), -EBUSY);
}
