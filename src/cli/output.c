/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where results go: standard output, or the file of -O, which appears whole under its final
 * name or not at all: it is written under another name, reaches the disk, and is then renamed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cli.h"

/* as in the kernel's path walk (include/linux/namei.h: MAXSYMLINKS) */
#define MAX_LINKS 40

/* Names that are tried for an unfinished file */
#define MAX_TRIES 100

static int fill(int fd, mode_t mode, const struct efimap_out *out)
{
	mode_t mask = umask(0);
	int ret;

	umask(mask);
	ret = efimap_write_all(fd, out->data, out->used);
	if (ret < 0)
		return ret;
	return fchmod(fd, mode & ~mask) < 0 || fsync(fd) < 0 ? -errno : 0;
}

/*
 * "NAME.XXXXXX" that nobody has yet, of as much of the name as there is room for; early in a
 * boot there may be no randomness.
 */
static int create(int dir, const char *name, char *temporary, size_t size)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";

	for (unsigned int try = 0; try < MAX_TRIES; try++) {
		uint8_t random[OUTPUT_SUFFIX - 1];
		char suffix[OUTPUT_SUFFIX] = "";
		int fd;

		if (getrandom(random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
			for (size_t i = 0; i < sizeof(random); i++)
				random[i] = (uint8_t)((unsigned int)getpid() >> (3 * i)) ^
					    (uint8_t)try;
		for (size_t i = 0; i < sizeof(random); i++)
			suffix[i] = letters[random[i] % 32];
		suffix[sizeof(random)] = '\0';
		snprintf(temporary, size, "%.*s.%s", NAME_MAX - OUTPUT_SUFFIX, name, suffix);
		fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd >= 0 ? fd : -errno;
	}
	return -EEXIST;
}

/* After a crash the new name must lead to the new bytes; not every file system can. */
static void sync_directory(int dir)
{
	efimap_auto_fd int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		fsync(fd);
}

static int replace(int dir, const char *name, mode_t mode, const struct efimap_out *out)
{
	char temporary[NAME_MAX + 1];
	efimap_auto_fd int fd = create(dir, name, temporary, sizeof(temporary));
	int ret;

	if (fd < 0)
		return fd;
	ret = fill(fd, mode, out);
	if (ret == 0 && renameat(dir, temporary, dir, name) < 0)
		ret = -errno;
	if (ret < 0)
		unlinkat(dir, temporary, 0);
	else
		sync_directory(dir);
	return ret;
}

/* A signal that ends the program waits until there is nothing half-written. */
int output_replace(int dir, const char *name, mode_t mode, const struct efimap_out *out)
{
	sigset_t signals;
	sigset_t before;
	int ret;

	/* What was to be written is not all there. */
	if (out->error)
		return out->error;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, &before);
	ret = replace(dir, name, mode, out);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}

/* --- the way to a file --- */

/*
 * Following a path to what is to be written, name by name. Where everybody may make
 * names, as in /tmp, a symbolic link of somebody else is not followed, as
 * fs.protected_symlinks has it (fs/namei.c: may_follow_link), but on the whole way and
 * whatever the kernel is set to. Each link is looked at and read through one descriptor,
 * and what is found is used through the descriptor of its directory, so nothing can be
 * exchanged in between.
 *
 * struct place - what a path leads to
 * @dir:     the directory, O_PATH; -1: nothing was found
 * @name:    in it, and no symbolic link; "." is the directory itself
 * @st:      of it; st_mode is 0 where there is none yet
 * @is_open: it has no other name: a descriptor of some process, as /proc shows them
 */
struct place {
	int dir;
	char name[NAME_MAX + 1];
	struct stat st;
	bool is_open;
};

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

static void place_close(struct place *place)
{
	efimap_close_fd(&place->dir);
}
#define auto_place __attribute__((cleanup(place_close)))

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Would fs.protected_symlinks let us follow it, were it a link? */
static bool place_is_trusted(int dir, const struct stat *st)
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

/* Follow @path, whatever slashes it ends in; 0 or a negative errno. */
static int place_find(const char *path, struct place *ret_place)
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

/* Open what was found, and nothing that took its place. */
static int place_open(const struct place *place, int flags)
{
	efimap_auto_fd int fd =
		openat(place->dir, place->name,
		       flags | O_CLOEXEC | O_NOCTTY | (place->is_open ? 0 : O_NOFOLLOW));
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return is_same(&st, &place->st) ? efimap_steal_fd(&fd) : -EBUSY;
}

int output_open_dir(const char *path, bool make)
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

/* --- results --- */

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
	return fd < 0 ? fd : efimap_write_all(fd, out->data, out->used);
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
	return !kind || S_ISREG(kind) ? output_replace(place.dir, place.name, mode, out) :
					write_through(&place, out);
}

enum status output_finish(const char *file, mode_t mode, int ret, struct efimap_out *out)
{
	if (ret < 0 && !out->error)
		out->error = ret;
	if (output_is_stdout(file)) {
		out->fd = STDOUT_FILENO;
		return output_end(out);
	}
	ret = out->error ? out->error : save(file, mode, out);
	return ret < 0 ? say_errno(file, ret) : STATUS_OK;
}

enum status output_save(const char *file, const void *data, size_t size)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	efimap_out_write(&out, data, size);
	return output_finish(file, 0644, 0, &out);
}
