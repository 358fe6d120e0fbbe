/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Store the status of files that were read, and compare it with their current status. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "capture/recording.h"
#include "input/input_file.h"
#include "input/tree/read_stamps.h"

/* @status is zeroed for a path that did not exist. */
struct efimap_read_stamp {
	const char *path;
	struct stat status;
};

int efimap_read_stamps_add(struct efimap_read_stamps *stamps, const char *path,
			   const struct stat *st)
{
	struct efimap_read_stamp stamp = {
		.path = efimap_arena_strndup(&stamps->paths, path, strlen(path)),
	};

	if (!stamp.path)
		return -ENOMEM;
	if (st)
		stamp.status = *st;
	return efimap_array_append(&stamps->stamps, &stamps->count, &stamps->capacity, &stamp,
				   sizeof(stamp));
}

bool efimap_read_stamps_has_sibling(const struct efimap_read_stamps *stamps, const char *path)
{
	const char *last = stamps->count ? stamps->stamps[stamps->count - 1].path : "";
	const char *name = strrchr(path, '/');
	const size_t len = name ? (size_t)(name - path) + 1 : 0;

	return stamps->count && stamps->stamps[stamps->count - 1].status.st_mode &&
	       strncmp(path, last, len) == 0 && !strchr(last + len, '/');
}

/* Compare a stamp with the current status @now, which is NULL if the path does not exist. */
static bool is_unchanged(const struct efimap_read_stamp *stamp, const struct stat *now)
{
	struct stat before = stamp->status;

	if (!now)
		return !before.st_mode;
	/* A log may grow. */
	if (now->st_size >= before.st_size && efimap_is_log(stamp->path)) {
		before.st_size = now->st_size;
		before.st_mtim = now->st_mtim;
	}
	return efimap_is_same_file(&before, now);
}

const char *efimap_read_stamps_changed(const struct efimap_read_stamps *stamps, int dir,
				       struct efimap_root *root, efimap_open_fn *open_path)
{
	for (size_t i = 0; i < stamps->count; i++) {
		const struct efimap_read_stamp *stamp = &stamps->stamps[i];
		struct stat now;

		if (is_unchanged(stamp, fstatat(dir, stamp->path, &now, 0) ? NULL : &now))
			continue;

		/* fstatat() follows absolute links out of the tree, so also use @open_path. */
		efimap_auto_fd int fd = open_path(root, stamp->path, O_PATH | O_CLOEXEC);

		if (!is_unchanged(stamp, fd < 0 || fstat(fd, &now) ? NULL : &now))
			return stamp->path;
	}
	return NULL;
}

void efimap_read_stamps_free(struct efimap_read_stamps *stamps)
{
	free(stamps->stamps);
	efimap_arena_free(&stamps->paths);
}
