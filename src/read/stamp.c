/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How files look, and whether they still do. Must not know what is in them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include <linux/magic.h>

#include "base/cleanup.h"
#include "read/stamp.h"

/*
 * Stamps among which a directory that is not there is looked for. What a tree has mostly
 * fits; the data that thousands of setup_data nodes lack must not be held against each other.
 */
#define MAX_LOOKED_AT 64

struct efimap_stamped {
	struct efimap_stamp stamp;
	const char *path;
};

struct efimap_stamp efimap_stamp_make(const struct stat *st)
{
	if (!st)
		return (struct efimap_stamp){ 0 };
	return (struct efimap_stamp){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = st->st_size,
		.mtime = st->st_mtim,
		.type = st->st_mode & S_IFMT,
	};
}

bool efimap_stamp_is_same(const struct efimap_stamp *a, const struct efimap_stamp *b)
{
	return a->type == b->type && a->dev == b->dev && a->ino == b->ino &&
	       a->size == b->size && a->mtime.tv_sec == b->mtime.tv_sec &&
	       a->mtime.tv_nsec == b->mtime.tv_nsec;
}

/* Below a directory that is not there: that one tells when there is something. */
static bool is_below_absent(const struct efimap_stamps *stamps, const char *path)
{
	for (size_t i = 0; i < stamps->count && i < MAX_LOOKED_AT; i++) {
		const struct efimap_stamped *other = &stamps->list[i];
		const size_t len = strlen(other->path);

		if (!other->stamp.type && strncmp(path, other->path, len) == 0 &&
		    path[len] == '/')
			return true;
	}
	return false;
}

int efimap_stamps_add(struct efimap_stamps *stamps, const char *path, const struct stat *st)
{
	struct efimap_stamped stamped = { .stamp = efimap_stamp_make(st) };

	if (!st && is_below_absent(stamps, path))
		return 0;
	stamped.path = efimap_arena_strndup(&stamps->paths, path, strlen(path));
	if (!stamped.path)
		return -ENOMEM;
	return efimap_array_append(&stamps->list, &stamps->count, &stamps->capacity, &stamped,
				   sizeof(stamped));
}

/*
 * The kernel's own files have no time of change: what stands there is when it last made
 * itself an inode for them, and it may do so at any time (fs/kernfs/inode.c:
 * kernfs_init_inode(), fs/proc/inode.c: proc_get_inode()).
 */
static bool is_kernel_file(int top, const char *path)
{
	efimap_auto_fd int fd = openat(top, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs))
		return false;
	return fs.f_type == SYSFS_MAGIC || fs.f_type == PROC_SUPER_MAGIC;
}

static bool is_stamp_outdated(const struct efimap_stamped *stamped, int top)
{
	struct stat st;
	const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
	const bool is_there = fstatat(top, stamped->path, &st, flags) == 0;
	const struct efimap_stamp now = efimap_stamp_make(is_there ? &st : NULL);

	if (efimap_stamp_is_same(&stamped->stamp, &now))
		return false;
	return !is_there || !stamped->stamp.type || !is_kernel_file(top, stamped->path);
}

const char *efimap_stamps_changed(const struct efimap_stamps *stamps, int top)
{
	for (size_t i = 0; i < stamps->count; i++)
		if (is_stamp_outdated(&stamps->list[i], top))
			return stamps->list[i].path;
	return NULL;
}

void efimap_stamps_free(struct efimap_stamps *stamps)
{
	free(stamps->list);
	efimap_arena_free(&stamps->paths);
	*stamps = (struct efimap_stamps){ 0 };
}
