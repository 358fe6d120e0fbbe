/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file in a directory appears whole under its final name or not at all: it is written
 * under another name, reaches the disk, and is then renamed. It says nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/replace.h"

#define MAX_TRIES 100

int write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, data, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		data += written;
		size -= (size_t)written;
	}
	return 0;
}

static int fill(int fd, mode_t mode, const struct efimap_out *out)
{
	mode_t mask = umask(0);
	int ret;

	umask(mask);
	ret = write_all(fd, out->data, out->used);
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
		uint8_t random[REPLACE_SUFFIX - 1];
		char suffix[REPLACE_SUFFIX] = "";
		int fd;

		if (getrandom(random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
			for (size_t i = 0; i < sizeof(random); i++)
				random[i] = (uint8_t)((unsigned int)getpid() >> (3 * i)) ^
					    (uint8_t)try;
		for (size_t i = 0; i < sizeof(random); i++)
			suffix[i] = letters[random[i] % 32];
		suffix[sizeof(random)] = '\0';
		snprintf(temporary, size, "%.*s.%s", NAME_MAX - REPLACE_SUFFIX, name, suffix);
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
int replace_at(int dir, const char *name, mode_t mode, const struct efimap_out *out)
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
