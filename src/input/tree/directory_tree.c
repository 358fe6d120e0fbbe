/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the root of an untrusted tree, and open files below it.
 *
 * openat2(2) follows symbolic links as if the tree were the root of a file system. Absolute links,
 * such as those of the kdump service of SUSE, therefore never lead out of the tree.
 *
 * Devices are never opened, because opening a device can start a watchdog or rewind a tape. FIFOs
 * are opened without blocking.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>

#include "base/cleanup.h"
#include "base/escape_text.h"
#include "base/text_scan.h"
#include "input/tree/directory_tree.h"
#include "input/tree/tree_access.h"

/* Maximum number of attempts to resolve a path with ".." while directories are being renamed. */
#define MAX_TRIES 128

/* Maximum number of directory entries that are searched for a tree one level down. */
#define MAX_SUBDIRECTORIES 4096U

/*
 * O_NOFOLLOW applies only to the last component of a path, so open each directory in turn. Refuse
 * "..", with which a path in a configuration file could lead out of the tree.
 */
static int open_without_links(int dir, const char *path, int flags)
{
	auto_fd int parent = -1;
	char name[NAME_MAX + 1];
	struct stat st;

	for (;;) {
		const size_t len = strcspn(path, "/");
		const bool is_last = !path[len];
		int fd;

		if (len > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(name, path, len);
		name[len] = '\0';
		if (strcmp(name, "..") == 0)
			return -EXDEV;
		fd = openat(dir, name, (is_last ? flags : O_PATH | O_CLOEXEC) | O_NOFOLLOW);
		if (fd < 0)
			return -errno;
		if (is_last)
			return fd;
		close_fd(&parent);
		dir = parent = fd;
		if (fstat(fd, &st))
			return -errno;
		if (S_ISLNK(st.st_mode))
			return -ELOOP;
		path += len + 1;
	}
}

/*
 * Open @path below @dir. With RESOLVE_IN_ROOT in @resolve, @dir is the root directory for links and
 * "..". Without openat2() (ENOSYS before Linux 5.6, EPERM in some sandboxes), symbolic links are
 * not followed.
 */
static int open_below(int dir, const char *path, int flags, unsigned int resolve)
{
	const struct open_how how = {
		.flags = (unsigned int)flags,
		.resolve = RESOLVE_NO_MAGICLINKS | resolve,
	};
	long fd = -1;

	errno = EAGAIN;
	for (int try = 0; fd < 0 && errno == EAGAIN && try < MAX_TRIES; try++)
		fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
	if (fd >= 0)
		return (int)fd;
	if (errno == ENOSYS || errno == EPERM)
		return open_without_links(dir, path, flags);
	return errno == EAGAIN ? -EBUSY : -errno;
}

static int open_file(const struct root *root, const char *path, int flags, unsigned int resolve)
{
	auto_fd int checked = -1;
	struct stat st;
	int ret;

	/* O_PATH and O_DIRECTORY have no side effects, so the type of the file is not checked. */
	if (flags & (O_PATH | O_DIRECTORY))
		return open_below(root->fd, path, flags, resolve);
	flags |= O_NONBLOCK | O_NOCTTY;
	ret = -EACCES;
	if (root->is_nodev)
		ret = open_below(root->fd, path, flags, resolve);
	if (ret != -EACCES)
		return ret;
	checked = open_below(root->fd, path, O_PATH | O_CLOEXEC, resolve);
	if (checked < 0)
		return checked;
	ret = fstat(checked, &st) ? -errno : mode_check(st.st_mode);
	return ret ? ret : open_below(root->fd, path, flags, resolve);
}

/* Return whether a component of @path is a symbolic link whose target does not exist. */
static bool has_dangling_link(const struct root *root, const char *path)
{
	auto_free char *prefix = memory_strndup(path, strlen(path));
	size_t len = 0;

	while (path[len]) {
		len += strcspn(path + len, "/");
		prefix[len] = '\0';

		auto_fd int target =
			open_below(root->fd, prefix, O_PATH | O_CLOEXEC, RESOLVE_IN_ROOT);

		if (target < 0) {
			auto_fd int link = open_below(
				root->fd, prefix, O_PATH | O_NOFOLLOW | O_CLOEXEC, RESOLVE_IN_ROOT);

			return link >= 0;
		}
		if (path[len])
			prefix[len++] = '/';
	}
	return false;
}

static int tree_open_at(struct root *root, const char *path, int flags)
{
	int ret = open_file(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);

	if (ret != -ELOOP)
		return ret;
	ret = open_file(root, path, flags, RESOLVE_IN_ROOT);
	return ret == -ENOENT && has_dangling_link(root, path) ? -EXDEV : ret;
}

/*
 * Look for the directories sys and proc in @dir, in this order. Return 0 if the first of them that
 * exists can be accessed, -EACCES if not, or -ENOENT if neither exists.
 */
static int check_tree(int dir)
{
	static const char *const tops[] = { "sys", "proc" };

	for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++) {
		auto_fd int fd =
			open_below(dir, tops[i], O_PATH | O_DIRECTORY | O_CLOEXEC, RESOLVE_IN_ROOT);

		if (fd >= 0 || fd == -EACCES)
			return fd < 0 ? fd : 0;
	}
	return -ENOENT;
}

/*
 * The search for a tree one level down.
 *
 * @fd:   directory with the tree, or -1 if none was found
 * @seen: number of entries that were searched
 * @has_snapshots: there are files with names of snapshots
 */
struct inner {
	struct root *root;
	int fd;
	unsigned int seen;
	bool has_snapshots;
};

static int look_into(void *context, const char *name, mode_t type)
{
	struct inner *inner = context;
	struct root *root = inner->root;

	if (++inner->seen > MAX_SUBDIRECTORIES)
		return 1;
	inner->has_snapshots |= text_ends((struct text){ name, strlen(name) }, ".json");
	if (name[0] == '.' || !S_ISDIR(type))
		return 0;

	auto_fd int fd =
		open_below(root->fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC, RESOLVE_IN_ROOT);

	if (fd < 0 || check_tree(fd))
		return 0;
	if (inner->fd >= 0)
		return -EMLINK;
	inner->fd = steal_fd(&fd);
	snprintf(root->inner, sizeof(root->inner), "%s", name);
	return 0;
}

static int find_top(struct root *root, const char *path, struct err *err)
{
	struct inner inner = { .root = root, .fd = -1 };
	int ret = check_tree(root->fd);

	if (ret != -ENOENT)
		return ret;
	ret = root_list(root, ".", "", look_into, &inner);
	if (!ret && inner.fd >= 0) {
		close_fd(&root->fd);
		root->fd = inner.fd;
		return 0;
	}
	close_fd(&inner.fd);
	if (inner.has_snapshots) {
		auto_out struct out word = EFIMAP_OUT_MEM;

		out_shell_word(&word, path);
		return err_set(err, ENOENT, path,
			       "a directory of snapshots; use: efimapctl verify %s/*.json",
			       out_text(&word));
	}
	if (!ret || ret == -ENOENT)
		return err_set(err, ENOENT, path,
			       "contains neither sys/ nor proc/, not even one level down; "
			       "SOURCE must contain sys/ or proc/");
	if (ret == -EMLINK)
		return err_set(err, ENOENT, path,
			       "several subdirectories contain sys/ or proc/; "
			       "use one of them as SOURCE");
	return ret;
}

/*
 * Replace the root with a private clone of its mounts in which devices cannot be opened. Cloning
 * requires CAP_SYS_ADMIN and Linux 5.12 or later. Without the clone, the type of each file is
 * checked before the file is opened. This check takes nearly as long as reading the file.
 */
static void refuse_devices(struct root *root)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NODEV };
	auto_fd int fd = open_tree(
		root->fd, "", AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (fd < 0 || mount_setattr(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr)))
		return;
	close_fd(&root->fd);
	root->fd = steal_fd(&fd);
	root->is_nodev = true;
}

int root_open_tree(const char *path, struct root **ret_root, struct err *err)
{
	auto_root struct root *root = NULL;
	int ret = root_open(path, tree_open_at, &root);

	if (!ret)
		ret = find_top(root, path, err);
	if (ret)
		return err_set(err, -ret, path, "%s", strerror(-ret));
	refuse_devices(root);
	*ret_root = steal(root);
	return 0;
}
