/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "input/tree/read_stamps.h"
#include "written_tree.h"

static void cut(struct tree *tree, const char *path)
{
	assert_int_equal(truncate(tree_at(tree, path), 1), 0);
}

static void append(struct tree *tree, const char *path)
{
	FILE *file = fopen(tree_at(tree, path), "ab");

	assert_non_null(file);
	assert_true(fputs("more", file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* Replace a file by a copy with the same size and time. */
static void replace(struct tree *tree, const char *path)
{
	struct timespec times[2];
	struct stat st;
	char new[PATH_MAX];

	assert_int_equal(stat(tree_at(tree, path), &st), 0);
	tree_text(tree, "new", "text");
	times[0] = times[1] = st.st_mtim;
	snprintf(new, sizeof(new), "%s", tree_at(tree, "new"));
	assert_int_equal(utimensat(AT_FDCWD, new, times, 0), 0);
	assert_int_equal(rename(new, tree_at(tree, path)), 0);
}

static void delete(struct tree *tree, const char *path)
{
	assert_int_equal(unlink(tree_at(tree, path)), 0);
}

static void create(struct tree *tree, const char *path)
{
	tree_text(tree, path, "text");
}

static void add_name(struct tree *tree, const char *path)
{
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s/name", path);
	create(tree, name);
}

static void leave(struct tree *tree, const char *path)
{
}

static int dir = -1;

static int open_in_dir(struct efimap_root *root, const char *path, int flags)
{
	return openat(dir, path, flags);
}

TREE_TEST(changes_are_found)
{
	static const struct {
		const char *path;
		void (*change)(struct tree *tree, const char *path);
		bool is_changed;
	} rows[] = {
		{ "file", leave, false },     { "missing", leave, false },
		{ "directory", leave, false }, { "file", cut, true },
		{ "file", append, true },     { "file", replace, true },
		{ "file", delete, true },     { "missing", create, true },
		{ "directory", add_name, true }, { "dmesg.txt", append, false },
		{ "dmesg.txt", cut, true },   { "dmesg.txt", replace, true },
	};
	struct tree *tree = *state;

	dir = open(tree->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct timespec past[2] = { { 1, 0 }, { 1, 0 } };
		struct efimap_read_stamps stamps = { 0 };
		struct stat st;
		const char *changed;
		bool exists;

		create(tree, "file");
		create(tree, "dmesg.txt");
		tree_dir(tree, "directory");
		/* With this old time stamp, any later change is visible. */
		utimensat(dir, rows[i].path, past, 0);
		exists = stat(tree_at(tree, rows[i].path), &st) == 0;
		assert_int_equal(efimap_read_stamps_add(&stamps, rows[i].path,
							exists ? &st : NULL), 0);
		rows[i].change(tree, rows[i].path);
		changed = efimap_read_stamps_changed(&stamps, dir, NULL, open_in_dir);
		if (rows[i].is_changed)
			assert_string_equal(changed, rows[i].path);
		else
			assert_null(changed);
		efimap_read_stamps_free(&stamps);
	}
	close(dir);
}

TREE_TEST(one_value_of_a_directory_is_stamped)
{
	static const struct {
		const char *last;
		const char *path;
		bool has_sibling;
	} rows[] = {
		{ NULL, "efi/type", false },
		{ "efi/map/1/type", "efi/map/1/pages", true },
		{ "efi/map/1/type", "efi/map/2/type", false },
		{ "efi/map/1/type", "efi/map/type", false },
		{ "efi/map/type", "efi/map/1/type", false },
		{ "missing/type", "missing/pages", false },
	};
	const struct stat present = { .st_mode = S_IFREG };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_read_stamps stamps = { 0 };
		const bool exists = rows[i].last && strncmp(rows[i].last, "missing", 7) != 0;

		if (rows[i].last)
			assert_int_equal(efimap_read_stamps_add(&stamps, rows[i].last,
								exists ? &present : NULL), 0);
		assert_int_equal(efimap_read_stamps_has_sibling(&stamps, rows[i].path),
				 rows[i].has_sibling);
		efimap_read_stamps_free(&stamps);
	}
}
