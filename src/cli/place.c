/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following a path to what is to be written, name by name. Where everybody may make
 * names, as in /tmp, a symbolic link of somebody else is not followed, as
 * fs.protected_symlinks has it (fs/namei.c: may_follow_link), but on the whole way and
 * whatever the kernel is set to. Each link is looked at and read through one descriptor,
 * and what is found is used through the descriptor of its directory, so nothing can be
 * exchanged in between.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/place.h"

/* as in the kernel's path walk (include/linux/namei.h: MAXSYMLINKS) */
#define MAX_LINKS 40

/*
 * @rest:     the path from here on
 * @promised: what a link of /proc leads to, whose text must lead there too
 */
struct walk {
	struct place *place;
	char rest[PATH_MAX];
	unsigned int n_links;
	struct stat promised;
};

void place_close(struct place *place)
{
	efimap_close_fd(&place->dir);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool place_is_trusted(int dir, const struct stat *st)
{
	struct stat parent;

	if (fstat(dir, &parent) < 0)
		return false;
	return (parent.st_mode & (S_ISVTX | S_IWOTH)) != (S_ISVTX | S_IWOTH) ||
	       st->st_uid == geteuid() || st->st_uid == parent.st_uid;
}

static int enter(struct place *place, const char *name, int flags)
{
	int fd = openat(place->dir, name, O_PATH | O_DIRECTORY | O_CLOEXEC | flags);

	if (fd < 0)
		return -errno;
	place_close(place);
	place->dir = fd;
	return 0;
}

static bool is_at_end(const struct walk *walk)
{
	return !walk->rest[strspn(walk->rest, "/")];
}

/* The next name of the path moves into @place: 1, or 0 at the end, or -ENAMETOOLONG. */
static int next_name(struct walk *walk)
{
	const char *name = walk->rest + strspn(walk->rest, "/");
	const size_t len = strcspn(name, "/");

	if (len >= sizeof(walk->place->name))
		return -ENAMETOOLONG;
	memcpy(walk->place->name, name, len);
	walk->place->name[len] = '\0';
	memmove(walk->rest, name + len, strlen(name + len) + 1);
	return len > 0;
}

static int follow(struct walk *walk, int link)
{
	char text[PATH_MAX];
	const size_t rest = strlen(walk->rest) + 1;
	const ssize_t len = readlinkat(link, "", text, sizeof(text));

	if (len <= 0)
		return len < 0 ? -errno : -ENOENT;
	if (!place_is_trusted(walk->place->dir, &walk->place->st))
		return -EACCES;
	if (++walk->n_links > MAX_LINKS)
		return -ELOOP;
	if ((size_t)len + rest > sizeof(walk->rest))
		return -ENAMETOOLONG;
	memmove(walk->rest + len, walk->rest, rest);
	memcpy(walk->rest, text, (size_t)len);
	return *text == '/' ? enter(walk->place, "/", 0) : 0;
}

/*
 * A link of /proc need not be what its text says: the kernel follows it. A file is to be
 * replaced under its name, and only the text has one.
 */
static int follow_proc(struct walk *walk, int link)
{
	struct place *place = walk->place;
	struct stat st;
	efimap_auto_fd int fd = openat(place->dir, place->name, O_PATH | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return enter(place, place->name, 0);
	if (!is_at_end(walk))
		return -ENOTDIR;
	if (S_ISREG(st.st_mode)) {
		walk->promised = st;
		return follow(walk, link);
	}
	place->st = st;
	place->is_open = true;
	return 1;
}

static bool is_of_proc(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* One name further: 1 when it is what was looked for, 0 or a negative errno. */
static int step(struct walk *walk)
{
	struct place *place = walk->place;
	const bool is_last = is_at_end(walk);
	efimap_auto_fd int fd =
		openat(place->dir, place->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0) {
		place->st.st_mode = 0;
		return errno == ENOENT && is_last ? 1 : -errno;
	}
	if (fstat(fd, &place->st) < 0)
		return -errno;
	if (S_ISLNK(place->st.st_mode))
		return is_of_proc(fd) ? follow_proc(walk, fd) : follow(walk, fd);
	return is_last ? 1 : enter(place, place->name, O_NOFOLLOW);
}

/* The path ended in a directory: "dir/", "/" or a link to one. */
static int end(struct place *place)
{
	memcpy(place->name, ".", sizeof("."));
	return fstat(place->dir, &place->st) < 0 ? -errno : 1;
}

int place_find(const char *path, struct place *ret_place)
{
	struct walk walk = { .place = ret_place };
	const size_t size = strlen(path) + 1;
	int ret;

	*ret_place = (struct place){ .dir = AT_FDCWD };
	if (size > sizeof(walk.rest))
		return -ENAMETOOLONG;
	memcpy(walk.rest, path, size);
	ret = enter(ret_place, *path == '/' ? "/" : ".", 0);
	while (ret == 0) {
		ret = next_name(&walk);
		if (ret >= 0)
			ret = ret ? step(&walk) : end(ret_place);
	}
	if (ret < 0)
		return ret;
	return walk.promised.st_mode && !is_same(&walk.promised, &ret_place->st) ? -ENOENT
										 : 0;
}

int place_open(const struct place *place, int flags)
{
	efimap_auto_fd int fd =
		openat(place->dir, place->name,
		       flags | O_CLOEXEC | O_NOCTTY | (place->is_open ? 0 : O_NOFOLLOW));
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return is_same(&st, &place->st) ? efimap_steal_fd(&fd) : -EBUSY;
}

int place_open_dir(const char *path, bool make)
{
	struct place place auto_place;
	int ret = place_find(path, &place);

	if (ret < 0)
		return ret;
	if (!place.st.st_mode && !make)
		return -ENOENT;
	if (!place.st.st_mode &&
	    ((mkdirat(place.dir, place.name, 0700) < 0 && errno != EEXIST) ||
	     fstatat(place.dir, place.name, &place.st, AT_SYMLINK_NOFOLLOW) < 0))
		return -errno;
	return place_open(&place, O_RDONLY | O_DIRECTORY);
}
