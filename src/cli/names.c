/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of many SOURCEs, one after the other: operands, then the lines of
 * --files-from. It opens the list, never a SOURCE, and says nothing itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/names.h"

/* A longer one is no path (PATH_MAX counts the terminating zero). */
#define MAX_NAME ((size_t)PATH_MAX - 1)
/* Of a list, all in all: a million long names. */
#define MAX_LIST ((uint64_t)256 << 20)
/* So many lines in a row that hold no name, and it is no list of names. */
#define MAX_BAD 100

static const char too_long[] = "no path is as long as this";

static bool is_stdin(const struct names *names)
{
	return names->list && strcmp(names->list, "-") == 0;
}

static bool is_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);
}

int names_open(struct names *names)
{
	struct stat st;

	names->fd = -1;
	names->is_ended = true;
	if (!names->list)
		return 0;
	names->buffer = malloc(NAMES_BUFFER);
	if (!names->buffer)
		return -ENOMEM;
	/* A device is not even opened: that alone can act. */
	if (!is_stdin(names) && stat(names->list, &st) == 0 && is_device(&st))
		return -ENODEV;
	names->fd = is_stdin(names) ? dup(STDIN_FILENO) :
				      open(names->list, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (names->fd < 0 || fstat(names->fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!is_stdin(names) && is_device(&st))
		return -ENODEV;
	names->is_ended = false;
	return 0;
}

void names_close(struct names *names)
{
	efimap_close_fd(&names->fd);
	free(names->buffer);
	names->buffer = NULL;
}

/* Names in a regular file; empty lines are none. */
static size_t count_lines(const struct names *names, char *buffer)
{
	char last = names->separator;
	size_t count = 0;
	off_t at = 0;
	ssize_t size;

	while ((uint64_t)at < MAX_LIST &&
	       (size = pread(names->fd, buffer, NAMES_BUFFER, at)) > 0) {
		for (ssize_t i = 0; i < size; i++) {
			count += last == names->separator && buffer[i] != names->separator;
			last = buffer[i];
		}
		at += size;
	}
	return count;
}

size_t names_total(const struct names *names)
{
	struct stat st;

	if (!names->list)
		return names->n_operands;
	if (names->start || names->end || fstat(names->fd, &st) < 0 ||
	    !S_ISREG(st.st_mode) || lseek(names->fd, 0, SEEK_CUR) != 0)
		return 0;
	return names->n_operands + count_lines(names, names->buffer);
}

void names_wait(const struct names *names)
{
	struct pollfd list = { .fd = names->fd, .events = POLLIN };

	poll(&list, 1, -1);
}

int names_fill(struct names *names)
{
	ssize_t size;

	memmove(names->buffer, names->buffer + names->start, names->end - names->start);
	names->end -= names->start;
	names->start = 0;
	size = read(names->fd, names->buffer + names->end, NAMES_BUFFER - names->end - 1);
	if (size < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	names->total += size > 0 ? (uint64_t)size : 0;
	names->is_ended = size <= 0 || names->total > MAX_LIST;
	if (names->is_ended && size != 0) {
		names->end = 0;
		return size < 0 ? -errno : -EFBIG;
	}
	names->end += (size_t)size;
	return 0;
}

/* NULL when this is a name. */
static const char *find_problem(const struct names *names, const char *name, size_t len)
{
	if (len > MAX_NAME)
		return too_long;
	if (memchr(name, '\0', len))
		return "a zero byte in a list of lines: is it a list for -0?";
	if (names->separator == '\n' && len > 0 && name[len - 1] == '\r')
		return "the line ends in a carriage return (CRLF): give the list Unix line ends";
	if (is_stdin(names) && strcmp(name, "-") == 0)
		return "standard input holds the list, so it cannot be a SOURCE too";
	return len == 0 ? "the name of a SOURCE is empty" : NULL;
}

static enum names_got take(struct names *names, size_t len, const char **ret_text)
{
	char *name = names->buffer + names->start;
	const char *problem;

	name[len] = '\0';
	names->start += len;
	names->line++;
	problem = find_problem(names, name, len);
	*ret_text = problem ? problem : name;
	return problem ? NAMES_BAD : NAMES_NAME;
}

/*
 * A name that is too long to be kept is called so at once, for it may never end, and the
 * rest of it is thrown away as it comes.
 */
static enum names_got wait_for_more(struct names *names, const char **ret_text)
{
	const bool was_skipping = names->is_skipping;

	if (!was_skipping && names->end - names->start <= MAX_NAME)
		return NAMES_MORE;
	names->start = names->end;
	names->is_skipping = true;
	if (was_skipping)
		return NAMES_MORE;
	names->line++;
	*ret_text = too_long;
	return NAMES_BAD;
}

static enum names_got next_of_list(struct names *names, const char **ret_text)
{
	for (;;) {
		const size_t size = names->end - names->start;
		char *name = names->buffer + names->start;
		char *end = size ? memchr(name, names->separator, size) : NULL;
		enum names_got got;

		if (!end && !names->is_ended)
			return wait_for_more(names, ret_text);
		/* The last line need not end in one. */
		if (!end && (size == 0 || names->is_skipping))
			return NAMES_END;
		if (names->is_skipping || (end == name && names->separator == '\n')) {
			names->start = (size_t)(end + 1 - names->buffer);
			names->line += !names->is_skipping;
			names->is_skipping = false;
			continue;
		}
		got = take(names, end ? (size_t)(end - name) : size, ret_text);
		names->start += end ? 1 : 0;
		return got;
	}
}

/* What is no list, as the memory of something, is not read to its end. */
static enum names_got count_bad(struct names *names, enum names_got got, const char **ret_text)
{
	if (got == NAMES_NAME)
		names->n_bad = 0;
	if (got != NAMES_BAD || ++names->n_bad < MAX_BAD)
		return got;
	names->is_ended = true;
	names->is_skipping = false;
	names->start = names->end;
	*ret_text = "no list of names: so many lines hold none that the rest is not read";
	return NAMES_BAD;
}

enum names_got names_next(struct names *names, const char **ret_text)
{
	if (names->taken < names->n_operands) {
		*ret_text = names->operands[names->taken++];
		if (!is_stdin(names) || strcmp(*ret_text, "-") != 0)
			return NAMES_NAME;
		*ret_text = "standard input holds the list, so it cannot be a SOURCE too";
		return NAMES_BAD;
	}
	if (!names->list)
		return NAMES_END;
	return count_bad(names, next_of_list(names, ret_text), ret_text);
}
