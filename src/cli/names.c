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

#include "cli.h"
#include "names.h"

/* A longer one is no path (PATH_MAX counts the terminating zero). */
#define MAX_NAME ((size_t)PATH_MAX - 1)

static bool is_stdin(const struct names *names)
{
	return names->list && strcmp(names->list, "-") == 0;
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
	names->fd = is_stdin(names) ? dup(STDIN_FILENO) :
				      open(names->list, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (names->fd < 0 || fstat(names->fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
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

	while ((size = pread(names->fd, buffer, NAMES_BUFFER, at)) > 0) {
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
	names->is_ended = size <= 0;
	if (size < 0) {
		names->end = 0;
		return -errno;
	}
	names->end += (size_t)size;
	return 0;
}

/* NULL when this is a name. */
static const char *find_problem(const struct names *names, const char *name, size_t len)
{
	if (len > MAX_NAME)
		return "no path is as long as this";
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
	const bool was_skipping = names->is_skipping;
	const char *problem;

	name[len] = '\0';
	names->start += len;
	names->line++;
	names->is_skipping = false;
	problem = was_skipping ? "no path is as long as this" :
				 find_problem(names, name, len);
	*ret_text = problem ? problem : name;
	return problem ? NAMES_BAD : NAMES_NAME;
}

/* The rest of a name that is too long to be kept is thrown away as it comes. */
static enum names_got wait_for_more(struct names *names)
{
	if (names->end - names->start > MAX_NAME) {
		names->is_skipping = true;
		names->start = names->end;
	}
	return NAMES_MORE;
}

static enum names_got next_of_list(struct names *names, const char **ret_text)
{
	for (;;) {
		const size_t size = names->end - names->start;
		char *name = names->buffer + names->start;
		char *end = size ? memchr(name, names->separator, size) : NULL;
		enum names_got got;

		if (!end && !names->is_ended)
			return wait_for_more(names);
		/* The last line need not end in one. */
		if (!end && size == 0 && !names->is_skipping)
			return NAMES_END;
		if (end == name && names->separator == '\n' && !names->is_skipping) {
			names->start++;
			names->line++;
			continue;
		}
		got = take(names, end ? (size_t)(end - name) : size, ret_text);
		names->start += end ? 1 : 0;
		return got;
	}
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
	return names->list ? next_of_list(names, ret_text) : NAMES_END;
}
