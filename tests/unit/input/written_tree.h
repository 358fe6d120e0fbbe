/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_INPUT_WRITTEN_TREE_H
#define TESTS_UNIT_INPUT_WRITTEN_TREE_H

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../test.h"
#include "capture/capture.h"

struct tree {
	char path[PATH_MAX];
};

static inline int tree_setup(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	const char *tmp = getenv("TMPDIR");

	assert_non_null(tree);
	snprintf(tree->path, sizeof(tree->path), "%s/efimap-test-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(tree->path));
	*state = tree;
	return 0;
}

static inline int tree_remove(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

static inline int tree_teardown(void **state)
{
	struct tree *tree = *state;

	nftw(tree->path, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
	free(tree);
	return 0;
}

#define TREE_TEST(name) TEST_WITH(name, tree_setup, tree_teardown)

static inline const char *tree_at(struct tree *tree, const char *path)
{
	static char full[PATH_MAX];
	size_t top = strlen(tree->path);

	if (snprintf(full, sizeof(full), "%s/%s", tree->path, path) >= (int)sizeof(full))
		fail_msg("%s: the path is too long", path);
	for (char *slash = full + top; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (mkdir(full, 0755) && errno != EEXIST)
			fail_msg("%s: %s", full, strerror(errno));
		*slash = '/';
	}
	return full;
}

static inline void tree_dir(struct tree *tree, const char *path)
{
	const char *full = tree_at(tree, path);

	if (mkdir(full, 0755) && errno != EEXIST)
		fail_msg("%s: %s", full, strerror(errno));
}

static inline void tree_text(struct tree *tree, const char *path, const char *text)
{
	FILE *file = fopen(tree_at(tree, path), "wb");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

#endif
