/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store of snapshots: one directory, one file for each boot, "BOOT_ID.json" or
 * "BOOT_ID.TAG.json", of which the newest are kept. What has another name is not ours and
 * is never touched. It knows nothing of what is in a snapshot.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "cli/place.h"
#include "cli/replace.h"
#include "cli/store.h"

#define BOOT_ID_LENGTH 36

struct file {
	struct timespec time;
	char name[NAME_MAX + 1];
};

struct store {
	int dir;
	char suffix[STORE_TAG_MAX + sizeof("..json")];
	char name[BOOT_ID_LENGTH + STORE_TAG_MAX + sizeof("..json")];
	/* all with our suffix but the new one, and the newest of all suffixes */
	struct file *files;
	size_t n_files;
	size_t capacity;
	struct timespec newest;
};

static bool is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool store_tag_is_valid(const char *tag)
{
	const size_t length = strlen(tag);

	if (length == 0 || length > STORE_TAG_MAX || tag[0] == '-' || tag[length - 1] == '-')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_lower(tag[i]) && tag[i] != '-')
			return false;
	return true;
}

/* As /proc/sys/kernel/random/boot_id has it (drivers/char/random.c: proc_do_uuid). */
static bool starts_with_boot_id(const char *text)
{
	for (size_t i = 0; i < BOOT_ID_LENGTH; i++) {
		const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen ? text[i] != '-' :
			     !((text[i] >= '0' && text[i] <= '9') ||
			       (text[i] >= 'a' && text[i] <= 'f')))
			return false;
	}
	return true;
}

/* ".json" or ".TAG.json" of a snapshot, and of an unfinished one ".XXXXXX" after that. */
static bool is_suffix(const char *text, bool *ret_unfinished)
{
	char tag[STORE_TAG_MAX + 1];
	const char *dot;

	*ret_unfinished = false;
	if (strncmp(text, ".json", 5) != 0) {
		dot = *text == '.' ? strchr(text + 1, '.') : NULL;
		if (!dot || dot - text - 1 > STORE_TAG_MAX)
			return false;
		snprintf(tag, sizeof(tag), "%.*s", (int)(dot - text - 1), text + 1);
		if (!store_tag_is_valid(tag) || strncmp(dot, ".json", 5) != 0)
			return false;
		text = dot;
	}
	text += 5;
	*ret_unfinished = *text == '.' && strlen(text) == REPLACE_SUFFIX;
	return !*text || *ret_unfinished;
}

static int add_file(struct store *store, const char *name, const struct timespec *when)
{
	struct file *file;
	int ret;

	/* More have been put there by something else. */
	if (store->n_files == STORE_KEEP_MAX)
		return -E2BIG;
	ret = efimap_array_reserve(&store->files, store->n_files, &store->capacity,
				   sizeof(*store->files));
	if (ret < 0)
		return ret;
	file = &store->files[store->n_files++];
	file->time = *when;
	snprintf(file->name, sizeof(file->name), "%s", name);
	return 0;
}

/* Whoever writes holds the lock, so what is unfinished here was left by one that was killed. */
static int look_at(struct store *store, const char *name)
{
	struct stat st;
	bool unfinished;

	if (!starts_with_boot_id(name) || !is_suffix(name + BOOT_ID_LENGTH, &unfinished) ||
	    fstatat(store->dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
		return 0;
	if (unfinished)
		return unlinkat(store->dir, name, 0) < 0 ? -errno : 0;
	if (strcmp(name, store->name) == 0)
		return 0;
	if (store_is_before(&store->newest, &st.st_mtim))
		store->newest = st.st_mtim;
	return strcmp(name + BOOT_ID_LENGTH, store->suffix) == 0 ?
		       add_file(store, name, &st.st_mtim) :
		       0;
}

static int look_around(struct store *store)
{
	efimap_auto_fd int fd = openat(store->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	efimap_auto_dir DIR *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *next;
	int ret = 0;

	if (!list)
		return -errno;
	/* The list closes it. */
	fd = -1;
	while (ret == 0 && (errno = 0, next = readdir(list)))
		ret = look_at(store, next->d_name);
	return ret == 0 ? -errno : ret;
}

/*
 * A clock that is wrong, as without a battery, must not make the new one the oldest:
 * it would be the first to go, and whoever looks for the one before a crash would be misled.
 * Two seconds, because that is how exactly FAT knows the time.
 */
static int keep_order(const struct store *store)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
	struct stat st;

	if (fstatat(store->dir, store->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (store_is_before(&store->newest, &st.st_mtim))
		return 0;
	times[1] = store->newest;
	times[1].tv_sec += 2;
	return utimensat(store->dir, store->name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int newest_first(const void *a, const void *b)
{
	const struct file *one = a;
	const struct file *other = b;

	if (store_is_before(&other->time, &one->time))
		return -1;
	return store_is_before(&one->time, &other->time) ? 1 : strcmp(one->name, other->name);
}

/* @keep counts the new one, which is not in the list. */
static int prune(struct store *store, size_t keep)
{
	int ret = 0;

	if (store->n_files > 0)
		qsort(store->files, store->n_files, sizeof(*store->files), newest_first);
	for (size_t i = keep - 1; i < store->n_files; i++)
		if (unlinkat(store->dir, store->files[i].name, 0) < 0)
			ret = -errno;
	return ret;
}

static int write_into(struct store *store, size_t keep, const struct efimap_out *out)
{
	int ret;

	/* Two writers take turns, except on a file system without locks. */
	(void)flock(store->dir, LOCK_EX);
	ret = look_around(store);
	if (ret == 0)
		ret = replace_at(store->dir, store->name, 0600, out);
	if (ret == 0)
		ret = keep_order(store);
	return ret == 0 ? prune(store, keep) : ret;
}

enum status store_save(const char *dir, const char *tag, size_t keep, const char *boot_id,
		       const struct efimap_out *out)
{
	efimap_auto_fd int fd = -1;
	struct store store = { .dir = -1 };
	int ret;

	if (strlen(boot_id) != BOOT_ID_LENGTH || !starts_with_boot_id(boot_id)) {
		say("%s: the capture has no boot_id (proc/sys/kernel/random/boot_id) to name "
		    "the snapshot after", dir);
		return STATUS_UNREADABLE;
	}
	snprintf(store.suffix, sizeof(store.suffix), "%s%s.json", tag ? "." : "",
		 tag ? tag : "");
	snprintf(store.name, sizeof(store.name), "%s%s", boot_id, store.suffix);
	fd = place_open_dir(dir, true);
	store.dir = fd;
	ret = fd < 0 ? fd : write_into(&store, keep, out);
	free(store.files);
	if (ret == 0)
		return STATUS_OK;
	if (ret == -E2BIG)
		say("%s: holds more than %d snapshots", dir, STORE_KEEP_MAX);
	else
		say("%s: %s", dir, strerror(-ret));
	return status_of_error(ret);
}
