/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "input/input_file.h"
#include "input/read_source.h"
#include "written_tree.h"

#define SIZE 10000

static void make_file(struct tree *tree)
{
	char content[SIZE + 1];

	for (size_t i = 0; i < SIZE; i++)
		content[i] = (char)('a' + i % 23);
	content[SIZE] = '\0';
	tree_text(tree, "file", content);
}

TREE_TEST(limit_rows)
{
	static const struct {
		size_t limit;
		int ret;
	} rows[] = { { SIZE - 1, -E2BIG }, { SIZE, 0 }, { SIZE + 1, 0 }, { 0, -E2BIG } };

	make_file(*state);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free uint8_t *data = NULL;
		size_t size;

		assert_int_equal(
			read_file(tree_at(*state, "file"), rows[i].limit, &data, &size, NULL),
			rows[i].ret);
		if (rows[i].ret)
			continue;
		assert_int_equal(size, SIZE);
		assert_int_equal(data[SIZE - 1], 'a' + (SIZE - 1) % 23);
		assert_int_equal(data[SIZE], 0);
	}
}

static const char first[] = "the first of it\n", more[] = "the first of it\nand more\n",
		  other[] = "another thing, which is long\n";

/*
 * Open a file, and replace its content with @now, or remove the file if @now is NULL. Read the rest
 * unless @may_grow, and check the file for changes. Return 0 or a negative error.
 */
static int read_file_that_becomes(struct tree *tree, const char *now, bool may_grow)
{
	auto_input struct input input = EFIMAP_INPUT_INIT;
	/* With this old time stamp, a change is visible even if the clock is coarse. */
	const struct timespec times[2] = { { 1, 0 }, { 1, 0 } };
	struct err err = EFIMAP_ERR_INIT;
	int ret;

	tree_text(tree, "file", first);
	assert_int_equal(utimensat(AT_FDCWD, tree_at(tree, "file"), times, 0), 0);
	assert_int_equal(input_open(tree_at(tree, "file"), &input, NULL), 0);
	if (now)
		tree_text(tree, "file", now);
	else
		unlink(tree_at(tree, "file"));
	ret = may_grow ? 0 : input_fill(&input, 1000, &err);
	if (!ret)
		ret = input_check(&input, may_grow, &err);
	if (ret)
		assert_non_null(strstr(err.text, "changed while it was being read"));
	return ret;
}

TREE_TEST(changes)
{
	/* The opened file is read even if its name is removed. */
	assert_int_equal(read_file_that_becomes(*state, NULL, false), 0);
	assert_int_equal(read_file_that_becomes(*state, first, false), -EBUSY);
	assert_int_equal(read_file_that_becomes(*state, more, false), -EBUSY);
	assert_int_equal(read_file_that_becomes(*state, "", false), -EBUSY);
	assert_int_equal(read_file_that_becomes(*state, more, true), 0);
	assert_int_equal(read_file_that_becomes(*state, other, true), -EBUSY);
	assert_int_equal(read_file_that_becomes(*state, "the", true), -EBUSY);
}
