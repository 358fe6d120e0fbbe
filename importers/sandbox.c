/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/landlock.h>

#include "sandbox.h"

#if CONFINE_HAS_FILTER
#include <seccomp.h>
#endif

/*
 * CPU time limit in seconds. For the largest output that archive/import_archive.c allows, bzip2
 * needs five minutes and xz less than three. A machine that is three times slower stays within the
 * limit.
 */
#define MAX_CPU_SECONDS 900
/*
 * Address space limit in bytes. Real input needs at most 192 MiB: 128 MiB for zstd --ultra and
 * 64 MiB for a log.
 */
#define MAX_MEMORY ((rlim_t)512 << 20)

/*
 * AddressSanitizer needs many more system calls and much more address space than the program
 * itself, and opens files at exit. A build with AddressSanitizer is therefore less restricted.
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

static int fail_to_restrict(struct efimap_err *err, const char *what)
{
	const int code = errno;

	return efimap_err_set(err, code, NULL, "cannot restrict %s: %s", what, strerror(code));
}

static int lower_limit(int resource, rlim_t most)
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

/*
 * Access rights that Landlock can deny, and the first ABI version that has them. The bits are
 * copied from include/uapi/linux/landlock.h, because installed headers are often older than the
 * kernel.
 */
enum right_kind { RIGHT_FS, RIGHT_NET, RIGHT_SCOPE, N_RIGHT_KINDS };

static const struct right {
	int version;
	enum right_kind kind;
	uint64_t bits;
} rights[] = {
	{ 1, RIGHT_FS, (1 << 13) - 1 },	/* Linux 5.13: execute, open, make, remove */
	{ 2, RIGHT_FS, 1 << 13 },	/* 5.19: LANDLOCK_ACCESS_FS_REFER */
	{ 3, RIGHT_FS, 1 << 14 },	/* 6.2: LANDLOCK_ACCESS_FS_TRUNCATE */
	{ 4, RIGHT_NET, 1 << 0 },	/* 6.7: LANDLOCK_ACCESS_NET_BIND_TCP */
	{ 4, RIGHT_NET, 1 << 1 },	/* 6.7: LANDLOCK_ACCESS_NET_CONNECT_TCP */
	{ 5, RIGHT_FS, 1 << 15 },	/* 6.10: LANDLOCK_ACCESS_FS_IOCTL_DEV */
	{ 6, RIGHT_SCOPE, 1 << 0 },	/* 6.12: LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET */
	{ 6, RIGHT_SCOPE, 1 << 1 },	/* 6.12: LANDLOCK_SCOPE_SIGNAL */
};

/*
 * Use Landlock to deny file access, TCP connections, connections to abstract UNIX sockets, and
 * signals to other processes. The array "handled" has the layout of struct landlock_ruleset_attr. A
 * kernel whose structure is shorter accepts the array if the additional elements are 0.
 */
static void deny_access(void)
{
	const long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
				     LANDLOCK_CREATE_RULESET_VERSION);
	uint64_t handled[N_RIGHT_KINDS] = { 0 };
	int fd;

	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++)
		if (rights[i].version <= version)
			handled[rights[i].kind] |= rights[i].bits;
	fd = (int)syscall(SYS_landlock_create_ruleset, handled, sizeof(handled), 0);
	if (fd < 0)
		return;
	/* The ruleset has no rules, so all handled rights are denied. */
	syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
}

#if CONFINE_HAS_FILTER
/*
 * The registers that hold the arguments and the result of newfstatat() (on i386: fstatat64()).
 * STATUS_OF_FD is the system call that returns the same structure for a file descriptor.
 */
#if defined(__x86_64__)
#define REGISTER(context, name) ((context)->uc_mcontext.gregs[REG_##name])
#define STATUS_FD(context) REGISTER(context, RDI)
#define STATUS_PATH(context) REGISTER(context, RSI)
#define STATUS_BUFFER(context) REGISTER(context, RDX)
#define STATUS_RESULT(context) REGISTER(context, RAX)
#elif defined(__i386__)
#define REGISTER(context, name) ((context)->uc_mcontext.gregs[REG_##name])
#define STATUS_FD(context) REGISTER(context, EBX)
#define STATUS_PATH(context) REGISTER(context, ECX)
#define STATUS_BUFFER(context) REGISTER(context, EDX)
#define STATUS_RESULT(context) REGISTER(context, EAX)
#elif defined(__aarch64__)
#define STATUS_FD(context) ((context)->uc_mcontext.regs[0])
#define STATUS_PATH(context) ((context)->uc_mcontext.regs[1])
#define STATUS_BUFFER(context) ((context)->uc_mcontext.regs[2])
#define STATUS_RESULT(context) ((context)->uc_mcontext.regs[0])
#endif
#ifdef SYS_fstat64
#define STATUS_OF_FD SYS_fstat64
#else
#define STATUS_OF_FD SYS_fstat
#endif

/*
 * Emulate newfstatat() with AT_EMPTY_PATH, which glibc 2.33 to 2.38 uses for fstat() (on i386:
 * fstatat64(), also in later versions). The filter cannot tell whether the path is empty, so it
 * always traps the call. This handler calls fstat() if the path is empty. Otherwise, the call fails
 * with EPERM.
 */
static void emulate_newfstatat(int signal, siginfo_t *info, void *data)
{
	ucontext_t *context = data;
	const char *path = (const char *)STATUS_PATH(context);
	const int saved = errno;
	long ret = -EPERM;

	if (*path == '\0') {
		ret = syscall(STATUS_OF_FD, STATUS_FD(context), STATUS_BUFFER(context));
		if (ret)
			ret = -errno;
	}
	errno = saved;
	STATUS_RESULT(context) = (__typeof__(STATUS_RESULT(context)))ret;
}

/*
 * System calls that are allowed with any arguments. mremap() is one of them, because it does not
 * change the protection of memory. libseccomp ignores calls that the architecture does not have.
 */
static const int allowed_calls[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(fstat64),
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk),
	SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(sched_yield),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getrandom), SCMP_SYS(ugetrlimit),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday),
	SCMP_SYS(sysinfo), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigaction), SCMP_SYS(restart_syscall),
	SCMP_SYS(exit), SCMP_SYS(exit_group),
};

#define NO_CODE SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)

static int allow_calls(scmp_filter_ctx filter)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(allowed_calls) / sizeof(allowed_calls[0]) && !ret; i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
	return ret;
}

/*
 * Allow this process to map memory and to change its protection, both without PROT_EXEC, to send
 * signals to itself (for abort()), and to read its own resource limits.
 */
static int allow_calls_by_argument(scmp_filter_ctx filter)
{
	const scmp_datum_t self = (scmp_datum_t)getpid();
	int ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, NO_CODE);

#ifdef SYS_mmap2
	/*
	 * On i386, the arguments of mmap() are in memory, where a filter cannot read them, so only
	 * mmap2() is allowed.
	 */
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap2), 1, NO_CODE);
#else
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, NO_CODE);
#endif
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				       SCMP_A0_64(SCMP_CMP_EQ, self));
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
				       SCMP_A0_64(SCMP_CMP_EQ, 0), SCMP_A2_64(SCMP_CMP_EQ, 0));
	return ret;
}

/*
 * Trap newfstatat() and fstatat64() with AT_EMPTY_PATH, so that emulate_newfstatat() handles them.
 * Let statx() fail with ENOSYS, so that glibc on 32-bit machines uses fstatat64().
 */
static int replace_status_calls(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp empty_path = SCMP_A3_64(SCMP_CMP_EQ, AT_EMPTY_PATH);
	int ret = seccomp_rule_add(filter, SCMP_ACT_TRAP, SCMP_SYS(newfstatat), 1, empty_path);

	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_TRAP, SCMP_SYS(fstatat64), 1, empty_path);
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(statx), 0);
	return ret;
}

static int load_filter(scmp_filter_ctx filter)
{
	/*
	 * With this attribute, libseccomp returns the kernel's error code, by which filter_calls()
	 * detects a kernel without seccomp.
	 */
	int ret = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);

	if (!ret)
		ret = allow_calls(filter);
	if (!ret)
		ret = allow_calls_by_argument(filter);
	if (!ret)
		ret = replace_status_calls(filter);
	return ret ? ret : seccomp_load(filter);
}

static int filter_calls(void)
{
	const struct sigaction action = { .sa_sigaction = emulate_newfstatat,
					  .sa_flags = SA_SIGINFO };
	scmp_filter_ctx filter;
	int ret;

	if (sigaction(SIGSYS, &action, NULL))
		return -1;
	/* System calls without a rule fail. Libraries use an alternative or report the error. */
	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter) {
		errno = ENOMEM;
		return -1;
	}
	ret = load_filter(filter);
	seccomp_release(filter);
	/* Continue if the kernel has no seccomp, or if an outer sandbox forbids filters. */
	if (ret == 0 || ret == -EINVAL || ret == -ENOSYS)
		return 0;
	errno = -ret;
	return -1;
}
#else
static int filter_calls(void)
{
	return 0;
}
#endif

int confine_self(struct efimap_err *err)
{
	if (lower_limit(RLIMIT_CORE, 0) || lower_limit(RLIMIT_CPU, MAX_CPU_SECONDS))
		return fail_to_restrict(err, "processor time");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail_to_restrict(err, "new privileges");
	if (IS_SANITIZED)
		return 0;
	if (lower_limit(RLIMIT_AS, MAX_MEMORY))
		return fail_to_restrict(err, "memory");
	/*
	 * If core_pattern is a pipe, a core dump is written regardless of RLIMIT_CORE. A core dump
	 * may contain secrets.
	 */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return fail_to_restrict(err, "core dumps");
	deny_access();
	if (drop_capabilities())
		return fail_to_restrict(err, "capabilities");
	if (filter_calls())
		return fail_to_restrict(err, "system calls");
	return 0;
}
