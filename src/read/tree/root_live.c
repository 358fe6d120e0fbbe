/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The running system with plain system calls: what is used where libsysfs is not built
 * in, and the yardstick that the libsysfs backend is tested against. The kernel's own
 * files are trusted: nothing here guards against links or devices.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "read/tree/root.h"

static int live_open_at(struct efimap_root *root, int dir, const char *path, int flags)
{
	int fd = openat(dir, path, flags);

	return fd < 0 ? -errno : fd;
}

static ssize_t live_read_value(const struct efimap_dir *dir, const char *path, char *buf,
			       size_t size)
{
	efimap_auto_fd int fd = openat(dir->handle, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;

	ssize_t len = TEMP_FAILURE_RETRY(read(fd, buf, size));

	return len < 0 ? -errno : len;
}

static void live_free(struct efimap_root *root)
{
	close(root->fd);
	free(root);
}

static const struct efimap_root_ops live_ops = {
	.open_at = live_open_at,
	.read_value = live_read_value,
	.free = live_free,
};

int efimap_root_open_live(const char *top, struct efimap_root **ret_root)
{
	efimap_auto_fd int fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct efimap_root *root;

	if (fd < 0)
		return -errno;
	root = calloc(1, sizeof(*root));
	if (!root)
		return -ENOMEM;
	root->ops = &live_ops;
	root->fd = efimap_steal_fd(&fd);
	*ret_root = root;
	return 0;
}
