/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make gcov count processes that it would miss: those that end with _exit() or by their own signal,
 * and those whose calls, files or permissions a test restricts. scripts/coverage links this file
 * into every program, and it must not change the programs in other ways.
 */
#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void __gcov_dump(void);
void __gcov_reset(void);
_Noreturn void __real__exit(int status);
int __real_raise(int number);
_Noreturn void __wrap__exit(int status);
int __wrap_raise(int number);

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
