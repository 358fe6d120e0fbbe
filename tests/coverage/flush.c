/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked into every program of a coverage build (see scripts/coverage), so that gcov hears of
 * processes that it would miss: those that end with _exit() or by a signal of their own, those
 * whose calls, files or rights a test takes away, and importers, which after confine_self()
 * can open nothing. Must not change what is measured otherwise.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void __gcov_dump(void);
void __gcov_reset(void);
_Noreturn void __real__exit(int status);
int __real_raise(int number);
/* Weak: most programs have no libseccomp, and never call this. */
int __real_seccomp_load(const void *filter) __attribute__((weak));
long __real_syscall(long number, ...);
_Noreturn void __wrap__exit(int status);
int __wrap_raise(int number);
int __wrap_seccomp_load(const void *filter);
long __wrap_syscall(long number, ...);

/*
 * The program is done. Its counts may be written: whatever fail.c of tests/failure, ulimit or
 * umask say. What libgcov says when it cannot is no message of the program.
 */
__attribute__((destructor(200))) static void make_way(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	void (*stop_failing)(void);
	int unseen;

	*(void **)&stop_failing = dlsym(RTLD_DEFAULT, "efimap_stop_failing");
	if (stop_failing)
		stop_failing();
	setrlimit(RLIMIT_FSIZE, &unlimited);
	/* A test that runs without rights adds to files that others have made. */
	umask(0);
	unseen = memfd_create("messages of libgcov", MFD_CLOEXEC);
	if (unseen >= 0)
		dup2(unseen, STDERR_FILENO);
}

void __wrap__exit(int status)
{
	make_way();
	__gcov_dump();
	__real__exit(status);
}

int __wrap_raise(int number)
{
	__gcov_dump();
	__gcov_reset();
	return __real_raise(number);
}

/* The test of confine_self() has another name: it is confined. */
static int is_importer(void)
{
	return strncmp(program_invocation_short_name, "import-", 7) == 0;
}

#define ARGUMENTS(last, a, n)                  \
	long a[n];                             \
	va_list args;                          \
	va_start(args, last);                  \
	for (unsigned int i = 0; i < (n); i++) \
		(a)[i] = va_arg(args, long);   \
	va_end(args);

/* As a kernel without seccomp and Landlock answers: what importers do is the same there. */
int __wrap_seccomp_load(const void *filter)
{
	return is_importer() ? -EINVAL : __real_seccomp_load(filter);
}

long __wrap_syscall(long number, ...)
{
	ARGUMENTS(number, a, 6)
	if (number == SYS_landlock_create_ruleset && is_importer()) {
		errno = ENOSYS;
		return -1;
	}
	return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
