/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read a file of any format, and detect whether it changes while it is read. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "input/input_file.h"

struct file_stamp file_stamp_of(const struct stat *st)
{
	return (struct file_stamp){
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = st->st_size,
		.modified = st->st_mtim,
		.mode = st->st_mode,
	};
}

bool is_same_file(const struct file_stamp *stamp, const struct stat *now)
{
	return !((stamp->mode ^ now->st_mode) & S_IFMT) && stamp->device == now->st_dev &&
	       stamp->inode == now->st_ino && stamp->size == now->st_size &&
	       stamp->modified.tv_sec == now->st_mtim.tv_sec &&
	       stamp->modified.tv_nsec == now->st_mtim.tv_nsec;
}

/* Major number of memory devices (include/uapi/linux/major.h: MEM_MAJOR). */
#define MEMORY_MAJOR 1

static int fail_input(const struct input *input, struct err *err, int code)
{
	return err_set(err, code, input->name, "%s", strerror(code));
}

ssize_t input_take(struct input *input, void *data, size_t size, struct err *err)
{
	const ssize_t count = TEMP_FAILURE_RETRY(read(input->fd, data, size));

	if (count < 0)
		return fail_input(input, err, errno);
	input->at_end = count == 0;
	return count;
}

int input_fill(struct input *input, size_t wanted, struct err *err)
{
	while (!input->at_end && input->len < wanted) {
		ssize_t count;

		if (input->len == input->capacity) {
			size_t capacity = input->capacity ? input->capacity * 2 : EFIMAP_INPUT_HEAD;

			capacity = capacity < wanted ? capacity : wanted;
			input->data = memory_resize(input->data, capacity + 1);
			input->capacity = capacity;
		}
		count = input_take(input, input->data + input->len, input->capacity - input->len,
				   err);
		if (count < 0)
			return (int)count;
		input->len += (size_t)count;
	}
	if (input->data)
		input->data[input->len] = '\0';
	return 0;
}

static int check_mode(const struct input *input, mode_t mode, struct err *err)
{
	if (S_ISDIR(mode))
		return err_set(err, EBADMSG, input->name, "a directory; expected a file");
	if (!S_ISREG(mode) && !S_ISFIFO(mode))
		return err_set(err, EBADMSG, input->name, "a device or socket; expected a file");
	return 0;
}

/* Open a file or FIFO. Devices are refused, because opening a device can have side effects. */
static int open_named_file(struct input *input, struct err *err)
{
	struct stat st;
	int ret;

	if (stat(input->name, &st))
		return err_set(err, errno == ENOTDIR ? ENOENT : errno, input->name, "%s",
			       strerror(errno));
	ret = check_mode(input, st.st_mode, err);
	if (ret)
		return ret;
	/* Do not wait for a writer of a FIFO. A FIFO without a writer is read as an empty file. */
	input->fd = open(input->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (input->fd < 0)
		return fail_input(input, err, errno);
	fcntl(input->fd, F_SETFL, fcntl(input->fd, F_GETFL) & ~O_NONBLOCK);
	input->is_owned = true;
	/* The file may have been replaced since stat(). */
	return fstat(input->fd, &st) ? fail_input(input, err, errno)
				     : check_mode(input, st.st_mode, err);
}

int input_open(const char *source, struct input *input, struct err *err)
{
	struct stat st;
	int ret = 0;

	input->name = source;
	if (strcmp(source, "-") == 0) {
		input->name = "standard input";
		input->fd = STDIN_FILENO;
	} else {
		ret = open_named_file(input, err);
	}
	if (ret)
		return ret;
	if (fstat(input->fd, &st))
		return fail_input(input, err, errno);
	if (S_ISREG(st.st_mode)) {
		input->stamp = file_stamp_of(&st);
		input->start = lseek(input->fd, 0, SEEK_CUR);
	}
	ret = input_fill(input, EFIMAP_INPUT_HEAD, err);
	if (ret)
		return ret;
	/* Refuse memory devices, because /dev/zero never ends. Accept /dev/null, which is empty. */
	return !input->at_end && S_ISCHR(st.st_mode) && major(st.st_rdev) == MEMORY_MAJOR
		       ? check_mode(input, S_IFCHR, err)
		       : 0;
}

ssize_t fd_read_at(int fd, uint64_t offset, uint8_t *data, size_t size)
{
	size_t len = 0;
	ssize_t count = 1;

	if (offset > INT64_MAX - size)
		return -EOVERFLOW;
	while (len < size && count > 0) {
		count = TEMP_FAILURE_RETRY(
			pread(fd, data + len, size - len, (off_t)(offset + len)));
		if (count < 0)
			return -errno;
		len += (size_t)count;
	}
	return (ssize_t)len;
}

int input_read_all(struct input *input, size_t limit, struct err *err)
{
	/* Read one byte more than the limit, to detect a file that is too long. */
	int ret = input_fill(input, limit + 1, err);

	if (ret)
		return ret;
	if (input->len > limit)
		return err_too_long(err, input->name, limit);
	return input_check(input, false, err);
}

int err_too_long(struct err *err, const char *name, size_t limit)
{
	return err_set(err, E2BIG, name, "longer than %zu MiB, the limit for this kind of file",
		       limit >> 20);
}

int input_check(const struct input *input, bool may_grow, struct err *err)
{
	char head[EFIMAP_INPUT_HEAD];
	const size_t len = input->len < sizeof(head) ? input->len : sizeof(head);
	struct stat now;

	if (!input->stamp.mode)
		return 0;
	if (fstat(input->fd, &now))
		return fail_input(input, err, errno);
	if (is_same_file(&input->stamp, &now))
		return 0;
	if (may_grow && now.st_size >= lseek(input->fd, 0, SEEK_CUR) &&
	    TEMP_FAILURE_RETRY(pread(input->fd, head, len, input->start)) == (ssize_t)len &&
	    (len == 0 || memcmp(head, input->data, len) == 0))
		return 0;
	return err_set(err, EBUSY, input->name, EFIMAP_CHANGED);
}

void input_free(struct input *input)
{
	if (input->is_owned)
		close(input->fd);
	free(input->data);
	*input = (struct input)EFIMAP_INPUT_INIT;
}

int read_file(const char *name, size_t limit, uint8_t **ret_data, size_t *ret_size, struct err *err)
{
	auto_input struct input input = EFIMAP_INPUT_INIT;
	int ret = input_open(name, &input, err);

	if (ret < 0)
		return ret;
	ret = input_read_all(&input, limit, err);
	if (ret < 0)
		return ret;
	*ret_size = input.len;
	*ret_data = (uint8_t *)steal(input.data);
	return 0;
}
