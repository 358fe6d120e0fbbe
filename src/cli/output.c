/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where results go: standard output, or the file of -O, which appears whole or not at
 * all (replace.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/place.h"
#include "cli/replace.h"

bool output_is_stdout(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

enum status output_end(struct efimap_out *out)
{
	int ret = efimap_out_flush(out);

	return ret < 0 ? say_errno("standard output", ret) : STATUS_OK;
}

static int write_through(const struct place *place, const struct efimap_out *out)
{
	efimap_auto_fd int fd = -1;

	/* fs.protected_fifos; whoever made it reads what we write. */
	if (!place_is_trusted(place->dir, &place->st))
		return -EACCES;
	fd = place_open(place, O_WRONLY);
	return fd < 0 ? fd : write_all(fd, out->data, out->used);
}

/* A symbolic link stays, and what it names is replaced: /dev/stdout is one. */
static int save(const char *path, mode_t mode, const struct efimap_out *out)
{
	struct place place auto_place;
	const int ret = place_find(path, &place);
	const mode_t kind = ret < 0 ? 0 : place.st.st_mode;

	if (ret < 0)
		return ret;
	if (S_ISDIR(kind))
		return -EISDIR;
	if (path[strlen(path) - 1] == '/')
		return kind ? -ENOTDIR : -ENOENT;
	return !kind || S_ISREG(kind) ? replace_at(place.dir, place.name, mode, out) :
					write_through(&place, out);
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
