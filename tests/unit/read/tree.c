/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Untrusted trees: where one is found, and what in one is never opened. */
#include <sys/inotify.h>
#include <sys/sysmacros.h>

#include "read/tree/root.h"
#include "tree.h"

static char data[EFIMAP_VALUE_SIZE];

static struct efimap_root *must_open(const char *path)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_root *root;

	if (efimap_root_open_tree(path, &root, &err))
		fail_msg("%s: %s", path, err.text);
	return root;
}

static void must_refuse(const char *path, int expected, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_root *root = NULL;

	assert_int_equal(efimap_root_open_tree(path, &root, &err), expected);
	assert_null(root);
	assert_string_equal(err.where, path);
	assert_non_null(strstr(err.text, text));
}

TREE_TEST(neither)
{
	struct tree *tree = *state;

	tree_text(tree, "sys", "a file");
	tree_link(tree, "proc", "/proc");
	tree_link(tree, "inner", "/");
	must_refuse(tree->path, -ENOENT, "holds neither sys/ nor proc/, also one level down");
	must_refuse("/none", -ENOENT, "No such file");
	must_refuse(tree_at(tree, "sys"), -ENOTDIR, "Not a directory");
}

static void holds(const char *top, const char *path)
{
	efimap_auto_root struct efimap_root *root = must_open(top);
	efimap_auto_file struct efimap_file file = { 0 };

	if (efimap_root_read(root, path, EFIMAP_READ_WHOLE, 100, &file))
		fail_msg("%s", path);
}

TREE_TEST(one_level_down)
{
	struct tree *tree = *state;

	tree_text(tree, "sosreport-host/sys/x", "content");
	tree_text(tree, "sosreport-host.sha256", "sum");
	tree_dir(tree, "other/empty");
	tree_dir(tree, ".hidden/sys");
	holds(tree->path, "sys/x");
	tree_dir(tree, "second/proc");
	must_refuse(tree->path, -ENOENT, "several subdirectories");
}

/* The user may name a link; what is beneath is another matter. */
TREE_TEST(link_to_it)
{
	struct tree *tree = *state;

	tree_text(tree, "real/sys/x", "content");
	tree_link(tree, "link", "real");
	holds(tree_at(tree, "link"), "sys/x");
}

static const struct {
	const char *path;
	int expected;
} odd_files[] = {
	{ "3/type", -ELOOP },  { "4/type", -ELOOP },   { "5/type", -ENXIO },
	{ "6/type", -EISDIR }, { "7/type", -ENXIO },   { "8/type", -ELOOP },
	{ "9/type", -ENOENT }, { "10/type", -ENOTDIR },
};

/* Both ways of reading, values and files; false at the first surprise. */
static bool odd_files_are_refused(struct tree *tree)
{
	efimap_auto_root struct efimap_root *root = must_open(tree->path);
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(odd_files) && good; i++) {
		efimap_auto_file struct efimap_file file = { 0 };
		char path[64];

		snprintf(path, sizeof(path), "sys/d/%s", odd_files[i].path);
		good = efimap_root_value(root, path, data) == odd_files[i].expected &&
		       efimap_root_read(root, path, EFIMAP_READ_WHOLE, 100, &file) ==
			       odd_files[i].expected;
	}
	return good;
}

TREE_TEST(odd)
{
	struct tree *tree = *state;

	tree_link(tree, "sys/d/3/type", "/etc/passwd");
	tree_text(tree, "sys/d/good", "0x5\n");
	tree_link(tree, "sys/d/4/type", "../good");
	tree_fifo(tree, "sys/d/5/type");
	tree_dir(tree, "sys/d/6/type");
	tree_dir(tree, "sys/d/7");
	assert_int_equal(mknod(tree_at(tree, "sys/d/7/type"), S_IFSOCK | 0644, 0), 0);
	tree_link(tree, "sys/d/8", "6");
	tree_text(tree, "sys/d/10", "a file");
	assert_true(odd_files_are_refused(tree));
	/* Who may not clone a mount has each file looked at first. */
	assert_true(tree_as_nobody(odd_files_are_refused, tree));
}

/* A device that everybody may open, on every machine: the tree is "/" here. */
static bool null_is_refused(struct tree *tree)
{
	efimap_auto_root struct efimap_root *root = must_open("/");
	efimap_auto_file struct efimap_file file = { 0 };

	return efimap_root_value(root, "dev/null", data) == -ENXIO &&
	       efimap_root_read(root, "dev/null", EFIMAP_READ_WHOLE, 100, &file) == -ENXIO;
}

TREE_TEST(device)
{
	assert_true(null_is_refused(*state));
	assert_true(tree_as_nobody(null_is_refused, *state));
}

static bool node_is_refused(struct tree *tree)
{
	efimap_auto_root struct efimap_root *root = must_open(tree->path);

	return efimap_root_value(root, "sys/node", data) == -ENXIO;
}

/* The kernel tells who opens a file: nobody must have opened this one. */
TREE_TEST(device_is_not_opened)
{
	struct tree *tree = *state;
	char event[4096];
	int watch;

	tree_dir(tree, "sys");
	/* Only root can make one; the test above needs none. */
	if (mknod(tree_at(tree, "sys/node"), S_IFCHR | 0666, makedev(1, 3)))
		tree_fifo(tree, "sys/node");
	assert_int_equal(chmod(tree_at(tree, "sys/node"), 0666), 0);
	watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	assert_true(watch >= 0);
	assert_true(inotify_add_watch(watch, tree_at(tree, "sys/node"), IN_OPEN) >= 0);
	assert_true(node_is_refused(tree));
	assert_true(tree_as_nobody(node_is_refused, tree));
	if (geteuid() == 0)
		assert_int_equal(read(watch, event, sizeof(event)), -1);
	close(watch);
}

TREE_TEST(long_path)
{
	struct tree *tree = *state;
	char path[600], full[sizeof(tree->path) + sizeof(path)];
	efimap_auto_root struct efimap_root *root = NULL;

	for (int len = 0; len < 400;)
		len += snprintf(path + len, sizeof(path) - (size_t)len,
				"a-directory-with-a-long-name/");
	snprintf(full, sizeof(full), "%ssys/d/3/type", path);
	tree_text(tree, full, "0x5\n");
	snprintf(full, sizeof(full), "%s/%s", tree->path, path);
	root = must_open(full);
	assert_int_equal(efimap_root_value(root, "sys/d/3/type", data), 4);
}

static bool top_is_denied(struct tree *tree)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_root *root;

	return efimap_root_open_tree(tree_at(tree, "listed"), &root, &err) == -EACCES;
}

/* Its names can be listed, but nothing in it can be looked at. */
TREE_TEST(only_listed)
{
	struct tree *tree = *state;

	tree_dir(tree, "listed/sys");
	assert_int_equal(chmod(tree_at(tree, "listed"), 0744), 0);
	if (geteuid() != 0)
		assert_int_equal(chmod(tree_at(tree, "listed"), 0444), 0);
	assert_true(tree_as_nobody(top_is_denied, tree));
}
