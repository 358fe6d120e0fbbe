/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read and record files through a backend. The backends of the running system and of recordings are
 * also in this file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#ifdef EFIMAP_HAVE_SYSFS
#include <sysfs/libsysfs.h>
#endif

#include "base/cleanup.h"
#include "base/out_of_memory.h"
#include "base/text_scan.h"
#include "input/binary/unpacked_size.h"
#include "input/input_file.h"
#include "input/parse_values.h"
#include "input/tree/tree_access.h"

int root_open(const char *top, open_fn *open_at, struct root **ret_root)
{
	auto_root struct root *root = array_new(1, sizeof(*root));

	root->open_at = open_at;
	root->fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root->fd < 0)
		return -errno;
	*ret_root = steal(root);
	return 0;
}

struct root *root_of_recording(const struct recording *recording)
{
	struct root *root = array_new(1, sizeof(*root));

	root->replay = recording;
	root->fd = -1;
	return root;
}

void root_free(struct root *root)
{
	if (!root)
		return;
	close_fd(&root->fd);
	free(root->stamps);
	arena_free(&root->paths);
	free(root);
}

void file_free(struct tree_file *file)
{
	free(file->data);
	file->data = NULL;
}

int mode_check(mode_t mode)
{
	if (S_ISREG(mode))
		return 0;
	if (S_ISLNK(mode))
		return -ELOOP;
	return S_ISDIR(mode) ? -EISDIR : -ENXIO;
}

/*
 * Return whether a file or directory is not expected to change while it is read. On the running
 * system, files such as kernel images are stable. Directories, and files in proc, sys and var, are
 * not. "." is the SOURCE itself, which is listed only to find the subdirectory with the tree.
 */
static bool is_stable(const struct root *root, const char *path, bool is_directory)
{
	if (!root->is_running)
		return strcmp(path, ".") != 0;
	return !is_directory && strncmp(path, "proc/", 5) != 0 && strncmp(path, "sys/", 4) != 0 &&
	       strncmp(path, "var/", 4) != 0;
}

/* Open a file or directory, and keep its status for root_check_unchanged(). */
static int open_and_stamp(struct root *root, const char *path, int flags, struct stat *ret_status)
{
	auto_fd int fd = root->open_at(root, path, flags | O_CLOEXEC);
	struct read_stamp stamp = { .path = path };
	struct stat status = { 0 };

	if (fd < 0 && fd != -ENOENT)
		return fd;
	if (fd >= 0 && fstat(fd, &status))
		return -errno;
	if (ret_status)
		*ret_status = status;
	if (is_stable(root, path, flags & O_DIRECTORY)) {
		stamp.path = arena_strndup(&root->paths, path, strlen(path));
		stamp.file = file_stamp_of(&status);
		array_append(&root->stamps, &root->n_stamps, &root->capacity, &stamp,
			     sizeof(stamp));
	}
	return steal_fd(&fd);
}

/* Compare a stamp with the current status @now, which is NULL if the path does not exist. */
static bool is_unchanged(const struct read_stamp *stamp, const struct stat *now)
{
	struct file_stamp file = stamp->file;

	if (!now)
		return !file.mode;
	/* A log may grow. */
	if (now->st_size >= file.size && path_is_log(stamp->path)) {
		file.size = now->st_size;
		file.modified = now->st_mtim;
	}
	return is_same_file(&file, now);
}

/* Return the first path that has changed since it was read, or NULL. */
static const char *find_changed(struct root *root)
{
	for (size_t i = 0; i < root->n_stamps; i++) {
		const struct read_stamp *stamp = &root->stamps[i];
		struct stat now;

		if (is_unchanged(stamp, fstatat(root->fd, stamp->path, &now, 0) ? NULL : &now))
			continue;

		/* fstatat() follows absolute links out of the tree, so open the path, too. */
		auto_fd int fd = root->open_at(root, stamp->path, O_PATH | O_CLOEXEC);

		if (!is_unchanged(stamp, fd < 0 || fstat(fd, &now) ? NULL : &now))
			return stamp->path;
	}
	return NULL;
}

int root_check_unchanged(struct root *root, const char *name, struct err *err)
{
	const char *path = find_changed(root);
	char where[EFIMAP_WHERE_SIZE];
	struct stat st;

	if (!path && !fstat(root->fd, &st) && !st.st_nlink)
		path = "";
	if (!path)
		return 0;
	snprintf(where, sizeof(where), "%s%s%s%s%s", name, name[strlen(name) - 1] == '/' ? "" : "/",
		 root->inner, *root->inner ? "/" : "", path);
	return err_set(err, EBUSY, where, EFIMAP_CHANGED);
}

/* Keep the first path that could not be read. */
static void note_unread(struct root *root, const char *path, int error)
{
	if (root->unread || error >= 0 || error == -ENOENT || error == -ENOTDIR ||
	    error == -EFIMAP_NOT_RECORDED)
		return;
	root->unread = arena_strndup(&root->paths, path, strlen(path));
	root->unread_error = error;
}

/* @number is the index of the directory in the recording, for record_name(). */
struct listing {
	struct root *root;
	const char *prefix;
	name_fn *take;
	void *context;
	size_t number;
};

static int take_name(const struct listing *listing, const char *name, mode_t type)
{
	struct recording *recording = listing->root->record;

	if (strncmp(name, listing->prefix, strlen(listing->prefix)) != 0 ||
	    strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	if (recording)
		record_name(recording, listing->number, name, S_ISDIR(type));
	return listing->take(listing->context, name, type);
}

static int list_stream(DIR *stream, const struct listing *listing)
{
	int ret = 0;

	while (ret == 0) {
		errno = 0;

		const struct dirent *entry = readdir(stream);
		mode_t type = S_IFREG;
		struct stat st;

		if (!entry) {
			ret = -errno;
			if (ret && listing->root->record)
				record_list_error(listing->root->record, listing->number, ret);
			return ret;
		}
		if (entry->d_type != DT_UNKNOWN)
			type = DTTOIF((mode_t)entry->d_type);
		else if (!fstatat(dirfd(stream), entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
			type = st.st_mode & S_IFMT;
		ret = take_name(listing, entry->d_name, type);
	}
	return ret < 0 ? ret : 0;
}

/*
 * Pass the recorded names to take_name(). A name without "/" is a symbolic link if it was listed as
 * a directory, or if a path below it was recorded, because no path below a regular file is
 * recorded.
 */
static int list_recorded(const struct recorded_file *file, const struct listing *listing)
{
	const struct recording *replay = listing->root->replay;
	const struct recorded_file *target;
	auto_cleanup(arena_free) struct arena names = { 0 };
	int ret = 0;

	for (size_t i = 0; i < file->n_parts && !ret; i++) {
		const struct recorded_part *part = &file->parts[i];
		const bool is_directory = part->len && part->data[part->len - 1] == '/';
		const char *name = arena_strndup(&names, part->data, part->len - is_directory);
		const char *path = arena_printf(&names, "%s/%s", file->path, name);
		mode_t type = S_IFDIR;

		if (!is_directory)
			type = (!recording_find(replay, path, &target) && target->is_list) ||
					       recording_next_below(replay, path, NULL)
				       ? S_IFLNK
				       : S_IFREG;
		ret = take_name(listing, name, type);
	}
	return ret < 0 ? ret : 0;
}

/*
 * List a directory that has no record of its own, from the paths of the recorded files below it.
 * Snapshots that a script wrote have no records of directories.
 */
static int list_implied(const char *path, const struct listing *listing)
{
	const struct recording *replay = listing->root->replay;
	const struct recorded_file *file = NULL;
	auto_free char *last = NULL;
	int ret = 0;

	while (!ret && (file = recording_next_below(replay, path, file))) {
		const char *name = file->path + strlen(path) + 1;
		const size_t len = strcspn(name, "/");

		if (!len || (last && strlen(last) == len && memcmp(last, name, len) == 0))
			continue;
		free(last);
		last = memory_strndup(name, len);
		ret = take_name(listing, last, name[len] || file->is_list ? S_IFDIR : S_IFREG);
	}
	return ret < 0 ? ret : 0;
}

int root_list(struct root *root, const char *path, const char *prefix, name_fn *take, void *context)
{
	struct listing listing = {
		.root = root, .prefix = prefix, .take = take, .context = context
	};
	const struct recorded_file *file = NULL;
	auto_dir DIR *stream = NULL;
	int ret;

	if (root->replay) {
		ret = recording_find(root->replay, path, &file);
		if (!ret && !file->is_list)
			ret = file->error ? file->error : -ENOTDIR;
		else if (ret && recording_next_below(root->replay, path, NULL))
			ret = 0;
	} else {
		auto_fd int fd = open_and_stamp(root, path, O_RDONLY | O_DIRECTORY, NULL);

		stream = fd < 0 ? NULL : fdopendir(fd);
		ret = fd < 0 ? fd : stream ? 0 : -errno;
		if (ret == -ENOMEM && fd >= 0)
			out_of_memory();
		if (!ret)
			fd = -1;
	}
	note_unread(root, path, ret);
	if (root->record && !ret)
		listing.number = record_list(root->record, path);
	else if (root->record && !errno_is_fatal(ret))
		record_bytes(root->record, path, 0, NULL, ret, false);
	if (ret)
		return ret;
	if (stream)
		return list_stream(stream, &listing);
	return file ? list_recorded(file, &listing) : list_implied(path, &listing);
}

static int open_regular(struct root *root, const char *path, int flags, struct stat *ret_status)
{
	auto_fd int fd = open_and_stamp(root, path, flags, ret_status);
	int ret;

	if (fd < 0)
		return fd;
	ret = mode_check(ret_status->st_mode);
	return ret ? ret : steal_fd(&fd);
}

static ssize_t read_opened_at(struct root *root, const char *path, uint64_t offset, void *data,
			      size_t size)
{
	struct stat st = { 0 };
	auto_fd int fd = open_regular(root, path, O_RDONLY | O_NONBLOCK, &st);

	/* Do not look for an end that the size shows. The size of a file in proc is 0. */
	if (st.st_size > 0 && offset <= (uint64_t)st.st_size &&
	    size > (uint64_t)st.st_size - offset)
		size = (size_t)((uint64_t)st.st_size - offset);
	return fd < 0 ? fd : fd_read_at(fd, offset, data, size);
}

static ssize_t read_recorded(struct root *root, const char *path, uint64_t offset, void *data,
			     size_t size)
{
	const struct recorded_file *file;
	const int ret = recording_find(root->replay, path, &file);

	return ret ? ret : recorded_read(file, offset, data, size);
}

/* Record the result @len of a read. Return @len. */
static ssize_t record(struct root *root, const char *path, uint64_t offset, const void *data,
		      ssize_t len, bool is_end)
{
	note_unread(root, path, len < 0 ? (int)len : 0);
	if (root->record && !(len < 0 && errno_is_fatal((int)len)))
		record_bytes(root->record, path, offset, data, len, is_end);
	return len;
}

#ifdef EFIMAP_HAVE_SYSFS
/*
 * Read an attribute with sysfs_read_attribute(). The function silently truncates long paths, reads
 * only one page, and returns success for a longer file. attr.len is an unsigned short, so it is 0
 * for a full page of 64 KiB. If attr is reused, the function may leak the previous value, so each
 * call uses a new struct.
 */
static ssize_t read_attribute(const char *path, char buf[EFIMAP_VALUE_SIZE])
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
	if (attr.len > EFIMAP_VALUE_SIZE || (attr.len == 0 && attr.value[0] != '\0')) {
		ret = -E2BIG;
	} else {
		memcpy(buf, attr.value, attr.len);
		ret = attr.len;
	}
	free(attr.value);
	return ret;
}
#endif

ssize_t root_value(struct root *root, const char *path, char buf[EFIMAP_VALUE_SIZE])
{
	ssize_t len, kept;

	if (root->replay)
		len = read_recorded(root, path, 0, buf, EFIMAP_VALUE_SIZE);
#ifdef EFIMAP_HAVE_SYSFS
	else if (root->is_running)
		len = read_attribute(path, buf);
#endif
	else
		len = read_opened_at(root, path, 0, buf, EFIMAP_VALUE_SIZE);
	/*
	 * GNU tar pads a file of sysfs with NUL characters to 4096 bytes, the size that sysfs
	 * reports. Other trailing characters are errors.
	 */
	for (kept = len; len == EFIMAP_VALUE_SIZE && kept > 0 && !buf[kept - 1];)
		kept--;
	if (kept > 0 && buf[kept - 1] == '\n')
		len = kept;
	return record(root, path, 0, buf, len < EFIMAP_VALUE_SIZE ? len : -E2BIG, true);
}

static int read_opened(struct root *root, const char *path, size_t wanted,
		       struct tree_file *ret_file)
{
	struct stat st = { 0 };
	auto_fd int fd = open_regular(root, path, O_RDONLY | O_NONBLOCK, &st);
	auto_input struct input input = { .name = path, .fd = fd };
	int ret;

	if (fd < 0)
		return fd;
	ret = input_fill(&input, wanted, NULL);
	if (ret)
		return ret;
	ret_file->data = steal(input.data);
	ret_file->len = input.len;
	return 0;
}

static int read_recorded_file(struct root *root, const char *path, size_t wanted,
			      struct tree_file *ret_file)
{
	const struct recorded_file *file;
	const int ret = recording_find(root->replay, path, &file);
	ssize_t len;

	if (ret)
		return ret;
	if (file->has_size && file->size < wanted)
		wanted = (size_t)file->size;
	ret_file->data = memory_new(wanted + 1);
	len = recorded_read(file, 0, ret_file->data, wanted);
	if (len < 0)
		return (int)len;
	ret_file->len = (size_t)len;
	ret_file->data[len] = '\0';
	return 0;
}

/* With this number added to the window bits, zlib accepts only the gzip format (RFC 1952). */
#define GZIP_ONLY 16

/*
 * Replace a gzip file of one member with its content. Return -EBADMSG if the file is not a gzip
 * file, is truncated, has a wrong checksum or length, or continues after the first member; or
 * -E2BIG if the content is longer than @limit.
 */
static int gunzip(struct tree_file *file, size_t limit)
{
	/* One byte detects content above the limit, and one is for the '\0' that is appended. */
	auto_free char *content = memory_new(limit + 2);
	z_stream stream = {
		.next_in = (Bytef *)file->data,
		.avail_in = (uInt)file->len,
		.next_out = (Bytef *)content,
		.avail_out = (uInt)limit + 1,
	};
	int ret;

	if (inflateInit2(&stream, MAX_WBITS + GZIP_ONLY) != Z_OK)
		out_of_memory();
	ret = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	if (ret == Z_MEM_ERROR)
		out_of_memory();
	if (stream.total_out > limit)
		return -E2BIG;
	if (ret != Z_STREAM_END || stream.avail_in)
		return -EBADMSG;
	free(file->data);
	file->data = steal(content);
	file->len = stream.total_out;
	return 0;
}

int root_read(struct root *root, const char *path, enum part part, size_t limit,
	      file_filter_fn *filter, struct tree_file *ret_file)
{
	auto_file struct tree_file file = { 0 };
	const size_t wanted = part == EFIMAP_READ_HEAD ? limit : limit + 1;
	ssize_t ret;

	if (part == EFIMAP_READ_VALUE) {
		file.data = memory_new(EFIMAP_VALUE_SIZE);
		ret = root_value(root, path, file.data);
		file.len = ret < 0 ? 0 : (size_t)ret;
	} else {
		ret = root->replay ? read_recorded_file(root, path, wanted, &file)
				   : read_opened(root, path, wanted, &file);
		if (!ret && file.len > limit)
			ret = -E2BIG;
		if (!ret && part == EFIMAP_READ_GZIP && !root->replay)
			ret = gunzip(&file, limit);
		if (!ret && filter)
			filter(file.data, &file.len);
		ret = record(root, path, 0, file.data, ret ? ret : (ssize_t)file.len,
			     part != EFIMAP_READ_HEAD || file.len < limit);
	}
	if (ret < 0)
		return (int)ret;
	file.data[file.len] = '\0'; /* NOLINT(clang-analyzer-core.NullDereference) */
	ret_file->data = steal(file.data);
	ret_file->len = file.len;
	return 0;
}

int root_open_input(struct root *root, const char *path, struct input *input)
{
	struct tree_file file = { 0 };
	struct stat st = { 0 };
	int ret;

	*input = (struct input){ .name = path, .fd = -1, .at_end = root->replay };
	if (root->replay) {
		ret = read_recorded_file(root, path, EFIMAP_FILE_BYTES, &file);
		input->data = file.data;
		input->len = file.len;
	} else {
		input->fd = open_regular(root, path, O_RDONLY | O_NONBLOCK, &st);
		input->is_owned = input->fd >= 0;
		ret = input->is_owned ? 0 : input->fd;
	}
	return ret ? (int)record(root, path, 0, NULL, ret, false) : 0;
}

ssize_t root_read_at(struct root *root, const char *path, uint64_t offset, file_filter_fn *filter,
		     uint8_t *data, size_t size)
{
	const ssize_t len = root->replay ? read_recorded(root, path, offset, data, size)
					 : read_opened_at(root, path, offset, data, size);

	if (len > 0 && filter)
		filter((char *)data, &(size_t){ (size_t)len });
	return record(root, path, offset, data, len, false);
}

/*
 * Get the size and the time of a regular file, and record them. The time of a file in a tree may be
 * the time of the copy, so it is recorded only if @is_time_used.
 */
static int read_status(struct root *root, const char *path, bool is_time_used, uint64_t *ret_size,
		       int64_t *ret_mtime)
{
	const struct recorded_file *file;
	struct stat st = { 0 };
	int ret;

	if (root->replay) {
		ret = recording_find(root->replay, path, &file);
		if (!ret && !file->has_size)
			ret = file->is_list ? -EISDIR
			      : file->error ? file->error
					    : -EFIMAP_NOT_RECORDED;
		if (!ret) {
			*ret_size = file->size;
			*ret_mtime = file->mtime;
		}
	} else {
		auto_fd int fd = open_regular(root, path, O_PATH, &st);

		ret = fd < 0 ? fd : 0;
		if (!ret) {
			*ret_size = (uint64_t)st.st_size;
			*ret_mtime = st.st_mtim.tv_sec;
		}
	}
	/* In sysfs, the time of a file is only the time of its first lookup, so it is not used. */
	if (strncmp(path, "sys/", strlen("sys/")) == 0)
		*ret_mtime = 0;
	if (root->record && root->record->from != EFIMAP_ORIGIN_LIVE && !is_time_used)
		*ret_mtime = 0;
	if (ret)
		return (int)record(root, path, 0, NULL, ret, false);
	if (root->record)
		record_size(root->record, path, *ret_size, *ret_mtime);
	return 0;
}

int root_file_size(struct root *root, const char *path, uint64_t *ret_size)
{
	int64_t mtime = 0;
	uint64_t size = 0;
	const int ret = read_status(root, path, false, &size, &mtime);

	if (!ret)
		*ret_size = size;
	return ret;
}

int root_mtime(struct root *root, const char *path, int64_t *ret_mtime)
{
	uint64_t size = 0;

	*ret_mtime = 0;
	return read_status(root, path, true, &size, ret_mtime);
}

int root_unpacked_size(struct root *root, const char *path, uint64_t offset, uint64_t size,
		       struct unpacked_size *ret_size)
{
	const struct recorded_file *file;
	struct unpacked_size unpacked = { 0 };
	int ret = 0;

	if (root->replay) {
		if (!recording_find(root->replay, path, &file)) {
			unpacked = file->unpacked;
			ret = file->error;
		}
	} else {
		struct stat st = { 0 };
		auto_fd int fd = open_regular(root, path, O_RDONLY | O_NONBLOCK, &st);

		ret = fd < 0 ? fd : unpacked_size_of(fd, offset, size, &unpacked);
		if (ret)
			unpacked = (struct unpacked_size){ 0 };
	}
	*ret_size = unpacked;
	/* A disk that cannot read the file now cannot read it for a loader either. */
	if (ret == -EIO)
		return (int)record(root, path, 0, NULL, ret, false);
	if (root->record && unpacked.is_known)
		record_unpacked_size(root->record, path, &unpacked);
	return 0;
}

/* The running system is trusted, so links are followed, and devices may be opened. */
static int running_open_at(struct root *root, const char *path, int flags)
{
	const int fd = openat(root->fd, path, flags);

	return fd < 0 ? -errno : fd;
}

int root_open_running(struct root **ret_root)
{
	const int ret = root_open("/", running_open_at, ret_root);

	if (!ret)
		(*ret_root)->is_running = true;
	return ret;
}
