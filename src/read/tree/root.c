/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What all roots share: directories, values, whole files, on top of a backend. Must not
 * know which backend it is, nor what the files mean.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "read/tree/root.h"

/* First guess for a file's size: /proc says 0 for all of its own. */
#define FIRST_CAPACITY 4096U
/* Names read at once: of 500 records, or so. */
#define NAMES_BYTES 16384U

void efimap_root_free(struct efimap_root *root)
{
	if (root)
		root->ops->free(root);
}

int efimap_mode_check(mode_t mode)
{
	if (S_ISREG(mode))
		return 0;
	if (S_ISLNK(mode))
		return -ELOOP;
	return S_ISDIR(mode) ? -EISDIR : -ENXIO;
}

/*
 * What opening @path gave, a descriptor or an errno, is remembered. One that could not be
 * opened for another reason than that it is not there is a fault or state in any case.
 */
static int stamp_opened(struct efimap_root *root, const char *path, int fd, struct stat *st)
{
	if (fd < 0 && (fd != -ENOENT || !root->stamps))
		return fd;
	if (fd >= 0 && fstat(fd, st))
		return -errno;
	if (!root->stamps)
		return 0;

	int ret = efimap_stamps_add(root->stamps, NULL, path, fd < 0 ? NULL : st);

	return ret || fd >= 0 ? ret : fd;
}

int efimap_dir_open(struct efimap_root *root, const char *path, struct efimap_dir *ret_dir)
{
	if (root->ops->open_dir)
		return root->ops->open_dir(root, path, ret_dir);

	efimap_auto_fd int fd = root->ops->open_at(root, root->fd, path,
						   O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	int ret = stamp_opened(root, path, fd, &st);

	if (ret)
		return ret;
	*ret_dir = (struct efimap_dir){
		.root = root, .path = path, .handle = efimap_steal_fd(&fd), .is_fd = true,
	};
	return 0;
}

/* The type of a name; some file systems leave it to stat. */
static mode_t type_of(const struct efimap_dir *dir, const struct dirent64 *d)
{
	struct stat st;

	if (d->d_type != DT_UNKNOWN)
		return DTTOIF((mode_t)d->d_type);
	if (fstatat(dir->handle, d->d_name, &st, AT_SYMLINK_NOFOLLOW))
		return S_IFREG;
	return st.st_mode & S_IFMT;
}

/* readdir(3) asks the kernel four more questions for each directory. */
static int read_names(struct efimap_dir *dir)
{
	if (!dir->names)
		dir->names = malloc(NAMES_BYTES);
	if (!dir->names)
		return -ENOMEM;

	const long size = syscall(SYS_getdents64, dir->handle, dir->names, NAMES_BYTES);

	if (size < 0)
		return -errno;
	dir->size = (size_t)size;
	dir->cursor = 0;
	return size > 0;
}

int efimap_dir_next(struct efimap_dir *dir, struct efimap_name *ret_name)
{
	const struct dirent64 *d;
	int ret = 1;

	if (dir->root->ops->next_name)
		return dir->root->ops->next_name(dir, ret_name);
	if (dir->cursor == dir->size)
		ret = read_names(dir);
	if (ret <= 0)
		return ret;
	/* The kernel pads them to 8 bytes. */
	d = (const void *)(dir->names + dir->cursor);
	dir->cursor += d->d_reclen;
	*ret_name = (struct efimap_name){ .text = d->d_name, .type = type_of(dir, d) };
	return 1;
}

void efimap_dir_close(struct efimap_dir *dir)
{
	if (!dir->root)
		return;
	if (dir->root->ops->leave_dir)
		dir->root->ops->leave_dir(dir->root, dir->handle);
	if (dir->is_fd)
		close(dir->handle);
	free(dir->names);
	*dir = (struct efimap_dir){ 0 };
}

/* Is it a power of four? */
static bool is_chosen(size_t count)
{
	return (count & (count - 1)) == 0 && __builtin_ctzl(count) % 2 == 0;
}

/* Some values: the first, the fourth, the sixteenth, … */
static int stamp_value(struct efimap_dir *dir, const char *path)
{
	struct stat st;

	if (!dir->root->stamps || !is_chosen(++dir->root->values))
		return 0;
	/* What is not there is a fault, or its directory tells when it comes. */
	if (fstatat(dir->handle, path, &st, AT_SYMLINK_NOFOLLOW))
		return 0;
	return efimap_stamps_add(dir->root->stamps, dir->path, path, &st);
}

ssize_t efimap_dir_value(struct efimap_dir *dir, const char *path,
			 char buf[EFIMAP_VALUE_SIZE])
{
	const int ret = stamp_value(dir, path);

	if (ret)
		return ret;

	ssize_t len = dir->root->ops->read_value(dir, path, buf, EFIMAP_VALUE_SIZE);

	return len < EFIMAP_VALUE_SIZE ? len : -E2BIG;
}

static int grow(struct efimap_file *file, size_t *capacity, size_t limit)
{
	size_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;

	/* One byte above the limit tells a file that ends there from a longer one. */
	if (wanted > limit + 1)
		wanted = limit + 1;

	char *data = realloc(file->data, wanted + 1);

	if (!data)
		return -ENOMEM;
	file->data = data;
	*capacity = wanted;
	return 0;
}

static int read_all(int fd, size_t limit, struct efimap_file *file)
{
	size_t capacity = 0;

	for (;;) {
		if (file->len == capacity) {
			int ret = grow(file, &capacity, limit);

			if (ret)
				return ret;
		}

		ssize_t n = TEMP_FAILURE_RETRY(
			read(fd, file->data + file->len, capacity - file->len));

		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		file->len += (size_t)n;
		if (file->len > limit)
			return -E2BIG;
	}
	file->data[file->len] = '\0';
	return 0;
}

static int open_file(struct efimap_root *root, const char *path)
{
	efimap_auto_fd int fd = root->ops->open_at(root, root->fd, path,
						   O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	int ret = stamp_opened(root, path, fd, &st);

	if (!ret)
		ret = efimap_mode_check(st.st_mode);
	return ret ? ret : efimap_steal_fd(&fd);
}

static int read_into(struct efimap_root *root, const char *path, size_t limit,
		     int (*take)(int fd, size_t limit, struct efimap_file *file),
		     struct efimap_file *ret_file)
{
	efimap_auto_fd int fd = open_file(root, path);
	efimap_auto_file struct efimap_file file = { 0 };
	int ret = fd < 0 ? fd : take(fd, limit, &file);

	if (ret)
		return ret;
	*ret_file = file;
	file.data = NULL;
	return 0;
}

int efimap_root_read_file(struct efimap_root *root, const char *path, size_t limit,
			  struct efimap_file *ret_file)
{
	if (root->ops->read_file)
		return root->ops->read_file(root, path, limit, false, ret_file);
	return read_into(root, path, limit, read_all, ret_file);
}

/* A file below proc can give less than there is room for, and more on the next read. */
static int read_some(int fd, size_t limit, struct efimap_file *file)
{
	file->data = malloc(limit + 1);
	if (!file->data)
		return -ENOMEM;
	while (file->len < limit) {
		ssize_t n = TEMP_FAILURE_RETRY(
			read(fd, file->data + file->len, limit - file->len));

		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		file->len += (size_t)n;
	}
	file->data[file->len] = '\0';
	return 0;
}

int efimap_root_read_head(struct efimap_root *root, const char *path, size_t size,
			  struct efimap_file *ret_file)
{
	if (root->ops->read_file)
		return root->ops->read_file(root, path, size, true, ret_file);
	return read_into(root, path, size, read_some, ret_file);
}

void efimap_file_free(struct efimap_file *file)
{
	free(file->data);
	file->data = NULL;
}

int efimap_root_file_size(struct efimap_root *root, const char *path, uint64_t *ret_size)
{
	if (root->ops->file_size)
		return root->ops->file_size(root, path, ret_size);

	efimap_auto_fd int fd = root->ops->open_at(root, root->fd, path,
						   O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int ret = stamp_opened(root, path, fd, &st);

	if (!ret)
		ret = efimap_mode_check(st.st_mode);
	if (!ret)
		*ret_size = (uint64_t)st.st_size;
	return ret;
}

int efimap_root_check(const struct efimap_root *root, const char *name,
		      struct efimap_err *err)
{
	const char *path = root->stamps ? efimap_stamps_changed(root->stamps, root->fd) : NULL;

	if (!path)
		return 0;
	return efimap_err_set(err, EBUSY, name,
			      "%s changed while it was read: what was read is of no one time; "
			      "try again when nobody writes there", path);
}
