/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opening beneath a directory without following anything. Knows nothing of trees or of
 * what is in them.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>

#include "base/cleanup.h"
#include "read/tree/root.h"

int efimap_beneath_open(int dir, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)flags,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	/*
	 * openat2 refuses the flags that O_PATH ignores (fs/open.c: build_open_flags);
	 * O_NOFOLLOW with it would open the link itself.
	 */
	if (flags & O_PATH)
		how.flags &= O_PATH | O_DIRECTORY | O_CLOEXEC;

	long fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/*
 * One component. A link opened with O_NOFOLLOW gives -ELOOP, with O_DIRECTORY -ENOTDIR,
 * with O_PATH the link itself: all become what openat2 says.
 */
static int open_component(int dir, const char *name, int flags)
{
	struct stat st;
	int fd = openat(dir, name, flags | O_NOFOLLOW);
	int ret = fd < 0 ? -errno : 0;

	if (ret == -ENOTDIR && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode))
		return -ELOOP;
	if (ret)
		return ret;
	if ((flags & O_PATH) && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode)) {
		close(fd);
		return -ELOOP;
	}
	return fd;
}

int efimap_beneath_walk(int dir, const char *path, int flags)
{
	efimap_auto_fd int owned = -1;

	for (;;) {
		char name[NAME_MAX + 1];
		size_t len = strcspn(path, "/");
		bool last = path[len] == '\0';

		if (len == 0 || len > NAME_MAX)
			return len == 0 ? -ENOENT : -ENAMETOOLONG;
		memcpy(name, path, len);
		name[len] = '\0';
		if (strcmp(name, "..") == 0)
			return -EXDEV;

		int fd = open_component(dir, name,
					last ? flags : O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0 || last)
			return fd;
		if (owned >= 0)
			close(owned);
		owned = fd;
		dir = fd;
		path += len + 1;
	}
}
