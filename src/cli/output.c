/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where results go: standard output, or the file of -O, which appears whole or not at
 * all (replace.c).
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
#include "replace.h"

/* as in the kernel's path walk (include/linux/namei.h: MAXSYMLINKS) */
#define MAX_LINKS 40

bool output_is_stdout(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

enum status output_end(struct efimap_out *out)
{
	int ret = efimap_out_flush(out);

	return ret < 0 ? say_errno("standard output", ret) : STATUS_OK;
}

/* dirname() and basename() may write into what they are given. */
static int replace(const char *path, mode_t mode, const struct efimap_out *out)
{
	efimap_auto_free char *directory = strdup(path);
	efimap_auto_free char *file = strdup(path);
	efimap_auto_fd int dir = -1;

	if (!directory || !file)
		return -ENOMEM;
	if (path[strlen(path) - 1] == '/')
		return -ENOENT;
	dir = open(dirname(directory), O_PATH | O_DIRECTORY | O_CLOEXEC);
	return dir < 0 ? -errno : replace_at(dir, basename(file), mode, out);
}

static int write_through(const char *path, const struct efimap_out *out)
{
	efimap_auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? -errno : write_all(fd, out->data, out->used);
}

/* What the symbolic link @path names, relative to where we are; NULL: it is none. */
static char *read_link(const char *path)
{
	efimap_auto_free char *directory = strdup(path);
	char name[PATH_MAX], *target = NULL;
	ssize_t len = readlink(path, name, sizeof(name) - 1);

	if (len < 0 || !directory)
		return NULL;
	name[len] = '\0';
	if (name[0] == '/')
		return strdup(name);
	return asprintf(&target, "%s/%s", dirname(directory), name) < 0 ? NULL : target;
}

/* Nothing is there yet: of a chain of links the last names the file to be. */
static int save_new(const char *path, mode_t mode, const struct efimap_out *out)
{
	efimap_auto_free char *last = strdup(path);

	for (unsigned int i = 0; i < MAX_LINKS && last; i++) {
		char *next = read_link(last);

		if (!next)
			return replace(last, mode, out);
		free(last);
		last = next;
	}
	return last ? -ELOOP : -ENOMEM;
}

/* A symbolic link stays, and what it names is replaced: /dev/stdout is one. */
static int save(const char *path, mode_t mode, const struct efimap_out *out)
{
	efimap_auto_free char *target = NULL;
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? save_new(path, mode, out) : -errno;
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

	return ret < 0 ? say_errno(path, ret) : STATUS_OK;
}

enum status output_save(const char *path, const struct efimap_out *out)
{
	return save_as(path, 0644, out);
}

enum status output_save_private(const char *path, const struct efimap_out *out)
{
	return save_as(path, 0600, out);
}

enum status output_save_public(const char *path, const struct efimap_out *out)
{
	const mode_t mask = umask(0);
	enum status status = save_as(path, 0644, out);

	umask(mask);
	return status;
}
