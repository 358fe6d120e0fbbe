/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Puts a snapshot beside the newest kernel crash dump. In the initramfs of a crash kernel
 * there is no find, sort or sync, and a hook is not told where the dump went, so this is
 * the place where it is looked for. It knows nothing of what is in a snapshot.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/place.h"
#include "cli/replace.h"
#include "cli/store.h"

#define DEFAULT_TAG "kdump"

struct search {
	/* the directory of the newest crash dump, O_PATH; -1: none yet */
	int dir;
	struct timespec time;
	/* older ones are another crash's */
	struct timespec since;
};

/* kdump-utils and SUSE: vmcore, or vmcore.flat; Debian: dump.YYYYmmddHHMM */
static bool is_vmcore(const char *name)
{
	static const char *const names[] = {
		"vmcore", "vmcore.flat", "vmcore-incomplete", "vmcore-incomplete.flat",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return strncmp(name, "dump.", 5) == 0 || strncmp(name, "dump-incomplete", 15) == 0;
}

static void take(struct search *search, int dir, const struct timespec *time)
{
	int fd;

	if (store_is_before(time, &search->since) ||
	    (search->dir >= 0 && !store_is_before(&search->time, time)))
		return;
	fd = openat(dir, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	efimap_close_fd(&search->dir);
	search->dir = fd;
	search->time = *time;
}

/* The list closes what it is of. */
static DIR *list_of(int *fd)
{
	DIR *list = *fd < 0 ? NULL : fdopendir(*fd);

	if (list)
		*fd = -1;
	return list;
}

/*
 * Some distributions let everybody write into /var/crash: a directory of somebody else
 * is not one that a crash kernel has made, and no place to write to.
 */
static DIR *open_own(int dir, const char *name)
{
	efimap_auto_fd int fd =
		openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() ? list_of(&fd) : NULL;
}

static void look_in(struct search *search, DIR *list, bool below)
{
	for (const struct dirent *next; (next = readdir(list));) {
		struct stat st;

		if (next->d_name[0] == '.' ||
		    fstatat(dirfd(list), next->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISREG(st.st_mode) && is_vmcore(next->d_name)) {
			take(search, dirfd(list), &st.st_mtim);
		} else if (below && S_ISDIR(st.st_mode)) {
			efimap_auto_dir DIR *inner = open_own(dirfd(list), next->d_name);

			if (inner)
				look_in(search, inner, false);
		}
	}
}

static enum status write_there(const struct search *search, const char *tag,
			       const struct efimap_out *out)
{
	char name[sizeof("efimap-.json") + STORE_TAG_MAX];
	int ret;

	snprintf(name, sizeof(name), "efimap-%s.json", tag ? tag : DEFAULT_TAG);
	ret = replace_at(search->dir, name, 0600, out);
	if (ret == 0)
		return STATUS_OK;
	say("%s, beside the crash dump: %s", name, strerror(-ret));
	return status_of_error(ret);
}

enum status beside_save(const char *const *dirs, size_t n, const char *tag, const char *source,
			const struct efimap_out *out)
{
	struct search search = { .dir = -1 };
	enum status status = STATUS_UNREADABLE;
	struct stat st;

	if (source && stat(source, &st) == 0 && S_ISREG(st.st_mode))
		search.since = st.st_mtim;
	for (size_t i = 0; i < n; i++) {
		efimap_auto_fd int fd = place_open_dir(dirs[i], false);
		efimap_auto_dir DIR *list = list_of(&fd);

		if (list)
			look_in(&search, list, true);
	}
	if (search.dir >= 0)
		status = write_there(&search, tag, out);
	else
		say("%s: no crash dump%s in it, nor in a directory of ours in it", dirs[0],
		    search.since.tv_sec ? " newer than the snapshot" : "");
	efimap_close_fd(&search.dir);
	return status;
}
