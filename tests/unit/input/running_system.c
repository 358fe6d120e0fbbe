/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A wrapper of sysfs_read_attribute() returns results that real files cannot produce. */
#include <sysfs/libsysfs.h>

#include "input/tree/directory_tree.h"
#include "input/tree/tree_access.h"
#include "written_tree.h"

int __real_sysfs_read_attribute(struct sysfs_attribute *attr);
int __wrap_sysfs_read_attribute(struct sysfs_attribute *attr);

static const struct answer {
	int error;
	size_t size;
	unsigned short len;
} * next_answer;

int __wrap_sysfs_read_attribute(struct sysfs_attribute *attr)
{
	/* @attr must not contain a previous value, which libsysfs would compare or leak. */
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

TEST(both_readers_return_the_same_values)
{
	static const char *const paths[] = { "sys/kernel/fscaps", "sys/kernel/kexec_loaded",
					     "sys/kernel/profiling", "sys/kernel/none" };
	auto_root struct root *plain = NULL, *sysfs = NULL;

	assert_int_equal(root_open_tree("/", &plain, NULL), 0);
	assert_int_equal(root_open_running(&sysfs), 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		ssize_t len = root_value(plain, paths[i], data[0]);

		if (root_value(sysfs, paths[i], data[1]) != len)
			fail_msg("%s: libsysfs does not return %zd, as read() does", paths[i], len);
		if (len > 0)
			assert_memory_equal(data[0], data[1], (size_t)len);
	}
}

TEST(results_of_libsysfs)
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
	auto_root struct root *root = NULL;

	assert_int_equal(root_open_running(&root), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		next_answer = &rows[i].answer;

		ssize_t len = root_value(root, "x", data[0]);

		next_answer = NULL;
		if (len != rows[i].expected)
			fail_msg("%s: %zd, expected %zd", rows[i].name, len, rows[i].expected);
	}
}

/* A path that libsysfs would truncate is rejected. */
TREE_TEST(long_paths)
{
	struct tree *tree = *state;
	auto_root struct root *root = NULL;
	char path[SYSFS_PATH_MAX];
	size_t len;

	tree_text(tree, "x", "0x5\n");
	/* The path has no leading "/". Repeated slashes lengthen it without changing the file. */
	len = (size_t)snprintf(path, sizeof(path), "%s", tree->path + 1);
	memset(path + len, '/', sizeof(path) - len);
	assert_int_equal(root_open_running(&root), 0);
	/*
	 * The library accepts at most SYSFS_PATH_MAX bytes, including "/" before the path and a NUL
	 * after it.
	 */
	path[SYSFS_PATH_MAX - 3] = 'x';
	path[SYSFS_PATH_MAX - 2] = '\0';
	assert_int_equal(root_value(root, path, data[0]), 4);
	path[SYSFS_PATH_MAX - 3] = '/';
	path[SYSFS_PATH_MAX - 2] = 'x';
	path[SYSFS_PATH_MAX - 1] = '\0';
	assert_int_equal(root_value(root, path, data[0]), -ENAMETOOLONG);
}
