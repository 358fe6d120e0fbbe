/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Giving up rights. Must not know what an importer does with those that are left.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>

#include "confine.h"

/* An archive of 64 GiB takes some minutes; nothing takes more than some 100 MiB. */
#define MAX_CPU_SECONDS 3600
#define MAX_MEMORY ((rlim_t)8 << 30)

/*
 * Sanitizers need far more calls and address space than what they watch, and in the end
 * the file system, to look for leaks: a sanitized build only shows that it is harmless.
 */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static int fail(struct efimap_err *err, const char *what)
{
	const int code = errno;

	return efimap_err_set(err, code, NULL, "cannot give up %s: %s", what, strerror(code));
}

static int limit(int resource, rlim_t most)
{
	struct rlimit limits;

	if (getrlimit((__rlimit_resource_t)resource, &limits))
		return -1;
	if (limits.rlim_max > most)
		limits.rlim_max = most;
	if (limits.rlim_cur > limits.rlim_max)
		limits.rlim_cur = limits.rlim_max;
	return setrlimit((__rlimit_resource_t)resource, &limits);
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return (int)syscall(SYS_capset, &header, none);
}

/* All that the first version knows: opening, making and removing files, executing. */
static void close_files(void)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1,
	};
	const int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	if (fd < 0)
		return;
	/* Without a rule nothing of it is allowed. */
	syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
}

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__i386__)
#define ARCH AUDIT_ARCH_I386
#endif

#if CONFINE_HAS_FILTER
/* Reading, writing, memory, the clock, and the end. */
static const int allowed[] = {
	SYS_read, SYS_readv, SYS_pread64, SYS_write, SYS_writev, SYS_lseek, SYS_close,
	SYS_fstat, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect,
	SYS_madvise, SYS_brk, SYS_futex, SYS_sched_yield, SYS_getpid, SYS_gettid,
	SYS_getrandom, SYS_clock_gettime, SYS_gettimeofday, SYS_sysinfo, SYS_prlimit64,
	SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigaction, SYS_tgkill,
	SYS_restart_syscall, SYS_exit, SYS_exit_group,
#ifdef SYS_newfstatat
	SYS_newfstatat,
#else
	/* With 32 bits, what takes offsets and times of 64 has names of its own. */
	SYS__llseek, SYS_fstat64, SYS_fstatat64, SYS_statx, SYS_mmap2, SYS_ugetrlimit,
	SYS_clock_gettime64, SYS_futex_time64,
#endif
};

#define N_ALLOWED (sizeof(allowed) / sizeof(allowed[0]))

static struct sock_filter load(size_t offset)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

static struct sock_filter end(uint32_t action)
{
	return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action);
}

static struct sock_filter skip_unless(uint32_t value)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
}

/* What is not allowed fails: libraries have other ways where they can, and errors else. */
static int filter_calls(void)
{
	struct sock_filter filter[2 * N_ALLOWED + 5];
	struct sock_fprog program = { .filter = filter };
	unsigned short used = 0;

	filter[used++] = load(offsetof(struct seccomp_data, arch));
	filter[used++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	filter[used++] = end(SECCOMP_RET_KILL_PROCESS);
	filter[used++] = load(offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < N_ALLOWED; i++) {
		filter[used++] = skip_unless((uint32_t)allowed[i]);
		filter[used++] = end(SECCOMP_RET_ALLOW);
	}
	filter[used++] = end(SECCOMP_RET_ERRNO | EPERM);
	program.len = used;
	if (!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 0;
	/* A kernel without seccomp, or a sandbox that does not let another be made. */
	return errno == EINVAL || errno == ENOSYS ? 0 : -1;
}
#else
static int filter_calls(void)
{
	return 0;
}
#endif

int confine_self(struct efimap_err *err)
{
	if (limit(RLIMIT_CORE, 0) || limit(RLIMIT_CPU, MAX_CPU_SECONDS))
		return fail(err, "processor time");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail(err, "new privileges");
	if (IS_SANITIZED)
		return 0;
	if (limit(RLIMIT_AS, MAX_MEMORY))
		return fail(err, "memory");
	close_files();
	if (drop_capabilities())
		return fail(err, "capabilities");
	if (filter_calls())
		return fail(err, "system calls");
	return 0;
}
