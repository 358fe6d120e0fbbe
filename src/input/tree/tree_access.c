/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions that read files through a backend, and the backend of the running system. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef EFIMAP_HAVE_SYSFS
#include <sysfs/libsysfs.h>
#endif

#include "base/cleanup.h"
#include "input/input_file.h"
#include "input/tree/tree_access.h"

int efimap_root_open(struct efimap_root *root, const char *top,
		     const struct efimap_root_ops *ops)
{
	root->ops = ops;
	root->fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root->fd < 0 ? -errno : 0;
}

void efimap_root_free(struct efimap_root *root)
{
	if (!root)
		return;
	if (root->ops->close)
		root->ops->close(root);
	efimap_close_fd(&root->fd);
	free(root);
}

void efimap_file_free(struct efimap_file *file)
{
	free(file->data);
	file->data = NULL;
}

int efimap_mode_check(mode_t mode)
{
	if (S_ISREG(mode))
		return 0;
	if (S_ISLNK(mode))
		return -ELOOP;
	return S_ISDIR(mode) ? -EISDIR : -ENXIO;
}

static mode_t type_of_name(DIR *stream, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN)
		return DTTOIF((mode_t)entry->d_type);
	if (fstatat(dirfd(stream), entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
		return S_IFREG;
	return st.st_mode & S_IFMT;
}

static int list_stream(DIR *stream, efimap_name_fn *take, void *context)
{
	int ret = 0;

	while (ret == 0) {
		errno = 0;

		const struct dirent *entry = readdir(stream);

		if (!entry)
			return -errno;
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			ret = take(context, entry->d_name, type_of_name(stream, entry));
	}
	return ret < 0 ? ret : 0;
}

int efimap_root_list(struct efimap_root *root, const char *path, efimap_name_fn *take,
		     void *context)
{
	if (root->ops->list)
		return root->ops->list(root, path, take, context);

	efimap_auto_fd int fd =
		root->ops->open_at(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fd;

	efimap_auto_dir DIR *stream = fdopendir(fd);

	if (!stream)
		return -errno;
	fd = -1;
	return list_stream(stream, take, context);
}

/*
 * Return whether a value is complete. The kernel ends a value with a newline, so one read() is
 * usually sufficient. systab is read to the end of the file, because it has several lines
 * of NAME=ADDRESS (drivers/firmware/efi/efi.c: systab_show).
 */
static bool ends_value(const char *buf, size_t len)
{
	return len > 0 && buf[len - 1] == '\n' && !memchr(buf, '=', len);
}

/*
 * Read a value until it is complete. A network file system or FUSE may return the value in parts,
 * and a part of a number would be accepted as a number.
 */
static ssize_t read_opened_value(struct efimap_root *root, const char *path, char *buf,
				 size_t size)
{
	efimap_auto_fd int fd = root->ops->open_at(root, path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t count = 0;
	struct stat st;

	if (fd < 0)
		return fd;
	while (len < size && !ends_value(buf, len)) {
		count = TEMP_FAILURE_RETRY(read(fd, buf + len, size - len));
		if (count <= 0)
			break;
		len += (size_t)count;
	}
	if (count < 0)
		count = -errno;
	if (len == 0 && fstat(fd, &st) == 0 && efimap_mode_check(st.st_mode))
		return efimap_mode_check(st.st_mode);
	return count < 0 ? count : (ssize_t)len;
}

static ssize_t read_stored_at(struct efimap_root *root, const char *path, uint64_t offset,
			      void *data, size_t size)
{
	struct efimap_stored_file stored;
	int ret = root->ops->find(root, path, &stored);

	if (ret || offset >= stored.size)
		return ret;
	if (size > stored.size - offset)
		size = stored.size - (size_t)offset;
	memcpy(data, stored.data + offset, size);
	return (ssize_t)size;
}

ssize_t efimap_root_value(struct efimap_root *root, const char *path,
			  char buf[EFIMAP_VALUE_SIZE])
{
	ssize_t len;

	if (root->ops->find)
		len = read_stored_at(root, path, 0, buf, EFIMAP_VALUE_SIZE);
	else if (root->ops->read_value)
		len = root->ops->read_value(root, path, buf, EFIMAP_VALUE_SIZE);
	else
		len = read_opened_value(root, path, buf, EFIMAP_VALUE_SIZE);
	return len < EFIMAP_VALUE_SIZE ? len : -E2BIG;
}

static int read_value(struct efimap_root *root, const char *path, struct efimap_file *ret_file)
{
	efimap_auto_file struct efimap_file file = { .data = malloc(EFIMAP_VALUE_SIZE) };
	ssize_t len = file.data ? efimap_root_value(root, path, file.data) : -ENOMEM;

	if (len < 0)
		return (int)len;
	file.data[len] = '\0';
	ret_file->data = efimap_steal(file.data);
	ret_file->len = (size_t)len;
	return 0;
}

static int read_stored(struct efimap_root *root, const char *path, size_t limit, bool is_head,
		       struct efimap_file *ret_file)
{
	struct efimap_stored_file stored;
	int ret = root->ops->find(root, path, &stored);
	size_t len;
	char *data;

	if (ret)
		return ret;
	if (!is_head && stored.size > limit)
		return -E2BIG;
	len = stored.size < limit ? stored.size : limit;
	data = malloc(len + 1);
	if (!data)
		return -ENOMEM;
	if (len)
		memcpy(data, stored.data, len);
	data[len] = '\0';
	*ret_file = (struct efimap_file){ .data = data, .len = len };
	return 0;
}

static int open_regular(struct efimap_root *root, const char *path, int flags,
			struct stat *ret_status)
{
	efimap_auto_fd int fd = root->ops->open_at(root, path, flags | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return fd;
	if (fstat(fd, ret_status))
		return -errno;
	ret = efimap_mode_check(ret_status->st_mode);
	return ret ? ret : efimap_steal_fd(&fd);
}

static int read_opened(struct efimap_root *root, const char *path, size_t limit, bool is_head,
		       struct efimap_file *ret_file)
{
	struct stat st;
	efimap_auto_fd int fd = open_regular(root, path, O_RDONLY | O_NONBLOCK, &st);
	efimap_auto_input struct efimap_input input = { .name = path, .fd = fd };
	const size_t wanted = is_head ? limit : limit + 1;
	int ret;

	if (fd < 0)
		return fd;
	ret = efimap_input_fill(&input, wanted, NULL);
	if (ret)
		return ret;
	if (input.len > limit)
		return -E2BIG;
	ret_file->data = efimap_steal(input.data);
	ret_file->len = input.len;
	return 0;
}

int efimap_root_read(struct efimap_root *root, const char *path, enum efimap_part part,
		     size_t limit, struct efimap_file *ret_file)
{
	const bool is_head = part == EFIMAP_READ_HEAD;

	if (part == EFIMAP_READ_VALUE)
		return read_value(root, path, ret_file);
	return root->ops->find ? read_stored(root, path, limit, is_head, ret_file) :
				 read_opened(root, path, limit, is_head, ret_file);
}

ssize_t efimap_root_read_at(struct efimap_root *root, const char *path, uint64_t offset,
			    uint8_t *data, size_t size)
{
	if (root->ops->find)
		return read_stored_at(root, path, offset, data, size);

	struct stat st;
	efimap_auto_fd int fd = open_regular(root, path, O_RDONLY | O_NONBLOCK, &st);

	return fd < 0 ? fd : efimap_fd_read_at(fd, offset, data, size);
}

int efimap_root_file_size(struct efimap_root *root, const char *path, uint64_t *ret_size)
{
	if (root->ops->find) {
		struct efimap_stored_file stored = { 0 };
		const int ret = root->ops->find(root, path, &stored);

		if (!ret)
			*ret_size = stored.size;
		return ret;
	}

	struct stat st;
	efimap_auto_fd int fd = open_regular(root, path, O_PATH, &st);

	if (fd < 0)
		return fd;
	*ret_size = (uint64_t)st.st_size;
	return 0;
}

/* The running system is trusted, so links are followed, and devices may be opened. */

static int running_open_at(struct efimap_root *root, const char *path, int flags)
{
	const int fd = openat(root->fd, path, flags);

	return fd < 0 ? -errno : fd;
}

#ifdef EFIMAP_HAVE_SYSFS
/*
 * Read an attribute with sysfs_read_attribute(). The function silently truncates long paths, reads
 * only one page, and returns success for a longer file. attr.len is an unsigned short, so it is 0
 * for a full page of 64 KiB. If attr is reused, the function may leak the previous value, so each
 * call uses a new struct.
 *
 * The functions of libsysfs for lists and device trees are not used, because they truncate paths,
 * sort incorrectly and crash.
 */
static ssize_t read_attribute(struct efimap_root *root, const char *path, char *buf,
			      size_t size)
{
	struct sysfs_attribute attr = { .method = SYSFS_METHOD_SHOW };
	const int len = snprintf(attr.path, sizeof(attr.path), "/%s", path);
	ssize_t ret;

	if (len >= (int)sizeof(attr.path))
		return -ENAMETOOLONG;
	errno = 0;
	if (sysfs_read_attribute(&attr))
		return errno ? -errno : -EIO;
	if (!attr.value)
		return -EIO;
	if (attr.len > size || (attr.len == 0 && attr.value[0] != '\0')) {
		ret = -E2BIG;
	} else {
		memcpy(buf, attr.value, attr.len);
		ret = attr.len;
	}
	free(attr.value);
	return ret;
}
#endif

int efimap_root_open_running(struct efimap_root **ret_root)
{
	static const struct efimap_root_ops ops = {
		.open_at = running_open_at,
#ifdef EFIMAP_HAVE_SYSFS
		.read_value = read_attribute,
#endif
	};
	struct efimap_root *root = calloc(1, sizeof(*root));
	int ret;

	if (!root)
		return -ENOMEM;
	ret = efimap_root_open(root, "/", &ops);
	if (ret)
		efimap_root_free(root);
	else
		*ret_root = root;
	return ret;
}
