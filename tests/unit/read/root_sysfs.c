/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libsysfs: the same bytes as plain reads, its traps avoided, the working directory left
 * alone. Where its answers cannot be had from real files the library is replaced.
 */
#include <sysfs/libsysfs.h>

#include "read/tree/root.h"
#include "tree.h"

int __real_sysfs_read_attribute(struct sysfs_attribute *attr);
int __wrap_sysfs_read_attribute(struct sysfs_attribute *attr);

/* What the library is to answer next; NULL leaves it alone. */
static const struct answer {
	int error;
	size_t size;
	unsigned short len;
} *next_answer;

int __wrap_sysfs_read_attribute(struct sysfs_attribute *attr)
{
	/* Nothing of the value before may be left: the library would compare or leak it. */
	assert_null(attr->value);
	assert_int_equal(attr->len, 0);
	if (!next_answer)
		return __real_sysfs_read_attribute(attr);
	if (next_answer->error) {
		errno = next_answer->error;
		return -1;
	}
	attr->value = malloc(next_answer->size + 1);
	assert_non_null(attr->value);
	memset(attr->value, 'x', next_answer->size);
	attr->value[next_answer->size] = '\0';
	attr->len = next_answer->len;
	return 0;
}

static char data[2][EFIMAP_VALUE_SIZE];

static void same_bytes(void **state)
{
	static const char *const paths[] = { "3/type", "4/type", "empty", "nul", "nul2",
					     "empty",  "4095",	 "4096",  "long", "none",
					     "dir",    "3" };
	static const char zeros[9000];
	struct tree *tree = *state;
	struct efimap_root *roots[2];
	struct efimap_dir dirs[2];

	tree_text(tree, "d/3/type", "0x5\n");
	tree_text(tree, "d/4/type", "0x6\n");
	tree_text(tree, "d/empty", "");
	tree_bytes(tree, "d/nul", "0x5\0\n", 5);
	tree_bytes(tree, "d/nul2", "0x5\0x", 5);
	tree_bytes(tree, "d/4095", zeros, 4095);
	tree_bytes(tree, "d/4096", zeros, 4096);
	tree_bytes(tree, "d/long", zeros, sizeof(zeros));
	tree_dir(tree, "d/dir");
	assert_int_equal(efimap_root_open_live(tree->path, &roots[0]), 0);
	assert_int_equal(efimap_root_open_sysfs(tree->path, &roots[1]), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(efimap_dir_open(roots[i], "d", &dirs[i]), 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		ssize_t plain = efimap_dir_value(&dirs[0], paths[i], data[0]);

		if (efimap_dir_value(&dirs[1], paths[i], data[1]) != plain)
			fail_msg("%s: %zd bytes plain", paths[i], plain);
		if (plain > 0)
			assert_memory_equal(data[0], data[1], (size_t)plain);
	}
	for (size_t i = 0; i < 2; i++) {
		efimap_dir_close(&dirs[i]);
		efimap_root_free(roots[i]);
	}
}

/* The running kernel's own files, on whatever machine this is. */
static void same_kernel(void **state)
{
	static const char *const paths[] = { "fscaps", "kexec_loaded",
					     "profiling", "none" };
	struct efimap_root *plain, *sysfs;
	struct efimap_dir plain_dir, sysfs_dir;

	assert_int_equal(efimap_root_open_live("/", &plain), 0);
	assert_int_equal(efimap_root_open_sysfs("/", &sysfs), 0);
	int opened = efimap_dir_open(plain, "sys/kernel", &plain_dir);

	/* A bare chroot has no sysfs: then neither finds it. */
	assert_int_equal(opened, access("/sys/kernel", F_OK) ? -ENOENT : 0);
	assert_int_equal(efimap_dir_open(sysfs, "sys/kernel", &sysfs_dir), opened);
	for (size_t i = 0; i < ARRAY_SIZE(paths) && !opened; i++) {
		ssize_t len = efimap_dir_value(&plain_dir, paths[i], data[0]);

		assert_int_equal(efimap_dir_value(&sysfs_dir, paths[i], data[1]), len);
		if (len > 0)
			assert_memory_equal(data[0], data[1], (size_t)len);
	}
	if (!opened) {
		efimap_dir_close(&plain_dir);
		efimap_dir_close(&sysfs_dir);
	}
	efimap_root_free(plain);
	efimap_root_free(sysfs);
}

static void answers(void **state)
{
	static const struct {
		const char *name;
		struct answer answer;
		ssize_t expected;
	} rows[] = {
		{ "input/output error", { EIO, 0, 0 }, -EIO },
		{ "denied", { EACCES, 0, 0 }, -EACCES },
		{ "no memory", { ENOMEM, 0, 0 }, -ENOMEM },
		{ "one byte below a page", { 0, 4095, 4095 }, 4095 },
		{ "a full page", { 0, 4096, 4096 }, -E2BIG },
		{ "a full page of 16 KiB", { 0, 16384, 16384 }, -E2BIG },
		{ "a full page of 64 KiB, its length wrapped", { 0, 65536, 0 }, -E2BIG },
		{ "no byte", { 0, 0, 0 }, 0 },
	};
	struct tree *tree = *state;
	struct efimap_root *root;
	struct efimap_dir dir;

	tree_dir(tree, "d");
	assert_int_equal(efimap_root_open_sysfs(tree->path, &root), 0);
	assert_int_equal(efimap_dir_open(root, "d", &dir), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		next_answer = &rows[i].answer;

		ssize_t len = efimap_dir_value(&dir, "x", data[0]);

		next_answer = NULL;
		if (len != rows[i].expected)
			fail_msg("%s: %zd", rows[i].name, len);
	}
	efimap_dir_close(&dir);
	efimap_root_free(root);
}

/* A path that the library would cut is refused, not read under its beginning. */
static void long_paths(void **state)
{
	struct tree *tree = *state;
	struct efimap_root *root;
	struct efimap_dir dir;
	char path[300];
	/* What the library takes, without what stands before it and the NUL. */
	const size_t fits = 255 - strlen(tree->path) - strlen("/d/");

	memset(path, 'a', sizeof(path));
	path[fits] = '\0';
	tree_dir(tree, "d");
	tree_text(tree, "d/x", "0x5\n");
	assert_int_equal(efimap_root_open_sysfs(tree->path, &root), 0);
	assert_int_equal(efimap_dir_open(root, "d", &dir), 0);
	assert_int_equal(efimap_dir_value(&dir, path, data[0]), -ENOENT);
	path[fits] = 'a';
	path[fits + 1] = '\0';
	assert_int_equal(efimap_dir_value(&dir, path, data[0]), -ENAMETOOLONG);
	assert_int_equal(efimap_dir_value(&dir, "x", data[0]), 4);
	efimap_dir_close(&dir);
	efimap_root_free(root);
}

/* Two directories in turn, and the process stays where it is. */
static void working_directory(void **state)
{
	struct tree *tree = *state;
	struct efimap_root *root;
	struct efimap_dir dirs[2];
	struct stat before, now;

	tree_text(tree, "first/x", "1\n");
	tree_text(tree, "second/x", "2\n");
	assert_int_equal(stat(".", &before), 0);
	assert_int_equal(efimap_root_open_sysfs(tree->path, &root), 0);
	assert_int_equal(efimap_dir_open(root, "first", &dirs[0]), 0);
	assert_int_equal(efimap_dir_open(root, "second", &dirs[1]), 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(efimap_dir_value(&dirs[i % 2], "x", data[0]), 2);
		assert_memory_equal(data[0], i % 2 ? "2\n" : "1\n", 2);
		assert_int_equal(stat(".", &now), 0);
		assert_true(now.st_dev == before.st_dev && now.st_ino == before.st_ino);
	}
	efimap_dir_close(&dirs[0]);
	efimap_dir_close(&dirs[1]);
	efimap_root_free(root);
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

UNIT_TESTS()
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(same_bytes),	cmocka_unit_test(same_kernel), TREE_TEST(answers),
		TREE_TEST(long_paths),	TREE_TEST(working_directory),
	};

	return cmocka_run_group_tests_name("read/root_sysfs", tests, NULL, NULL) != 0;
}
