/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where results go: standard output, or the file of -O. A file appears whole under its
 * final name or not at all: it is written beside it under another name, reaches the
 * disk, and is then renamed.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <efimap/cleanup.h>

#include "cli.h"

static enum status fail(const char *path, int error)
{
	say("%s: %s", path, strerror(error));
	return STATUS_UNREADABLE;
}

bool output_is_stdout(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

enum status output_end(struct efimap_out *out)
{
	int ret = efimap_out_flush(out);

	return ret < 0 ? fail("standard output", -ret) : STATUS_OK;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, data, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		data += written;
		size -= (size_t)written;
	}
	return 0;
}

static int fill(int fd, mode_t mode, const struct efimap_out *out)
{
	mode_t mask = umask(0);
	int ret;

	umask(mask);
	ret = write_all(fd, out->data, out->used);
	if (ret < 0)
		return ret;
	return fchmod(fd, mode & ~mask) < 0 || fsync(fd) < 0 ? -errno : 0;
}

/* After a crash the new name must lead to the new bytes; not every file system can. */
static void sync_directory(char *path)
{
	efimap_auto_fd int fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		fsync(fd);
}

static int replace(char *path, mode_t mode, const struct efimap_out *out)
{
	efimap_auto_free char *temporary = NULL;
	efimap_auto_fd int fd = -1;
	int ret;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = fill(fd, mode, out);
	if (ret == 0 && rename(temporary, path) < 0)
		ret = -errno;
	if (ret < 0)
		unlink(temporary);
	else
		sync_directory(path);
	return ret;
}

static int write_through(const char *path, const struct efimap_out *out)
{
	efimap_auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? -errno : write_all(fd, out->data, out->used);
}

/* A symbolic link stays, and what it names is replaced: /dev/stdout is one. */
static int save(const char *path, mode_t mode, const struct efimap_out *out)
{
	efimap_auto_free char *target = NULL;
	struct stat st;

	if (stat(path, &st) < 0) {
		target = errno == ENOENT ? strdup(path) : NULL;
		return target ? replace(target, mode, out) : -errno;
	}
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return write_through(path, out);
	target = realpath(path, NULL);
	return target ? replace(target, mode, out) : -errno;
}

static enum status save_as(const char *path, mode_t mode, const struct efimap_out *out)
{
	int ret = out->error ? out->error : save(path, mode, out);

	return ret < 0 ? fail(path, -ret) : STATUS_OK;
}

enum status output_save(const char *path, const struct efimap_out *out)
{
	return save_as(path, 0644, out);
}

enum status output_save_private(const char *path, const struct efimap_out *out)
{
	return save_as(path, 0600, out);
}
