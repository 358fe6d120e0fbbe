/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The running system through libsysfs: the only file that includes its header. It reads
 * values with sysfs_read_attribute() and leaves everything else (lists, device trees,
 * paths) alone, because those parts of the library truncate paths, sort wrongly and
 * crash.
 *
 * The library takes no directory, so it is given absolute paths. To move the working
 * directory instead would be a fifth faster, and wrong for every other thread. It takes
 * at most 255 bytes and silently cuts longer ones: those are refused here.
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

/*
 * @top:  what all paths begin with; "" for the root directory
 * @attr: one attribute, used for all: only path and method matter to the library
 */
struct sysfs_root {
	struct efimap_root base;
	char top[SYSFS_PATH_MAX];
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

static ssize_t sysfs_read_value(const struct efimap_dir *dir, const char *path, char *buf,
				size_t size)
{
	struct sysfs_root *self = to_sysfs(dir->root);
	const int len = snprintf(self->attr.path, sizeof(self->attr.path), "%s/%s/%s",
				 self->top, dir->path, path);

	if (len < 0 || (size_t)len >= sizeof(self->attr.path))
		return -ENAMETOOLONG;
	errno = 0;
	if (sysfs_read_attribute(&self->attr))
		return errno ? -errno : -EIO;
	return take_value(&self->attr, buf, size);
}

static void sysfs_free(struct efimap_root *root)
{
	close(root->fd);
	free(to_sysfs(root));
}

static const struct efimap_root_ops sysfs_ops = {
	.open_at = sysfs_open_at,
	.read_value = sysfs_read_value,
	.free = sysfs_free,
};

int efimap_root_open_sysfs(const char *top, struct efimap_root **ret_root)
{
	efimap_auto_fd int fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	efimap_auto_free struct sysfs_root *self = NULL;

	if (fd < 0)
		return -errno;
	self = calloc(1, sizeof(*self));
	if (!self)
		return -ENOMEM;
	if (strcmp(top, "/") != 0 && !memccpy(self->top, top, '\0', sizeof(self->top)))
		return -ENAMETOOLONG;
	self->base = (struct efimap_root){ .ops = &sysfs_ops, .fd = efimap_steal_fd(&fd) };
	self->attr.method = SYSFS_METHOD_SHOW;
	*ret_root = &efimap_steal(self)->base;
	return 0;
}
