/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_INPUT_WRITTEN_TREE_H
#define TESTS_UNIT_INPUT_WRITTEN_TREE_H

#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../test.h"
#include "capture/capture.h"

#define MAP_PATH "sys/firmware/efi/runtime-map"
#define NOBODY 65534

struct tree {
	char path[PATH_MAX];
};

static inline int tree_setup(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	const char *tmp = getenv("TMPDIR");

	assert_non_null(tree);
	/* The user's umask may deny access to other users. */
	umask(022);
	snprintf(tree->path, sizeof(tree->path), "%s/efimap-test-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(tree->path));
	/* Some tests read the tree as a different user. */
	assert_int_equal(chmod(tree->path, 0755), 0);
	*state = tree;
	return 0;
}

static inline int tree_remove(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

static inline int tree_open_up(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	if (S_ISDIR(st->st_mode))
		chmod(path, 0755);
	return 0;
}

static inline int tree_teardown(void **state)
{
	struct tree *tree = *state;

	nftw(tree->path, tree_open_up, 16, FTW_PHYS);
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

static inline void tree_link(struct tree *tree, const char *path, const char *target)
{
	assert_int_equal(symlink(target, tree_at(tree, path)), 0);
}

static inline void tree_fifo(struct tree *tree, const char *path)
{
	assert_int_equal(mkfifo(tree_at(tree, path), 0644), 0);
}

/* Return the result of @test, which runs as nobody in a child process if this process is root. */
static inline bool tree_as_nobody(bool (*test)(struct tree *tree), struct tree *tree)
{
	int status;
	pid_t child;

	if (geteuid() != 0)
		return test(tree);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
		    setresuid(NOBODY, NOBODY, NOBODY))
			_exit(2);
		_exit(test(tree) ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#endif
