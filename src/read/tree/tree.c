/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An untrusted tree. Nothing beneath its root is followed, nothing but regular files and
 * directories is opened. Knows no file by name except sys/ and proc/, by which a tree is
 * told from other directories.
 *
 * Links must not be followed, and devices not even opened, for opening one can act (a
 * watchdog starts, a tape rewinds). Where we are allowed to, the tree is read through a
 * private clone of its mount on which the kernel does neither, at the price of a few
 * calls per tree and none per file. Elsewhere openat2(2) refuses links, and the type of
 * each file is looked at first, one more call per file. A FIFO is opened without
 * blocking, reads as empty, and is recognised then. No path of ours has "..".
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>

#include "base/cleanup.h"
#include "read/parse.h"
#include "read/tree/root.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- opening beneath a directory without following anything --- */

int efimap_beneath_open(int dir, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)flags,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	/*
	 * openat2 refuses the flags that O_PATH ignores (fs/open.c: build_open_flags);
	 * O_NOFOLLOW with it would open the link itself.
	 */
	if (flags & O_PATH)
		how.flags &= O_PATH | O_DIRECTORY | O_CLOEXEC;

	long fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/*
 * One component. A link opened with O_NOFOLLOW gives -ELOOP, with O_DIRECTORY -ENOTDIR,
 * with O_PATH the link itself: all become what openat2 says.
 */
static int open_component(int dir, const char *name, int flags)
{
	struct stat st;
	int fd = openat(dir, name, flags | O_NOFOLLOW);
	int ret = fd < 0 ? -errno : 0;

	if (ret == -ENOTDIR && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode))
		return -ELOOP;
	if (ret)
		return ret;
	if ((flags & O_PATH) && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode)) {
		close(fd);
		return -ELOOP;
	}
	return fd;
}

int efimap_beneath_walk(int dir, const char *path, int flags)
{
	efimap_auto_fd int owned = -1;

	for (;;) {
		char name[NAME_MAX + 1];
		size_t len = strcspn(path, "/");
		bool last = path[len] == '\0';

		if (len == 0 || len > NAME_MAX)
			return len == 0 ? -ENOENT : -ENAMETOOLONG;
		memcpy(name, path, len);
		name[len] = '\0';
		if (strcmp(name, "..") == 0)
			return -EXDEV;

		int fd = open_component(dir, name,
					last ? flags : O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0 || last)
			return fd;
		if (owned >= 0)
			close(owned);
		owned = fd;
		dir = fd;
		path += len + 1;
	}
}

/* --- the tree --- */

static const char *const tops[] = { "sys", "proc" };

/* Entries of the directory given that we look at to find a tree one level down. */
#define MAX_SUBDIRECTORIES 4096U

/*
 * @stamps:  of what was opened: others write to trees
 * @outer:  what was given, when the tree is one level down; it keeps the clone mounted
 * @listed: the directory that was listed last, @listed_path below the root, or -1
 * @cloned: no link is followed and no device opened through @base.fd
 * @walk:   not cloned, and no openat2(2) here
 */
struct tree_root {
	struct efimap_root base;
	struct efimap_stamps stamps;
	int outer;
	int listed;
	char listed_path[EFIMAP_WHERE_SIZE];
	bool cloned;
	bool walk;
};

static struct tree_root *to_tree(struct efimap_root *root)
{
	return (struct tree_root *)(void *)root;
}

/*
 * Where the walk to *@path begins: the values of a map lie below the directory that was listed
 * for them, and from there the way to each is shorter.
 */
static int start_of(const struct tree_root *self, const char **path)
{
	const size_t len = strlen(self->listed_path);

	if (self->listed < 0 || strncmp(*path, self->listed_path, len) != 0 || (*path)[len] != '/')
		return self->base.fd;
	*path += len + 1;
	return self->listed;
}

static int open_unfollowed(const struct tree_root *self, int dir, const char *path, int flags)
{
	if (self->cloned) {
		int fd = openat(dir, path, flags);

		return fd < 0 ? -errno : fd;
	}
	return self->walk ? efimap_beneath_walk(dir, path, flags) :
			    efimap_beneath_open(dir, path, flags);
}

/* 0 for a regular file; follows no link in the last component, and opens nothing. */
static int check_untouched(int dir, const char *path)
{
	struct stat st;

	if (fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	return efimap_mode_check(st.st_mode);
}

static void keep_listed(struct tree_root *self, const char *path, int fd)
{
	const int len = snprintf(self->listed_path, sizeof(self->listed_path), "%s", path);

	efimap_close_fd(&self->listed);
	if (len < (int)sizeof(self->listed_path))
		self->listed = fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static int tree_open_at(struct efimap_root *root, const char *path, int flags)
{
	struct tree_root *self = to_tree(root);
	bool harmless = flags & (O_PATH | O_DIRECTORY);
	const char *rest = path;
	const int dir = start_of(self, &rest);

	/* All else is told by opening, which does not follow links above the file either. */
	if (!harmless && !self->cloned && check_untouched(dir, rest) == -ENXIO)
		return -ENXIO;

	int fd = open_unfollowed(self, dir, rest, flags | O_NONBLOCK | O_NOCTTY);

	/* EACCES is also what a mount without devices says of one. */
	if (fd == -EACCES && !harmless && check_untouched(dir, rest) == -ENXIO)
		return -ENXIO;
	if (fd >= 0 && flags & O_DIRECTORY)
		keep_listed(self, path, fd);
	return fd;
}

static void tree_root_free(struct efimap_root *root)
{
	struct tree_root *self = to_tree(root);

	efimap_close_fd(&self->listed);
	efimap_close_fd(&self->outer);
	efimap_stamps_free(&self->stamps);
}

static const struct efimap_root_ops tree_ops = {
	.open_at = tree_open_at,
	.free = tree_root_free,
};

/* A clone of the mounts at @path that only we have, or -1 (not root; before Linux 5.14). */
static int clone_mounts(const char *path)
{
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSYMFOLLOW | MOUNT_ATTR_NOSUID |
			    MOUNT_ATTR_NOATIME,
		.attr_clr = MOUNT_ATTR__ATIME,
	};
	efimap_auto_fd int fd = open_tree(AT_FDCWD, path,
					  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

	if (fd < 0 ||
	    mount_setattr(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr)))
		return -1;
	return efimap_steal_fd(&fd);
}

static int open_top(struct tree_root *self, const char *path)
{
	self->base.fd = clone_mounts(path);
	self->cloned = self->base.fd >= 0;
	if (!self->cloned)
		self->base.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (self->base.fd < 0)
		return -errno;
	if (self->cloned)
		return 0;

	/* Sandboxes of old refuse calls that they do not know with EPERM. */
	efimap_auto_fd int probe =
		efimap_beneath_open(self->base.fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	self->walk = probe == -ENOSYS || probe == -EPERM;
	return 0;
}

/* 0 for a tree, -ENOENT for none, -EACCES when that cannot be seen. */
static int check_tree(int dir)
{
	struct stat st;

	for (size_t i = 0; i < COUNT(tops); i++) {
		if (fstatat(dir, tops[i], &st, AT_SYMLINK_NOFOLLOW) == 0) {
			if (S_ISDIR(st.st_mode))
				return 0;
		} else if (errno == EACCES) {
			return -EACCES;
		}
	}
	return -ENOENT;
}

/*
 * struct inner - a search for the tree one level down
 * @found: the directory that holds it, -1 for none so far
 * @seen:  names that were looked at
 */
struct inner {
	struct tree_root *self;
	int found;
	unsigned int seen;
};

static int look_into(void *context, const char *name, mode_t type)
{
	struct inner *inner = context;
	struct tree_root *self = inner->self;

	if (++inner->seen > MAX_SUBDIRECTORIES)
		return 1;
	if (name[0] == '.' || !S_ISDIR(type))
		return 0;

	efimap_auto_fd int fd = open_unfollowed(self, self->base.fd, name,
						O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || check_tree(fd))
		return 0;
	if (inner->found >= 0)
		return -EMLINK;
	inner->found = efimap_steal_fd(&fd);
	snprintf(self->base.inner, sizeof(self->base.inner), "%s", name);
	return 0;
}

/* The one subdirectory that holds a tree: -ENOENT for none, -EMLINK for several. */
static int find_inner(struct tree_root *self)
{
	struct inner inner = { .self = self, .found = -1 };
	int ret = efimap_root_list(&self->base, ".", look_into, &inner);

	if (!ret && inner.found < 0)
		ret = -ENOENT;
	if (ret) {
		efimap_close_fd(&inner.found);
		return ret;
	}
	self->outer = self->base.fd;
	self->base.fd = inner.found;
	return 0;
}

/* From here on, what is opened is remembered; first of all that there is a tree. */
static int stamp_tree(struct tree_root *self)
{
	bool is_tree = false;
	int ret = 0;

	for (size_t i = 0; i < COUNT(tops) && !ret; i++) {
		struct stat st;
		const bool is_there =
			fstatat(self->base.fd, tops[i], &st, AT_SYMLINK_NOFOLLOW) == 0;

		is_tree |= is_there;
		ret = efimap_stamps_add(&self->stamps, tops[i], is_there ? &st : NULL);
	}
	self->base.stamps = &self->stamps;
	return ret || is_tree ? ret : -ENOENT;
}

static int find_tree_below(struct tree_root *self, const char *path, struct efimap_err *err)
{
	int ret = check_tree(self->base.fd);

	if (ret == -ENOENT)
		ret = find_inner(self);
	ret = ret ?: stamp_tree(self);
	if (ret == -ENOENT)
		return efimap_err_set(err, ENOENT, path,
				      "holds neither sys/ nor proc/, also one level down; "
				      "SOURCE is the directory that they lie in");
	if (ret == -EMLINK)
		return efimap_err_set(err, ENOENT, path,
				      "holds neither sys/ nor proc/, but several "
				      "subdirectories do: name one of them");
	return ret;
}

int efimap_root_open_tree(const char *path, struct efimap_root **ret_root,
			  struct efimap_err *err)
{
	efimap_auto_free struct tree_root *self = calloc(1, sizeof(*self));

	if (!self)
		return efimap_err_set(err, ENOMEM, path, "out of memory");
	self->base.ops = &tree_ops;
	self->outer = self->listed = -1;

	const int ret = open_top(self, path) ?: find_tree_below(self, path, err);

	if (ret)
		efimap_root_free(&efimap_steal(self)->base);
	else
		*ret_root = &efimap_steal(self)->base;
	return ret ? efimap_err_set(err, -ret, path, "%s", strerror(-ret)) : 0;
}
