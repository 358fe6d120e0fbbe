/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of many SOURCEs, one after the other: operands, then the lines of
 * --files-from. It opens the list, never a SOURCE, and says nothing itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/verify.h"

/* Of a list, all in all: a million long names. */
#define MAX_LIST ((uint64_t)256 << 20)
/* Of a line: whatever has one as long, as the zeros of a device, is no list. */
#define MAX_LINE ((size_t)1 << 20)
/* So many lines in a row that hold no name, and it is no list of names. */
#define MAX_BAD 100

static const char is_taken[] =
	"standard input holds the list, so it cannot be a SOURCE too";

static bool is_stdin(const struct names *names)
{
	return names->list && strcmp(names->list, "-") == 0;
}

static char separator_of(const struct names *names)
{
	return names->ends_in_zero ? '\0' : '\n';
}

static bool is_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);
}

int names_open(struct names *names)
{
	struct stat st;
	int fd;

	if (!names->list)
		return 0;
	/* A device is not even opened: that alone can act. */
	if (!is_stdin(names) && stat(names->list, &st) == 0 && is_device(&st))
		return -ENODEV;
	fd = is_stdin(names) ? dup(STDIN_FILENO)
			     : open(names->list, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	names->file = fd < 0 ? NULL : fdopen(fd, "r");
	if (!names->file || fstat(fd, &st) < 0) {
		const int error = errno;

		if (!names->file && fd >= 0)
			close(fd);
		return -error;
	}
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return !is_stdin(names) && is_device(&st) ? -ENODEV : 0;
}

void names_close(struct names *names)
{
	if (names->file)
		fclose(names->file);
	names->file = NULL;
}

/* Names in a regular file; empty lines are none. */
static size_t count_names(int fd, char separator)
{
	char buffer[BUFSIZ];
	char last = separator;
	size_t count = 0;
	off_t at = 0;
	ssize_t size;

	while ((uint64_t)at < MAX_LIST &&
	       (size = pread(fd, buffer, sizeof(buffer), at)) > 0) {
		for (ssize_t i = 0; i < size; i++) {
			count += last == separator && buffer[i] != separator;
			last = buffer[i];
		}
		at += size;
	}
	return count;
}

size_t names_total(const struct names *names)
{
	struct stat st;
	int fd;

	if (!names->list)
		return names->n_operands;
	fd = fileno(names->file);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || lseek(fd, 0, SEEK_CUR) != 0)
		return 0;
	return names->n_operands + count_names(fd, separator_of(names));
}

/* The next byte, or EOF with errno: 0 at the end. What does not block is waited for. */
static int next_byte(struct names *names)
{
	struct pollfd list = { .fd = fileno(names->file), .events = POLLIN };
	int c;

	for (;;) {
		errno = 0;
		c = getc_unlocked(names->file);
		if (c != EOF || (errno != EAGAIN && errno != EINTR))
			break;
		clearerr(names->file);
		poll(&list, 1, -1);
	}
	if (c == EOF || ++names->total <= MAX_LIST)
		return c;
	errno = EFBIG;
	return EOF;
}

/*
 * One line, without what ends it, into @name: of what is longer only the length is kept.
 * 1, 0 at the end of the list, or a negative errno.
 */
static int read_line(struct names *names, size_t *ret_len)
{
	size_t len = 0;
	int c = 0;

	while (len < MAX_LINE && (c = next_byte(names)) != EOF && c != separator_of(names)) {
		if (len < sizeof(names->name))
			names->name[len] = (char)c;
		len++;
	}
	if (len == MAX_LINE)
		return -EFBIG;
	if (c == EOF && (errno || len == 0))
		return -errno;
	names->line++;
	names->name[len < sizeof(names->name) ? len : 0] = '\0';
	*ret_len = len;
	return 1;
}

/* NULL when this is a name. */
static const char *find_problem(const struct names *names, const char *name, size_t len)
{
	if (len >= sizeof(names->name))
		return "no path is as long as this";
	if (memchr(name, '\0', len))
		return "a zero byte in a list of lines: is it a list for -0?";
	if (!names->ends_in_zero && len > 0 && name[len - 1] == '\r')
		return "the line ends in a carriage return (CRLF): give the list Unix "
		       "line ends";
	if (is_stdin(names) && strcmp(name, "-") == 0)
		return is_taken;
	return len == 0 ? "the name of a SOURCE is empty" : NULL;
}

/* What is no list, as the memory of something, is not read to its end. */
static int refuse_line(struct names *names, const char *problem, const char **ret_text)
{
	*ret_text = problem;
	if (++names->n_bad == MAX_BAD) {
		*ret_text = "no list of names: so many lines hold none that the rest is "
			    "not read";
		names_close(names);
	}
	return -EINVAL;
}

static int next_of_list(struct names *names, const char **ret_text)
{
	const char *problem;
	size_t len;
	int ret;

	do
		ret = read_line(names, &len);
	while (ret > 0 && len == 0 && !names->ends_in_zero);
	if (ret <= 0) {
		names_close(names);
		return ret;
	}
	problem = find_problem(names, names->name, len);
	if (problem)
		return refuse_line(names, problem, ret_text);
	names->n_bad = 0;
	*ret_text = names->name;
	return 1;
}

int names_next(struct names *names, const char **ret_text)
{
	if (names->taken < names->n_operands) {
		*ret_text = names->operands[names->taken++];
		if (!is_stdin(names) || strcmp(*ret_text, "-") != 0)
			return 1;
		*ret_text = is_taken;
		return -EINVAL;
	}
	return names->file ? next_of_list(names, ret_text) : 0;
}
