/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make gcov count processes that it would miss: those that end with _exit() or by their own signal,
 * those whose calls, files or permissions a test restricts, and importers, which cannot open files
 * after confine_self(). scripts/coverage links this file into every program, and it must not change
 * the programs in other ways.
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
/* Most programs neither link libseccomp nor call seccomp_load(). */
int __real_seccomp_load(const void *filter) __attribute__((weak));
long __real_syscall(long number, ...);
_Noreturn void __wrap__exit(int status);
int __wrap_raise(int number);
int __wrap_seccomp_load(const void *filter);
long __wrap_syscall(long number, ...);

/*
 * At the end of the program, remove the restrictions of tests/failure/fail.c, ulimit and umask, so
 * that the counters can be written. Discard messages of libgcov.
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
	/* Tests that do not run as root must be able to write to files that root has created. */
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

/*
 * Return whether the program is an importer. The test of confine_self() has another name, so its
 * sandbox is kept.
 */
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

/* In importers, fail as in a kernel without seccomp and Landlock. */
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
