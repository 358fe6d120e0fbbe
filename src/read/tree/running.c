/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The running system. The kernel's own files are trusted: nothing here guards against links
 * or devices. Attributes are read through libsysfs where that is built in, and this is the
 * only file that includes its header: it leaves everything but sysfs_read_attribute() alone
 * (lists, device trees, paths), because those parts of the library truncate paths, sort
 * wrongly and crash.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef EFIMAP_HAVE_SYSFS
#include <sysfs/libsysfs.h>
#endif

#include "base/cleanup.h"
#include "read/tree/root.h"

/*
 * @top:  what all paths follow, "" for "/"
 */
struct running_root {
	struct efimap_root base;
	char top[];
};

static int running_open_at(struct efimap_root *root, const char *path, int flags)
{
	const int fd = openat(root->fd, path, flags);

	return fd < 0 ? -errno : fd;
}

static void running_free(struct efimap_root *root)
{
	close(root->fd);
	free(root);
}

static int open_running_root(const char *top, const struct efimap_root_ops *ops,
			     struct efimap_root **ret_root)
{
	efimap_auto_fd int fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const size_t len = strcmp(top, "/") == 0 ? 0 : strlen(top);
	struct running_root *self;

	if (fd < 0)
		return -errno;
	self = calloc(1, sizeof(*self) + len + 1);
	if (!self)
		return -ENOMEM;
	self->base.ops = ops;
	self->base.fd = efimap_steal_fd(&fd);
	memcpy(self->top, top, len);
	*ret_root = &self->base;
	return 0;
}

int efimap_root_open_plain(const char *top, struct efimap_root **ret_root)
{
	static const struct efimap_root_ops ops = {
		.open_at = running_open_at,
		.free = running_free,
	};

	return open_running_root(top, &ops, ret_root);
}

#ifdef EFIMAP_HAVE_SYSFS
/*
 * The library reads one page and calls a longer file a success; its length is an
 * unsigned short, so a full page of 64 KiB arrives as 0.
 */
static ssize_t take_attribute(const struct sysfs_attribute *attr, char *buf, size_t size)
{
	if (!attr->value)
		return -EIO;
	if (attr->len > size || (attr->len == 0 && attr->value[0] != '\0'))
		return -E2BIG;
	memcpy(buf, attr->value, attr->len);
	return attr->len;
}

/*
 * The library silently cuts a path that is too long for it. A value that is left in @attr
 * it compares with the next one, and may keep or leak it: so there is never one.
 */
static ssize_t sysfs_read_value(struct efimap_root *root, const char *path, char *buf,
				size_t size)
{
	const struct running_root *self = (const struct running_root *)(const void *)root;
	struct sysfs_attribute attr = { .method = SYSFS_METHOD_SHOW };
	const int len = snprintf(attr.path, sizeof(attr.path), "%s/%s", self->top, path);
	ssize_t ret;

	if (len >= (int)sizeof(attr.path))
		return -ENAMETOOLONG;
	errno = 0;
	if (sysfs_read_attribute(&attr))
		return errno ? -errno : -EIO;
	ret = take_attribute(&attr, buf, size);
	free(attr.value);
	return ret;
}

int efimap_root_open_sysfs(const char *top, struct efimap_root **ret_root)
{
	static const struct efimap_root_ops ops = {
		.open_at = running_open_at,
		.read_value = sysfs_read_value,
		.free = running_free,
	};

	return open_running_root(top, &ops, ret_root);
}
#endif
