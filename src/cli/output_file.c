/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Write output files. A regular file is written under a temporary name in the same directory and
 * then renamed, so that the final name always refers to a complete file.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/text_scan.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/output_file.h"
#include "document/snapshot.h"
#include "input/input_file.h"

#define MAX_TRIES 100
/* The length of ".XXXXXX" in NAME.XXXXXX, the name of an unfinished file. */
#define SUFFIX_LEN 7

/*
 * Create "NAME.XXXXXX", with NAME truncated if necessary. If no random numbers are available, which
 * may happen early in boot, the suffix depends on the process ID.
 */
static int create(int dir, const char *name, mode_t mode, char *temporary, size_t size)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";

	for (unsigned int try = 0; try < MAX_TRIES; try++) {
		uint8_t random[SUFFIX_LEN - 1];
		char suffix[SUFFIX_LEN] = "";
		int fd;

		if (getrandom(random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
			for (size_t i = 0; i < sizeof(random); i++)
				random[i] =
					(uint8_t)((unsigned int)getpid() >> (3 * i)) ^ (uint8_t)try;
		for (size_t i = 0; i < sizeof(random); i++)
			suffix[i] = letters[random[i] % 32];
		suffix[sizeof(random)] = '\0';
		snprintf(temporary, size, "%.*s.%s", NAME_MAX - SUFFIX_LEN, name, suffix);
		fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd >= 0 || errno != EEXIST)
			return fd >= 0 ? fd : -errno;
	}
	return -EEXIST;
}

/*
 * Atomically create or replace a file with data that was collected in memory. @mode is the mode of
 * the new file, even if it replaces a file with another mode; it is subject to the umask. All
 * signals are blocked during the call.
 */
static int replace_file(int dir, const char *name, mode_t mode, const struct out *out)
{
	char temporary[NAME_MAX + 1];
	auto_fd int fd = -1, directory = -1;
	sigset_t all, before;
	int ret;

	/* A signal must not end the program before the temporary file is removed. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	fd = create(dir, name, mode, temporary, sizeof(temporary));
	ret = fd < 0 ? fd : write_all(fd, out->data, out->used);
	if (ret == 0 && fsync(fd) < 0)
		ret = -errno;
	if (ret == 0 && renameat(dir, temporary, dir, name) < 0)
		ret = -errno;
	if (ret < 0 && fd >= 0)
		unlinkat(dir, temporary, 0);
	/*
	 * After a crash, the new name must refer to the new data. Errors are ignored, because some
	 * file systems cannot sync a directory.
	 */
	if (ret == 0)
		directory = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory >= 0)
		fsync(directory);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}

/* Return the descriptor that a path such as /dev/stderr or /dev/fd/3 names, or -1. */
static int find_descriptor(const char *path)
{
	static const char *const directories[] = { "/dev/fd/", "/proc/self/fd/" };
	uint64_t number;

	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		const size_t len = strlen(directories[i]);

		if (strncmp(path, directories[i], len) == 0 &&
		    number_parse_dec(path + len, strlen(path + len), INT_MAX, &number, NULL) ==
			    EFIMAP_NUMBER_OK)
			return (int)number;
	}
	return -1;
}

bool output_is_stdout(const char *path)
{
	return !path || find_descriptor(path) == STDOUT_FILENO;
}

/* output_end() could not write everything to standard output. */
static bool has_failed;

enum status output_end(struct out *out)
{
	const int ret = out_flush(out);

	has_failed = ret < 0;
	return ret < 0 ? report_errno("standard output", ret) : STATUS_OK;
}

/*
 * Return whether a link or a special file in a sticky, world-writable directory such as /tmp
 * belongs to neither this user nor the owner of the directory. The sysctl fs.protected_symlinks
 * (fs/namei.c: may_follow_link()) is not enabled on every system, and fs.protected_fifos affects
 * only open() with O_CREAT (fs/namei.c: may_create_in_sticky()).
 */
static bool is_planted(int dir, const struct stat *st)
{
	struct stat parent;

	if (fstat(dir, &parent) < 0)
		return true;
	return (parent.st_mode & (S_ISVTX | S_IWOTH)) == (S_ISVTX | S_IWOTH) &&
	       st->st_uid != geteuid() && st->st_uid != parent.st_uid;
}

/* Write to the existing file @name. Return -EBUSY if another file has replaced @expected. */
static int write_directly(int dir, const char *name, const struct stat *expected, int flags,
			  const struct out *out)
{
	auto_fd int fd = openat(dir, name, O_WRONLY | O_NOCTTY | O_CLOEXEC | flags);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (st.st_dev != expected->st_dev || st.st_ino != expected->st_ino)
		return -EBUSY;
	return write_all(fd, out->data, out->used);
}

/* Return whether text is a snapshot. Programs may have changed the order of its members. */
static bool is_snapshot(const char *text, size_t size)
{
	static const char name[] = "\"efimap-snapshot\"";

	return size && *text == '{' && memmem(text, size, name, sizeof(name) - 1);
}

/* Return whether the regular file @name is a snapshot that @out, other output, would replace. */
static bool loses_snapshot(int dir, const char *name, const struct out *out)
{
	auto_fd int fd =
		openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	auto_input struct input old = { .name = name, .fd = fd };

	return fd >= 0 && !input_fill(&old, 1, NULL) && old.len && *old.data == '{' &&
	       !input_fill(&old, EFIMAP_DOCUMENT_MAX_BYTES, NULL) &&
	       is_snapshot(old.data, old.len) && !is_snapshot(out->data, out->used);
}

/*
 * Write to an inherited descriptor, whatever its file, because no path is followed. A descriptor
 * that efimapctl opened has FD_CLOEXEC, and is refused.
 */
static int write_inherited(int fd, const struct out *out)
{
	return fcntl(fd, F_GETFD) == 0 ? write_all(fd, out->data, out->used) : -EBADF;
}

/*
 * Write to the file @name. Return -EEXIST if this would replace a snapshot by other output, and
 * -ELOOP for a symbolic link that another user may have planted, or whose target is neither a
 * device nor a FIFO. Other links are followed, because some names of devices are links. Return
 * -EACCES for a device or FIFO that another user may have planted.
 */
static int save_in(int dir, const char *name, mode_t mode, const struct out *out)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? replace_file(dir, name, mode, out) : -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (S_ISREG(st.st_mode))
		return loses_snapshot(dir, name, out)
			       ? -EEXIST
			       : replace_file(dir, name, mode & st.st_mode, out);
	if (!S_ISLNK(st.st_mode))
		return is_planted(dir, &st) ? -EACCES
					    : write_directly(dir, name, &st, O_NOFOLLOW, out);
	if (is_planted(dir, &st) || fstatat(dir, name, &st, 0) < 0 ||
	    !(S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode) || S_ISFIFO(st.st_mode)))
		return -ELOOP;
	return write_directly(dir, name, &st, 0, out);
}

enum status output_finish(const char *file, mode_t mode, struct out *out)
{
	const char *name = file ? last_part(file) : NULL;
	const int fd = file ? find_descriptor(file) : STDOUT_FILENO;
	auto_free char *parent = NULL;
	auto_fd int dir = -1;
	int ret;

	if (fd == STDOUT_FILENO) {
		out->fd = STDOUT_FILENO;
		return output_end(out);
	}
	if (fd >= 0) {
		ret = write_inherited(fd, out);
		return ret < 0 ? report_errno(file, ret) : STATUS_OK;
	}
	parent = name > file ? memory_strndup(file, (size_t)(name - file)) : memory_strndup(".", 1);
	dir = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return report_errno(file, -errno);
	/* The name is empty if the path ends in "/". */
	ret = *name ? save_in(dir, name, mode, out) : -EISDIR;
	if (ret == -ELOOP) {
		put_message("%s: a symbolic link, which is not followed; use its target", file);
		return STATUS_UNREADABLE;
	}
	if (ret == -EEXIST) {
		put_message("%s: a snapshot, which other output does not replace; use another name "
			    "for -O, or remove the file",
			    file);
		return STATUS_UNREADABLE;
	}
	return ret < 0 ? report_errno(file, ret) : STATUS_OK;
}

enum status output_save(const char *file, const void *data, size_t size)
{
	auto_out struct out out = EFIMAP_OUT_MEM;

	out_write(&out, data, size);
	return output_finish(file, 0644, &out);
}

enum status output_redirect(const char *file, enum status (*run)(void *args), void *args)
{
	auto_out struct out out = EFIMAP_OUT_MEM;
	auto_fd int memory = -1;
	char data[4096];
	ssize_t len;
	off_t at = 0;
	enum status status;

	if (output_is_stdout(file))
		return run(args);
	/* The memfd is not a terminal, so the command prints no colours and does not fold lines. */
	memory = memfd_create("efimapctl", MFD_CLOEXEC);
	if (memory < 0 || dup2(memory, STDOUT_FILENO) < 0)
		return report_errno(file, -errno);
	status = run(args);
	while ((len = pread(memory, data, sizeof(data), at)) > 0) {
		out_write(&out, data, (size_t)len);
		at += len;
	}
	if (len < 0)
		return report_errno(file, -errno);
	return at == 0 || has_failed ? status
				     : combine_status(status, output_finish(file, 0644, &out));
}
