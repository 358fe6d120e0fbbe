/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The running system through libsysfs: the only file that includes its header. It reads
 * values with sysfs_read_attribute() and leaves everything else (lists, device trees,
 * paths) alone, because those parts of the library truncate paths, sort wrongly and
 * crash.
 *
 * The library takes a path of at most 255 bytes and silently cuts longer ones, so the
 * values of a directory are read from inside it, as "./3/type". That is also the cheap
 * way: an absolute path costs a fifth more on sysfs, /proc/self/fd/N a half. The working
 * directory is moved when the first value is read and restored by free.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sysfs/libsysfs.h>

#include "base/cleanup.h"
#include "read/tree/root.h"

#define NOWHERE (-1)

/*
 * @home:    the working directory we came from
 * @entered: the directory that is the working directory now, or NOWHERE
 * @attr:    one attribute, used for all: only path and method matter to the library
 */
struct sysfs_root {
	struct efimap_root base;
	int home;
	int entered;
	struct sysfs_attribute attr;
};

static struct sysfs_root *to_sysfs(struct efimap_root *root)
{
	return (struct sysfs_root *)(void *)root;
}

static int sysfs_open_at(struct efimap_root *root, int dir, const char *path, int flags)
{
	int fd = openat(dir, path, flags);

	return fd < 0 ? -errno : fd;
}

static int enter(struct sysfs_root *self, int dir)
{
	if (self->entered == dir)
		return 0;
	if (fchdir(dir))
		return -errno;
	self->entered = dir;
	return 0;
}

/*
 * The library reads one page and calls a longer file a success; its length is an
 * unsigned short, so a full page of 64 KiB arrives as 0. It compares a new value with
 * the old one up to the first NUL and keeps the old one when they seem equal, and leaks
 * the old one when that was empty: hence no value is left in @attr between two reads.
 */
static ssize_t take_value(struct sysfs_attribute *attr, char *buf, size_t size)
{
	efimap_auto_free char *value = attr->value;
	size_t len = attr->len;

	attr->value = NULL;
	attr->len = 0;
	if (!value)
		return -EIO;
	if (len == 0 && value[0] != '\0')
		return -E2BIG;
	if (len > size)
		return -E2BIG;
	memcpy(buf, value, len);
	return (ssize_t)len;
}

static ssize_t sysfs_read_value(struct efimap_root *root, int dir, const char *path,
				char *buf, size_t size)
{
	struct sysfs_root *self = to_sysfs(root);
	int ret = enter(self, dir);

	if (ret)
		return ret;
	memcpy(self->attr.path, "./", 2);
	if (!memccpy(self->attr.path + 2, path, '\0', sizeof(self->attr.path) - 2))
		return -ENAMETOOLONG;
	errno = 0;
	if (sysfs_read_attribute(&self->attr))
		return errno ? -errno : -EIO;
	return take_value(&self->attr, buf, size);
}

static void sysfs_leave_dir(struct efimap_root *root, int dir)
{
	struct sysfs_root *self = to_sysfs(root);

	/* The number may be given to another directory. */
	if (self->entered == dir)
		self->entered = NOWHERE;
}

static int sysfs_free(struct efimap_root *root)
{
	struct sysfs_root *self = to_sysfs(root);
	int ret = fchdir(self->home) ? -errno : 0;

	close(self->home);
	close(root->fd);
	free(self);
	return ret;
}

static const struct efimap_root_ops sysfs_ops = {
	.open_at = sysfs_open_at,
	.read_value = sysfs_read_value,
	.leave_dir = sysfs_leave_dir,
	.free = sysfs_free,
};

int efimap_root_open_sysfs(const char *top, struct efimap_root **ret_root)
{
	efimap_auto_fd int fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	efimap_auto_fd int home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct sysfs_root *self;

	if (fd < 0 || home < 0)
		return -errno;
	self = calloc(1, sizeof(*self));
	if (!self)
		return -ENOMEM;
	self->base = (struct efimap_root){ .ops = &sysfs_ops, .fd = efimap_steal_fd(&fd) };
	self->home = efimap_steal_fd(&home);
	self->entered = NOWHERE;
	self->attr.method = SYSFS_METHOD_SHOW;
	*ret_root = &self->base;
	return 0;
}
