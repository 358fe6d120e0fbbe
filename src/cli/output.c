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

char *output_text(struct efimap_out *out)
{
	efimap_out_putc(out, '\0');
	if (!out->error)
		return out->data;
	efimap_out_free(out);
	return NULL;
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

static int save_for(const char *path, enum audience audience, const struct efimap_out *out)
{
	static const mode_t modes[] = {
		[READ_BY_UMASK] = 0644, [READ_BY_NOBODY] = 0600, [READ_BY_ALL] = 0644
	};
	const mode_t mask = audience == READ_BY_ALL ? umask(0) : 0;
	const int ret = save(path, modes[audience], out);

	if (audience == READ_BY_ALL)
		umask(mask);
	return ret;
}

enum status output_finish(const char *file, enum audience audience, int ret,
			  struct efimap_out *out)
{
	if (ret < 0 && !out->error)
		out->error = ret;
	if (output_is_stdout(file)) {
		out->fd = STDOUT_FILENO;
		return output_end(out);
	}
	ret = out->error ? out->error : save_for(file, audience, out);
	return ret < 0 ? say_errno(file, ret) : STATUS_OK;
}
