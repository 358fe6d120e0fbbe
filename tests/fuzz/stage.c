/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run a program for many inputs in one process. With --wrap=atexit, the linker replaces atexit()
 * with a function that does nothing, because each run would register another handler. A program
 * that calls exit() would end the process without an error message, so a handler aborts.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "member.h"
#include "stage.h"

#define MAX_MEMBERS 1000U

void __sanitizer_set_report_fd(void *fd) __attribute__((weak));
/* Without "used", link-time optimization removes the function, which only --wrap refers to. */
__attribute__((used)) int __wrap_atexit(void (*function)(void));
int __real_atexit(void (*function)(void));

static bool is_running;
static char trees[STAGE_FILES][64];

int __wrap_atexit(void (*function)(void))
{
	return 0;
}

static void fill(int *fd, const uint8_t *data, size_t size)
{
	if (!*fd)
		*fd = memfd_create("fuzz", MFD_CLOEXEC);
	fuzz_check(*fd > 2 && ftruncate(*fd, 0) == 0 && lseek(*fd, 0, SEEK_SET) == 0);
	fuzz_check(pwrite(*fd, data, size, 0) == (ssize_t)size);
}

const char *stage_file(unsigned int number, const uint8_t *data, size_t size)
{
	static int fds[STAGE_FILES];
	static char names[STAGE_FILES][32];

	fill(&fds[number], data, size);
	if (number == 0)
		fuzz_check(dup2(fds[0], STDIN_FILENO) == STDIN_FILENO);
	snprintf(names[number], sizeof(names[number]), "/proc/self/fd/%d", fds[number]);
	return number ? names[number] : "-";
}

/*
 * Open directory @name in @dir, and close @dir. Create the directory if it is missing. Return its
 * descriptor, or -1 on failure. Refuse "", "." and "..", so that nothing is created outside of the
 * tree.
 */
static int enter(int dir, const char *name)
{
	int fd = -1;

	if (*name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
		mkdirat(dir, name, 0700);
		fd = openat(dir, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	close(dir);
	return fd;
}

/* Write up to 8 KiB. A byte 1 stands for a 0, since a 0 would end the content of the member. */
static void write_content(int fd, const struct member *member)
{
	uint8_t block[8192];
	const size_t size = member->size < sizeof(block) ? member->size : sizeof(block);

	for (size_t i = 0; i < size; i++)
		block[i] = member->content[i] == 1 ? 0 : member->content[i];
	fuzz_check(write(fd, block, size) == (ssize_t)size);
	close(fd);
}

static int make_special_file(int dir, const char *name, uint8_t letter)
{
	switch (letter) {
	case 'd':
		return mkdirat(dir, name, 0700);
	case 'l':
		return symlinkat("../proc", dir, name);
	default:
		return mkfifoat(dir, name, 0600);
	}
}

static void make_last(int dir, const char *name, const struct member *member)
{
	const mode_t mode = member->letter == 'h' ? 0 : 0600;
	int fd;

	if (member->letter && strchr("dls", member->letter)) {
		make_special_file(dir, name, member->letter);
	} else {
		fd = openat(dir, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
		if (fd >= 0)
			write_content(fd, member);
	}
	close(dir);
}

static void make(const char *root, struct member *member)
{
	char *name = member->path, *slash;
	int dir = open(root, O_DIRECTORY | O_CLOEXEC);

	for (; dir >= 0 && (slash = strchr(name, '/')) != NULL; name = slash + 1) {
		*slash = '\0';
		dir = enter(dir, name);
	}
	if (dir >= 0)
		make_last(dir, name, member);
}

const char *stage_tree(unsigned int number, const uint8_t *data, size_t size)
{
	size_t at = 0;

	stage_file(number, data, 0);
	snprintf(trees[number], sizeof(trees[0]), "/dev/shm/fuzz-%d-%u", getpid(), number);
	fuzz_check(mkdir(trees[number], 0700) == 0);
	for (unsigned int i = 0; i < MAX_MEMBERS && at < size; i++) {
		struct member member;

		at += next_member(data + at, size - at, &member);
		make(trees[number], &member);
	}
	return trees[number];
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

/*
 * Redirect standard output to @out and standard error to /dev/null, or restore both if @out is
 * negative. Sanitizers always print to a copy of the original standard error.
 */
static void redirect(int out)
{
	static int saved[2], nowhere;

	for (int i = 0; i < 2 && !nowhere; i++)
		saved[i] = fcntl(1 + i, F_DUPFD_CLOEXEC, 3);
	if (!nowhere && __sanitizer_set_report_fd)
		__sanitizer_set_report_fd((void *)(intptr_t)saved[1]);
	if (!nowhere)
		nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	fflush(stdout);
	dup2(out < 0 ? saved[0] : out, 1);
	dup2(out < 0 ? saved[1] : nowhere, 2);
}

static void refuse_exit(void)
{
	if (!is_running)
		return;
	redirect(-1);
	fprintf(stderr, "the program called exit()\n");
	abort();
}

int stage_run(int (*run)(int argc, char **argv), int argc, char **argv, struct out *ret_out)
{
	static int out;
	char block[1 << 12];
	ssize_t count;
	int status;

	if (!out)
		fuzz_check(__real_atexit(refuse_exit) == 0);
	fill(&out, NULL, 0);
	redirect(out);
	is_running = true;
	status = run(argc, argv);
	is_running = false;
	redirect(-1);
	for (unsigned int i = 0; i < STAGE_FILES; i++)
		if (trees[i][0])
			nftw(trees[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
	memset(trees, 0, sizeof(trees));
	for (off_t at = 0; (count = pread(out, block, sizeof(block), at)) > 0; at += count)
		out_write(ret_out, block, (size_t)count);
	return status;
}
