/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library for LD_PRELOAD that makes one call fail, or waits before a call. run.py, change.py and
 * signals.py select the call and check the result.
 *
 * EFIMAP_FAIL is "KIND HOW AT ONWARDS FILE". The AT-th call of a KIND (read, open, write) fails as
 * HOW specifies (an error number, "short", or "pipe"). With ONWARDS=1, every later call of this
 * KIND also fails. FILE contains the number of calls, which all processes share. EFIMAP_SITES names
 * a file, which must already have its final size. For each call of this KIND, the library stores a
 * number in this file that identifies the call stack.
 *
 * With KIND "change", no call fails. Before the AT-th call that opens, reads or stats a file, the
 * library writes to descriptor HOW and waits for an answer on descriptor HOW + 1, while change.py
 * changes the input. With KIND "hold", the library waits in the same way before the AT-th call that
 * writes, while signals.py sends a signal.
 */
/* _FILE_OFFSET_BITS=64 would rename open() to open64(), which this library also defines. */
#undef _FILE_OFFSET_BITS
#undef _TIME_BITS
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))
#define HOW_SHORT (-1)
#define HOW_PIPE (-2)
#define MAX_FRAMES 32

/* The number of calls, which all processes share. NULL if no call fails. */
static uint64_t *tally;
static char kind;
static int how;
static uint64_t at;
static int onwards;
/* The content of the file of EFIMAP_SITES */
static uint64_t *sites;
static uint64_t n_sites;
static long (*real)(long number, ...);
static struct dirent64 *(*real_readdir)(DIR *dir);

void efimap_stop_failing(void);

static void prepare_sites(void)
{
	const char *path = getenv("EFIMAP_SITES");
	struct stat info;
	void *frame;
	int fd;

	if (!path)
		return;
	fd = (int)real(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) != 0)
		abort();
	sites = mmap(NULL, (size_t)info.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (sites == MAP_FAILED)
		abort();
	n_sites = (uint64_t)info.st_size / sizeof(*sites);
	close(fd);
	/* Make the first call of backtrace() now, because it allocates memory. */
	backtrace(&frame, 1);
}

__attribute__((constructor)) static void prepare(void)
{
	const char *wanted = getenv("EFIMAP_FAIL");
	char kinds[16], hows[16], path[256];
	unsigned long long number;
	int fd;

	*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	*(void **)&real_readdir = dlsym(RTLD_NEXT, "readdir64");
	if (!wanted || sscanf(wanted, "%15s %15s %llu %d %255[^\n]", kinds, hows, &number, &onwards,
			      path) != 5)
		return;
	kind = kinds[0];
	how = strcmp(hows, "short") == 0  ? HOW_SHORT
	      : strcmp(hows, "pipe") == 0 ? HOW_PIPE
					  : atoi(hows);
	at = number;
	fd = (int)real(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		abort();
	void *memory = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		abort();
	close(fd);
	prepare_sites();
	tally = memory;
}

/*
 * Let all later calls succeed. In a coverage build, tests/coverage/flush.c calls this function at
 * the end of a program, because writing the counters must not fail.
 */
PUBLIC void efimap_stop_failing(void)
{
	tally = NULL;
}

/* Notify the test before the AT-th call, and wait for its answer. */
static void wait_for_test(void)
{
	char byte = 0;

	if (__atomic_add_fetch(tally, 1, __ATOMIC_RELAXED) != at)
		return;
	if (real(SYS_write, how, &byte, 1) != 1 || real(SYS_read, how + 1, &byte, 1) != 1)
		abort();
}

static void note_site(uint64_t number)
{
	void *frames[MAX_FRAMES];
	const int count = backtrace(frames, MAX_FRAMES);
	uint64_t sum = 0;

	if (number > n_sites)
		abort();
	for (int i = 0; i < count; i++)
		sum = (sum ^ (uint64_t)(uintptr_t)frames[i]) * UINT64_C(0x100000001b3);
	sites[number - 1] = sum;
}

/*
 * Return whether a call of kind @of must fail. If so, set errno, and raise SIGPIPE for "pipe". With
 * KIND "change" or "hold", wait for the test at the AT-th call.
 */
static int fails(char of)
{
	uint64_t number;

	if (tally && ((kind == 'c' && strchr("ros", of)) || (kind == 'h' && of == 'w')))
		wait_for_test();
	if (!tally || kind != of)
		return 0;
	number = __atomic_add_fetch(tally, 1, __ATOMIC_RELAXED);
	if (sites)
		note_site(number);
	if (number != at && !(onwards && number > at))
		return 0;
	if (how == HOW_PIPE)
		raise(SIGPIPE);
	errno = how == HOW_PIPE ? EPIPE : how;
	return 1;
}

/* Return whether the call must fail. If it must be short instead, set @size to 1. */
static int is_cut(char of, size_t *size)
{
	if (how == HOW_SHORT && kind == of) {
		if (*size > 1 && fails(of))
			*size = 1;
		return 0;
	}
	return fails(of);
}

PUBLIC ssize_t read(int fd, void *data, size_t size)
{
	return is_cut('r', &size) ? -1 : real(SYS_read, fd, data, size);
}

PUBLIC ssize_t pread64(int fd, void *data, size_t size, off64_t offset)
{
	return is_cut('r', &size) ? -1 : real(SYS_pread64, fd, data, size, offset);
}

PUBLIC ssize_t write(int fd, const void *data, size_t size)
{
	/* Writes to standard error never fail. With "pipe", only writes to standard output fail. */
	if (fd != STDERR_FILENO && (how != HOW_PIPE || fd == STDOUT_FILENO) && is_cut('w', &size))
		return -1;
	return real(SYS_write, fd, data, size);
}

PUBLIC ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
	return is_cut('w', &size) ? -1 : real(SYS_pwrite64, fd, data, size, offset);
}

PUBLIC int fsync(int fd)
{
	return how > 0 && fails('w') ? -1 : (int)real(SYS_fsync, fd);
}

PUBLIC int ftruncate64(int fd, off64_t size)
{
	return how > 0 && fails('w') ? -1 : (int)real(SYS_ftruncate, fd, size);
}

PUBLIC int fchmod(int fd, mode_t mode)
{
	return how > 0 && fails('w') ? -1 : (int)real(SYS_fchmod, fd, mode);
}

PUBLIC int renameat(int from, const char *old, int to, const char *new)
{
	if (how > 0 && fails('w'))
		return -1;
	return (int)real(SYS_renameat2, from, old, to, new, 0);
}

static int open_with(int dir, const char *path, int flags, mode_t mode)
{
	return fails('o') ? -1 : (int)real(SYS_openat, dir, path, flags, mode);
}

#define MODE_OF(flags)                                                                             \
	mode_t mode = 0;                                                                           \
	if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                   \
		va_list args;                                                                      \
		va_start(args, flags);                                                             \
		mode = va_arg(args, mode_t);                                                       \
		va_end(args);                                                                      \
	}

PUBLIC int openat64(int dir, const char *path, int flags, ...)
{
	MODE_OF(flags)
	return open_with(dir, path, flags, mode);
}

PUBLIC int open64(const char *path, int flags, ...)
{
	MODE_OF(flags)
	return open_with(AT_FDCWD, path, flags, mode);
}

PUBLIC int open(const char *path, int flags, ...)
{
	MODE_OF(flags)
	return open_with(AT_FDCWD, path, flags, mode);
}

/* The program calls openat2() through this function. */
PUBLIC long syscall(long number, ...)
{
	long a[6];
	va_list args;

	va_start(args, number);
	for (unsigned int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_openat2 && fails('o'))
		return -1;
	if (number == SYS_getdents64 && how > 0 && fails('r'))
		return -1;
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

PUBLIC int stat64(const char *path, struct stat64 *st)
{
	return fails('s') ? -1 : (int)real(SYS_newfstatat, AT_FDCWD, path, st, 0);
}

PUBLIC int fstat64(int fd, struct stat64 *st)
{
	return fails('s') ? -1 : (int)real(SYS_newfstatat, fd, "", st, AT_EMPTY_PATH);
}

PUBLIC int fstatat64(int dir, const char *path, struct stat64 *st, int flags)
{
	return fails('s') ? -1 : (int)real(SYS_newfstatat, dir, path, st, flags);
}

PUBLIC struct dirent64 *readdir64(DIR *dir)
{
	return how > 0 && fails('r') ? NULL : real_readdir(dir);
}
